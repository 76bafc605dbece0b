import { law } from '@daybook/testing';
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import {
  session,
  sessionEvents,
  type SessionCommand,
  type SessionEvent,
  type SessionState,
} from '../../src/session-insights/index.js';
import {
  allow,
  answer,
  asking,
  assist,
  both,
  bothAllowed,
  byPolicy,
  capture,
  denied,
  end,
  optionOff,
  policyLost,
  reconsider,
  refuse,
  standing,
  start,
  timeOut,
  withdraw,
} from './builders.js';

/*
 * Laws over arbitrary interleavings of all commands at arbitrary instants: late, early, repeated, with
 * whatever facts. What may be in the log is computed from the events alone.
 */
const facts = fc.constantFrom(
  asking,
  both,
  bothAllowed,
  byPolicy,
  denied,
  optionOff,
  policyLost,
  standing,
);
const seconds = fc.integer({ min: -5, max: 100 });
const trigger = fc.constantFrom('assistant' as const, 'summary' as const);
const itemId = fc.constantFrom('i1', 'i2', 'i3', 'i4', 'i5');
const revision = fc.integer({ min: 1, max: 3 });

const often = (
  weight: number,
  arbitrary: fc.Arbitrary<SessionCommand>,
): fc.WeightedArbitrary<SessionCommand> => ({ weight, arbitrary });
const word = fc.constantFrom('allowed' as const, 'refused' as const);
const chargeId = fc.constantFrom('c1', 'c2');
const later = fc.integer({ min: 30, max: 120 });

const command: fc.Arbitrary<SessionCommand> = fc.oneof(
  often(
    4,
    fc.tuple(word, seconds, facts).map((args) => answer(...args)),
  ),
  often(
    1,
    fc.tuple(seconds, facts).map((args) => timeOut(...args)),
  ),
  often(
    2,
    fc.tuple(seconds, facts).map((args) => withdraw(...args)),
  ),
  often(
    4,
    fc.tuple(seconds, facts, revision).map((args) => reconsider(...args)),
  ),
  often(
    12,
    fc.tuple(seconds, itemId).map((args) => capture(...args)),
  ),
  often(
    8,
    fc.tuple(seconds, itemId).map((args) => assist(...args)),
  ),
  often(
    4,
    fc.tuple(seconds, chargeId, trigger).map((args) => allow(...args)),
  ),
  often(
    2,
    fc.tuple(seconds, trigger).map((args) => refuse(...args)),
  ),
  often(
    1,
    fc.tuple(later, facts).map((args) => end(...args)),
  ),
  often(1, facts.map(start)),
);
const run = fc
  .tuple(facts, fc.array(command, { minLength: 5, maxLength: 40, size: 'max' }))
  .map(([first, rest]) => [start(first), ...rest]);

const foldAll = (events: readonly SessionEvent[]): SessionState => {
  let state = session.initialState();
  for (const event of events) state = session.evolve(state, event);
  return state;
};

const decideAll = (commands: readonly SessionCommand[]): readonly SessionEvent[] => {
  const events: SessionEvent[] = [];
  let state = session.initialState();
  for (const one of commands) {
    const decision = session.decide(one, state);
    if (E.isLeft(decision)) continue;
    for (const event of decision.right) {
      events.push(event);
      state = session.evolve(state, event);
    }
  }
  return events;
};

const isText = ({ type }: SessionEvent): boolean =>
  type === 'ContentCaptured' || type === 'AssistantMessageAnswered';
const isNo = ({ type }: SessionEvent): boolean =>
  type === 'ConsentRefused' || type === 'ConsentTimedOut' || type === 'ConsentWithdrawn';
const isDecided = (
  event: SessionEvent,
): event is Extract<SessionEvent, { type: 'EligibilityDecided' }> =>
  event.type === 'EligibilityDecided';

/** Since when the basis of the latest decision has held without a break; null when there is none. */
const openSince = (before: readonly SessionEvent[]): number | null => {
  const decisions = before.filter(isDecided);
  const basis = decisions.at(-1)?.data.basis ?? null;
  let since: number | null = null;
  for (const { data } of decisions.reverse()) {
    if (basis === null || data.basis !== basis) break;
    since = data.decidedAt;
  }
  return since;
};

const counted = (events: readonly SessionEvent[], ...types: SessionEvent['type'][]): number =>
  events.filter(({ type }) => types.includes(type)).length;

