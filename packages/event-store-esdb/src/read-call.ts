import type { ReadReq, ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { StoredEvent } from '@daybook/event-store';
import type { Connection, ReadCall } from './connection.js';
import { storedEventOf } from './recorded-event.js';

/** The events of one answered read, in its order; undefined when the stream does not exist. */
export type ReadAnswer = readonly StoredEvent[] | undefined;

const eventOf = (response: ReadResp): StoredEvent | undefined => {
  const recorded = response.getEvent()?.getEvent();
  return recorded === undefined ? undefined : storedEventOf(recorded);
};

const collect = (call: ReadCall): Promise<ReadAnswer> =>
  new Promise((resolve, reject) => {
    const events: StoredEvent[] = [];
    let found = true;
    // A listener for errors stays for as long as the call lives: without one the process would end.
    call.on('error', reject);
    call.on('end', () => resolve(found ? events : undefined));
    call.on('data', (response: ReadResp) => {
      try {
        if (response.hasStreamNotFound()) found = false;
        const event = eventOf(response);
        if (event !== undefined) events.push(event);
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
