/** What a server may say in a subscription beyond the events in order, and what a reader is told of it. */
import type { StoredEvent } from '@daybook/event-store';
import { makeClosing } from '../src/closing.js';
import { makeLivePages } from '../src/live-pages.js';
import type { MessageSource } from '../src/message-source.js';
import { planFilter } from '../src/read-request.js';
import type { ReadMessage } from '../src/wire/read-response.js';

const event = (position: number): ReadMessage => {
  const id = `00000000-0000-4000-8000-${String(position).padStart(12, '0')}`;
  const noted = { id, type: 'NoteTaken', data: '{}', metadata: '{}', stream: 'note-1' };
  const stored: StoredEvent = { ...noted, revision: position - 1, position, recordedAt: 1 };
  return { kind: 'event', event: stored };
};
const checkpoint = (position: number): ReadMessage => ({ kind: 'checkpoint', position });
const caughtUp: ReadMessage = { kind: 'caught-up' };
const fellBehind: ReadMessage = { kind: 'fell-behind' };
/** For now there is nothing more. */
const pause = 'pause' as const;

const sourceOf = (script: readonly (ReadMessage | typeof pause)[]): MessageSource => {
  const left = [...script];
  return {
    takeNow: () => {
      const next = left.shift();
      return next === undefined || next === pause ? null : next;
    },
    waitFor: () => Promise.resolve(left.length > 0 && left[0] !== pause),
    cancel: () => undefined,
  };
};

const pagesOf = async (
  script: readonly (ReadMessage | typeof pause)[],
  pages: number,
): Promise<readonly (readonly [readonly number[], number, boolean])[]> => {
  const live = makeLivePages({
    source: sourceOf(script),
    plan: planFilter({}),
    after: 10,
    count: 3,
    closing: makeClosing(),
    silenceMsMax: 1_000,
  });
  const seen: (readonly [readonly number[], number, boolean])[] = [];
  for (let n = 0; n < pages; n += 1) {
    const page = await live.next();
    if (page === undefined) break;
    const positions = page.events.map(({ position }) => position);
    seen.push([positions, page.checkpoint, page.caughtUp]);
  }
  return seen;
};

it('what was handled and comes again is passed over', async () => {
  const script = [event(9), event(10), event(11), event(11), event(12), caughtUp];
  expect(await pagesOf(script, 1)).toStrictEqual([[[11, 12], 12, true]]);
});

it('a checkpoint that is repeated, or behind what was handled, moves nothing back', async () => {
  const script = [event(12), checkpoint(12), checkpoint(11), caughtUp];
  expect(await pagesOf(script, 1)).toStrictEqual([[[12], 12, true]]);
});

it('who falls behind is told so until nothing is left again', async () => {
  const script = [
    event(11),
    caughtUp,
    pause,
    fellBehind,
    event(12),
    pause,
    pause,
    event(13),
    caughtUp,
  ];
  expect(await pagesOf(script, 3)).toStrictEqual([
    [[11], 11, true],
    [[12], 12, false],
    [[13], 13, true],
  ]);
});
