import * as E from 'fp-ts/lib/Either.js';
import { law } from '@daybook/testing';
import fc from 'fast-check';
import {
  summary,
  type SummaryBody,
  type SummaryCommand,
  type SummaryEvent,
  type SummaryState,
} from '../../src/summaries/index.js';

/* Laws over arbitrary runs of commands: stale, repeated, after the deletion. */
const line = fc.constantFrom('one two', 'three four', 'five six', '');
const lines = fc.array(line, { maxLength: 2 });
const body: fc.Arbitrary<SummaryBody> = fc.record({
  title: line,
  problem: line,
  steps: lines,
  result: line,
  followUps: lines,
  tags: lines,
});
const changes = fc.record({ title: line, steps: lines }, { requiredKeys: [] });
const revision = fc.integer({ min: 0, max: 6 });
const time = fc.integer({ min: 1, max: 9 });

const command: fc.Arbitrary<SummaryCommand> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc
      .tuple(revision, body, time)
      .map<SummaryCommand>(([changedRevision, text, at]) => ({
        type: 'GenerateSummary',
        changedRevision,
        summary: {
          sessionId: 's1',
          supporterId: null,
          deviceId: null,
          model: 'm',
          promptVersion: 'p',
          language: 'en',
          generatedAt: at,
        },
        body: text,
      })),
  },
  {
    weight: 8,
    arbitrary: fc
      .tuple(revision, changes, fc.constantFrom('u1', 'u2'), time)
      .map<SummaryCommand>(([changedRevision, some, id, editedAt]) => ({
        type: 'EditSummary',
        changedRevision,
        actor: { kind: 'administrator', id },
        editedAt,
        changes: some,
      })),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 4 }), time)
      .map<SummaryCommand>(([attempt, failedAt]) => ({
        type: 'RecordSummaryFailure',
        sessionId: 's1',
        reason: 'r',
        failedAt,
        attempt,
      })),
  },
  {
    weight: 1,
    arbitrary: time.map<SummaryCommand>((deletedAt) => ({
      type: 'DeleteSummary',
      actor: { kind: 'supporter', id: 'u1' },
      deletedAt,
    })),
  },
);
const run = fc.array(command, { maxLength: 40, size: 'max' });

type Step = Readonly<{
  command: SummaryCommand;
  before: SummaryState;
  decision: ReturnType<typeof summary.decide>;
  after: SummaryState;
}>;

const stepsOf = (commands: readonly SummaryCommand[]): readonly Step[] => {
  let state = summary.initialState();
  return commands.map((one) => {
    const before = state;
    const decision = summary.decide(one, before);
    state = (E.isLeft(decision) ? [] : decision.right).reduce(summary.evolve, before);
    return { command: one, before, decision, after: state };
  });
};

const eventsOf = (commands: readonly SummaryCommand[]): readonly SummaryEvent[] =>
  stepsOf(commands).flatMap(({ decision }) => (E.isLeft(decision) ? [] : decision.right));

describe('whatever is done to a summary', () => {
  law('revisions follow each other without gap, each naming the one before', (trial) => {
    fc.assert(
      fc.property(run, (commands) => {
        let latest = 0;
        for (const { type, data } of eventsOf(commands)) {
          if (type === 'SummaryFailed') continue;
          if (type === 'SummaryDeleted') expect(data.lastRevision).toBe(latest);
          else {
            latest += 1;
            expect(data.revision).toBe(latest);
          }
          if (type === 'SummaryEdited') expect(data.changedRevision).toBe(latest - 1);
        }
      }),
      trial,
    );
  });
  law('the deletion is the last event there is', (trial) => {
    fc.assert(
      fc.property(run, (commands) => {
        const types = eventsOf(commands).map(({ type }) => type);
        const at = types.indexOf('SummaryDeleted');
        expect(at < 0 || at === types.length - 1).toBe(true);
      }),
      trial,
    );
  });
  law('a refused command changes nothing, and names the revision to read', (trial) => {
    fc.assert(
      fc.property(run, (commands) => {
        for (const { decision, before, after } of stepsOf(commands)) {
          if (E.isRight(decision)) continue;
          expect(after).toBe(before);
          if (decision.left._tag !== 'StaleRevision') continue;
          const current = before.status === 'none' ? 0 : before.revision;
          expect(decision.left.currentRevision).toBe(current);
          expect(decision.left.changedRevision).not.toBe(current);
        }
      }),
      trial,
    );
  });
  law('an accepted command that comes again changes nothing', (trial) => {
    fc.assert(
      fc.property(run, (commands) => {
        for (const { command: one, decision, after } of stepsOf(commands)) {
          if (E.isRight(decision)) expect(summary.decide(one, after)).toStrictEqual(E.right([]));
        }
      }),
      trial,
    );
  });
  law('a text is called human only where no word of the model’s latest text is left', (trial) => {
    // Weaker than the rule, and independent of it: whole lines, none of which may be the model's.
    fc.assert(
      fc.property(run, (commands) => {
        let lastAi: SummaryBody | null = null;
        let origin = '';
        for (const { type, data } of eventsOf(commands)) {
          if (type === 'SummaryGenerated') lastAi = data.body.value;
          const isFirstEdit = type === 'SummaryEdited' && origin === 'ai';
          if (type === 'SummaryGenerated' || type === 'SummaryEdited') origin = data.origin;
          if (!isFirstEdit || lastAi === null || origin !== 'human') continue;
          const before = new Set(Object.values(lastAi).flat().filter(Boolean));
          const kept = Object.values(data.body.value)
            .flat()
            .filter((text) => before.has(text));
          expect(kept).toStrictEqual([]);
        }
      }),
      trial,
    );
  });
});
