import { Word } from '@daybook/domain/kernel';
import * as t from 'io-ts';
import { Token } from './values.js';

/** Why an event of a published type could not leave as itself. */
export const UnpublishableReason = Word(
  'not-decodable',
  'foreign-stream',
  'too-large',
  'not-valid',
);
export type UnpublishableReason = t.TypeOf<typeof UnpublishableReason>;

/**
 * What is sent in place of an event that cannot be: subscribers see that there is one at this position,
 * and nothing waits for it for ever.
 */
export const unpublishable = {
  type: 'daybook.relay.event-unpublishable.v1',
  context: 'relay',
  event: 'event-unpublishable',
  version: 1,
  storedType: undefined,
  summary:
    'In place of an event that could not be published; an operator has been told, and its position is `sequence`.',
  data: t.strict({ reason: UnpublishableReason, storedType: Token }),
  dataref: undefined,
} as const;