/** What is wrong with a text event after these, or null. */
const faultOf = (
  event: SessionEvent & { data: { at: number } },
  before: readonly SessionEvent[],
): string | null => {
  const since = openSince(before);
  if (since === null) return 'no basis';
  if (event.data.at < since) return 'older than the basis';
  if (counted(before, 'SessionEnded') > 0) return 'after the end';
  const basis = before.filter(isDecided).at(-1)?.data.basis;
  if (before.some(isNo) && basis !== 'policy') return 'after a no';
  if (event.type !== 'AssistantMessageAnswered') return null;
  const aiUse = before.filter(({ type }) => type.startsWith('AiUse')).at(-1);
  return aiUse?.type === 'AiUseAllowed' ? null : 'no charge';
};

describe('whatever happens in whatever order', () => {
  law(
    'no session text is in the log without a basis at its time, after a no, or after the end',
    (trial) => {
      let texts = 0;
      fc.assert(
        fc.property(run, (commands) => {
          const events = decideAll(commands);
          for (const [index, event] of events.entries()) {
            if (!isText(event)) continue;
            texts += 1;
            const fault = faultOf(event as Parameters<typeof faultOf>[0], events.slice(0, index));
            expect({ fault, events }).toStrictEqual({ fault: null, events });
          }
        }),
        trial,
      );
      expect(texts).toBeGreaterThan(trial.numRuns / 3);
    },
  );
  law(
    'the remote side is asked once at most and answers once at most, after the question',
    (trial) => {
      fc.assert(
        fc.property(run, (commands) => {
          const events = decideAll(commands);
          const answers = ['ConsentGranted', 'ConsentRefused', 'ConsentTimedOut'] as const;
          const questions = counted(events, 'ConsentRequested');
          expect(questions).toBeLessThanOrEqual(1);
          expect(counted(events, ...answers)).toBeLessThanOrEqual(questions);
          expect(counted(events, 'ConsentWithdrawn')).toBeLessThanOrEqual(1);
          const question = events.findIndex(({ type }) => type === 'ConsentRequested');
          const first = events.findIndex(({ type }) =>
            counted([{ type } as SessionEvent], ...answers),
          );
          expect(first < 0 || first > question).toBe(true);
        }),
        trial,
      );
    },
  );
  law('an accepted command that comes again changes nothing', (trial) => {
    fc.assert(
      fc.property(run, (commands) => {
        let state = session.initialState();
        for (const one of commands) {
          const decision = session.decide(one, state);
          if (E.isLeft(decision)) continue;
          for (const event of decision.right) state = session.evolve(state, event);
          expect(session.decide(one, state)).toStrictEqual(E.right([]));
        }
      }),
      trial,
    );
  });
  law(
    'a run that comes again as a whole adds no text, no answer, no charge and no end',
    (trial) => {
      fc.assert(
        fc.property(run, (commands) => {
          const events = decideAll([...commands, ...commands]);
          const keys = events.flatMap((event) => {
            if (event.type === 'ContentCaptured') return [`item ${event.data.itemId}`];
            if (event.type === 'AssistantMessageAnswered')
              return [`answer ${event.data.messageId}`];
            if (event.type === 'AiUseAllowed') return [`charge ${event.data.chargeId}`];
            return event.type === 'SessionEnded' ? ['end'] : [];
          });
          expect(keys).toStrictEqual([...new Set(keys)]);
        }),
        trial,
      );
    },
  );
  law('what is destroyed is all that was kept, and is counted', (trial) => {
    fc.assert(
      fc.property(run, (commands) => {
        let kept = 0;
        for (const event of decideAll(commands)) {
          if (isText(event)) kept += 1;
          if (event.type !== 'CapturedContentDestroyed') continue;
          expect(event.data.items).toBe(kept);
          kept = 0;
        }
      }),
      trial,
    );
  });
  law('the state follows from the stored events alone, after every one of them', (trial) => {
    const stored = (event: SessionEvent): SessionEvent => {
      const codec = sessionEvents[event.type];
      const data: unknown = JSON.parse(JSON.stringify(codec.encode(event.data as never)));
      const decoded = codec.decode(data);
      if (E.isLeft(decoded)) throw new Error(`${event.type} does not decode`);
      return { type: event.type, data: decoded.right } as SessionEvent;
    };
    fc.assert(
      fc.property(run, (commands) => {
        let live = session.initialState();
        const log: SessionEvent[] = [];
        for (const one of commands) {
          const decision = session.decide(one, live);
          for (const event of E.isLeft(decision) ? [] : decision.right) {
            live = session.evolve(live, event);
            log.push(stored(event));
            expect(foldAll(log)).toStrictEqual(live);
          }
        }
      }),
      trial,
    );
  });
});
