import { pino, type Logger } from 'pino';

/** Lines of a node on standard error: names, codes and numbers, and never text of a session. */
export const logAt = (level: string): Logger => pino({ level }, pino.destination(2));
