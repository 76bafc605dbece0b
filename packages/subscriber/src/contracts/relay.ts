// Written by write-contracts.mjs from the contracts of the publisher.
import * as t from 'io-ts';

export const relay = {
  'daybook.relay.event-unpublishable.v1': t.type({
    reason: t.keyof({
      'not-decodable': null,
      'foreign-stream': null,
      'too-large': null,
      'not-valid': null,
    }),
    storedType: t.string,
  }),
};
