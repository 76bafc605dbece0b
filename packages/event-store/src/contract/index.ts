/**
 * The contract of the store port as tests. One suite over every adapter, without options: what it asks, a
 * program may rely on, and no more — positions may have gaps, and only what one handle acknowledged must be
 * visible to that handle.
 */
import { describeAppending } from './appending.js';
import { describeModel } from './model.js';
import { describeReading } from './reading.js';
import type { MakeStore } from './subject.js';
import { describeSubscribing } from './subscribing.js';

export type { MakeStore, StoreUnderTest } from './subject.js';

/** Call it at the top of a test file; `make` is asked for a new, empty store for each test. */
export const describeEventStoreContract = (name: string, make: MakeStore): void => {
  describe(`${name}, as an event store`, () => {
    describe('when events are appended', () => describeAppending(make));
    describe('when events are read', () => describeReading(make));
    describe('when a subscription follows the log', () => describeSubscribing(make));
    describe('when compared with a model', () => describeModel(make));
  });
};
