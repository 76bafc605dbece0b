/** What stands in both remote systems in the end, session by session, and whether it is what should. */
import { type DeliveryReader, markerOf, type NoteMarker } from '@daybook/connectors';
import type { Servers } from './servers.js';

export type Wanted = Readonly<{
  sessions: readonly string[];
  edited: string;
  deleted: string;
  withoutRecord: string;
}>;

export type SessionState = Readonly<{
  session: string;
  notes: string;
  comments: string;
  deliveries: string;
  isAsWanted: boolean;
}>;

const nameOf = ({ kind, revision }: NoteMarker): string =>
  kind === 'retraction' ? 'retraction' : `r${revision}`;

/** Notes of a session among texts, oldest first; a text that is another's, or nobody's, is passed over. */
const notesIn = (texts: readonly string[], session: string): string => {
  const names = texts
    .map(markerOf)
    .filter((marker) => marker?.session === session)
    .map((marker) => (marker === null ? '' : nameOf(marker)));
  return names.join(' ') || '–';
};

const wantedFor = (session: string, wanted: Wanted): readonly [string, string] => {
  if (session === wanted.withoutRecord) return ['–', '–'];
  if (session === wanted.deleted) return ['retraction', '–'];
  if (session === wanted.edited) return ['r1 r2', 'r2'];
  return ['r1', 'r1'];
};

export const finalState = (
  { serviceNow, salesforce }: Servers,
  deliveries: DeliveryReader,
  wanted: Wanted,
): readonly SessionState[] =>
  wanted.sessions.map((session) => {
    const notes = notesIn(
      serviceNow.journal().map(({ value }) => value),
      session,
    );
    const comments = notesIn(
      salesforce.comments().map(({ CommentBody }) => CommentBody),
      session,
    );
    const [wantedNotes, wantedComments] = wantedFor(session, wanted);
    const rows = deliveries.list({ session, limit: 100 });
    const states = [
      ...new Set(
        rows.map(({ state, reason }) => `${state}${reason === null ? '' : ` (${reason})`}`),
      ),
    ];
    return {
      session,
      notes,
      comments,
      deliveries: states.join(', '),
      isAsWanted: notes === wantedNotes && comments === wantedComments,
    };
  });

const COLUMNS = [24, 14, 14] as const;

const lineOf = (cells: readonly string[]): string =>
  cells
    .map((cell, index) => cell.padEnd(COLUMNS[index] ?? 0))
    .join('  ')
    .trimEnd();

export const printState = (state: readonly SessionState[], deliveries: DeliveryReader): void => {
  console.log('\nIn the end, after an edit, a deletion, a lost table and expired tokens:');
  console.log(`  ${lineOf(['Session', 'Work notes', 'Case comments', 'Delivery record'])}`);
  for (const { session, notes, comments, deliveries: record, isAsWanted } of state)
    console.log(`${isAsWanted ? '✓' : '✗'} ${lineOf([session, notes, comments, record])}`);
  console.log('\nNot recalled:');
  for (const { connector, session, what, why } of deliveries.unrecalled({ limit: 100 }))
    console.log(`  ${connector.padEnd(10)}  ${session}  ${what}: ${why}`);
};
