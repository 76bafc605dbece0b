import type { Queries } from '@daybook/engine';

/** What the API reads of the log: the reader beside the writer, or the writer's own store. */
export type LogReader = Pick<Queries['reader'], 'readStream' | 'readAll' | 'subscribe' | 'head'>;
