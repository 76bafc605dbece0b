import type { ReadReq } from '@eventstore/db-client/generated/streams_pb.js';
import type { StoredEvent } from '@daybook/event-store';
import type { Connection, ReadCall } from './connection.js';
import { readMessageOf } from './wire/read-response.js';

/** The events of one answered read, in its order; undefined when the stream does not exist. */
export type ReadAnswer = readonly StoredEvent[] | undefined;

const collect = (call: ReadCall): Promise<ReadAnswer> =>
  new Promise((resolve, reject) => {
    const events: StoredEvent[] = [];
    let found = true;
    // A listener for errors stays for as long as the call lives: without one the process would end.
    call.on('error', reject);
    call.on('end', () => resolve(found ? events : undefined));
    call.on('data', (bytes: Buffer) => {
      try {
        const message = readMessageOf(bytes);
        if (message.kind === 'not-found') found = false;
        if (message.kind === 'event') events.push(message.event);
      } catch (error) {
        reject(error instanceof Error ? error : new Error('The event store sent no event.'));
        call.cancel();
      }
    });
  });

/**
 * One read of a bounded number of events, to its end. A page is a call of its own, so that no call is open while
 * the reader works or after it stopped: the client's own streams leave theirs open when a `for await` is left.
 */
export const readEvents = async (
  connection: Connection,
  request: ReadReq,
  deadlineMs: number,
): Promise<ReadAnswer> =>
  // Only the leader is sure to have what this client was told is written.
  collect(await connection.read(request, { requiresLeader: true, deadlineMs }));
