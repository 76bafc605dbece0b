import { refusalInWords } from '@daybook/engine';
import type { Output } from '../output.js';
import { table } from '../text/table.js';
import { counted } from '../text/words.js';
import type { ImportTally } from './run-import.js';

/** Refusals that say that the input contradicts itself; the others are how sessions go. */
const CONTRADICTIONS: ReadonlySet<string> = new Set([
  'SessionNotStarted',
  'SessionAlreadyStarted',
  'SessionAlreadyEnded',
  'EndBeforeStart',
]);

/** Does the import have something that somebody should repair? */
export const hasFaults = (tally: ImportTally): boolean =>
  tally.problems > 0 ||
  tally.commandsRefused > 0 ||
  Object.keys(tally.refused).some((tag) => CONTRADICTIONS.has(tag));

const entryLine = ({ recorded, repeated, sessions }: ImportTally): string => {
  const already = repeated === 0 ? '' : `, ${counted(repeated, 'entry', 'entries')} already there`;
  return `${counted(sessions, 'session')}, ${counted(recorded, 'entry', 'entries')} recorded${already}.`;
};

const commandLine = (tally: ImportTally): string => {
  const already = tally.commandsRepeated === 0 ? '' : `, ${tally.commandsRepeated} changed nothing`;
  const refused = tally.commandsRefused === 0 ? '' : `, ${tally.commandsRefused} refused`;
  return `${counted(tally.commands, 'command')} run${already}${refused}.`;
};

/** What became of an import, in words. */
export const reportImport = (output: Output, tally: ImportTally): void => {
  const { style } = output;
  const commands = tally.commands + tally.commandsRepeated + tally.commandsRefused;
  const refused = Object.entries(tally.refused).sort(([, a], [, b]) => b - a);
  output.line(`${style.bold('Imported')} ${counted(tally.lines, 'line')}.`);
  if (commands > 0) output.line(`  ${commandLine(tally)}`);
  if (tally.sessions + tally.recorded + tally.repeated + refused.length > 0)
    output.line(`  ${entryLine(tally)}`);
  if (refused.length > 0) {
    output.line('  Not recorded, because the rules refuse it:');
    const rows = refused.map(([tag, count]) => [
      count.toLocaleString('en-US'),
      refusalInWords(tag),
    ]);
    output.line(table(rows, { align: ['right'], indent: '    ' }));
  }
  if (tally.problems > 0)
    output.line(
      `  ${style.yellow(`${counted(tally.problems, 'line')} could not be read; see the messages above. Repair them and import again: what is there already is not recorded twice.`)}`,
    );
};
