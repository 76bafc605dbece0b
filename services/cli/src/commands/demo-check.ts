import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { readFileSync } from 'node:fs';
import type { SessionView } from '../report/session.js';

const Expected = t.record(
  t.string,
  t.intersection([
    t.strict({ outcome: t.string, summarised: t.boolean }),
    t.partial({ basis: t.string, bases: t.array(t.string), reason: t.string }),
  ]),
);
type Expected = t.TypeOf<typeof Expected>;

const readExpected = (file: string): Expected => {
  const decoded = Expected.decode(JSON.parse(readFileSync(file, 'utf8')));
  if (E.isLeft(decoded)) throw new Error(`${file} does not have the form of expected outcomes`);
  return decoded.right;
};

const isSummarised = (session: SessionView): boolean =>
  session.summary.status === 'generated' || session.summary.status === 'edited';

const differences = (
  sessionId: string,
  wanted: Expected[string],
  session: SessionView | undefined,
): readonly string[] => {
  if (session === undefined) return [`${sessionId} is missing`];
  const { outcome, basis, bases, reason } = session.eligibility;
  const pairs: readonly (readonly [string, unknown, unknown])[] = [
    ['outcome', outcome, wanted.outcome],
    ['basis', basis ?? undefined, wanted.basis],
    ['bases', bases.join(' + '), (wanted.bases ?? []).join(' + ')],
    ['reason', reason ?? session.aiRefused ?? undefined, wanted.reason],
    ['summarised', isSummarised(session), wanted.summarised],
  ];
  return pairs
    .filter(([, got, expected]) => got !== expected)
    .map(
      ([what, got, expected]) => `${sessionId}: ${what} is ${String(got)}, not ${String(expected)}`,
    );
};

/** How the sessions differ from what the sample's table promises; nothing when they agree. */
export const differencesFrom = (
  expectedFile: string,
  sessions: readonly SessionView[],
): Readonly<{ compared: number; found: readonly string[] }> => {
  const expected = Object.entries(readExpected(expectedFile));
  const byId = new Map(sessions.map((session) => [session.sessionId, session]));
  const known = new Set(expected.map(([sessionId]) => sessionId));
  const surplus = sessions
    .filter(({ sessionId }) => !known.has(sessionId))
    .map(({ sessionId }) => `${sessionId} was not expected`);
  const missed = expected.flatMap(([sessionId, wanted]) =>
    differences(sessionId, wanted, byId.get(sessionId)),
  );
  return { compared: expected.length, found: [...missed, ...surplus] };
};
