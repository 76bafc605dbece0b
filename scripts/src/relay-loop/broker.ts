import { type Broker, defaultStream, makeNatsBroker } from '@daybook/publisher';

/** The relay's broker on a local server; a dedupe window of a second, so that nothing rests on it. */
export const brokerAt = (url: string, writer: string): Broker =>
  makeNatsBroker({
    servers: [url],
    credentials: { kind: 'none' },
    stream: { ...defaultStream, duplicateWindowMs: 1_000 },
    writer,
    timeoutMs: 2_000,
  });
