import type { SetupLine } from '@daybook/engine';
import type { JournalEntry, LineProblem } from '@daybook/session-journal';
import type { InputFile } from './input-file.js';

/** Where something stands in an input. */
export type Place = Readonly<{ file: InputFile; line: number; /** Read so far. */ bytes: number }>;

/** What one line of an input says. `at` is when it happened, epoch milliseconds. */
export type Item = Place &
  (
    | Readonly<{ kind: 'problem'; problem: LineProblem }>
    | Readonly<{ kind: 'command'; at: number; setup: SetupLine }>
    | Readonly<{
        kind: 'entries';
        at: number;
        source: 'journal' | 'teamviewer-log';
        entries: readonly JournalEntry[];
      }>
  );
