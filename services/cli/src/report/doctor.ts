import type { Examination } from '../data/examination.js';
import type { Style } from '../text/style.js';
import { durationInWords } from '../text/instant.js';
import { table } from '../text/table.js';
import { counted } from '../text/words.js';

const GIB = 1024 ** 3;
const LITTLE_GIB = 1;
const DIGEST_SHOWN = 16;

const mark = (isFine: boolean, style: Style): string =>
  isFine ? style.green('✓') : style.red('✗');

const writerInWords = ({ writer, isLogShared }: Examination): string => {
  if (isLogShared) return 'the log is in an event store, where any number of nodes write';
  if (writer === null) return 'nobody writes the log now';
  return writer.isAlive
    ? `process ${writer.pid} writes the log, since ${writer.since}`
    : `process ${writer.pid} wrote the log and is gone; its lock went with it`;
};

const readModelRows = (found: Examination, style: Style): string[][] =>
  [...found.readModels].map(([name, model]) => {
    if (model === null)
      return [style.red('✗'), name, `not filled yet; run daybook rebuild ${name}`];
    const { events, milliseconds } = model.lag;
    const lag = events === 0 ? 'up to date' : `was ${counted(events, 'event')} behind`;
    const age = milliseconds === 0 ? '' : ` (${durationInWords(milliseconds)})`;
    const digest = style.dim(`sha256 ${model.contentDigest.slice(0, DIGEST_SHOWN)}…`);
    return [style.green('✓'), name, `position ${model.position}, ${lag}${age}`, digest];
  });

const chargeRows = ({ chargedTwice }: Examination, style: Style): string[][] =>
  chargedTwice.length === 0
    ? [[style.green('✓'), 'charges', 'no session is charged twice']]
    : chargedTwice.map(({ company, sessionId, chargeIds }) => [
        style.red('✗'),
        'charges',
        `session ${sessionId} of ${company} is charged ${chargeIds.length} times: ${chargeIds.join(', ')}`,
      ]);

const processRows = ({ processes }: Examination, style: Style): string[][] =>
  Object.entries(processes).map(([name, position]) => [
    style.green('✓'),
    `process ${name}`,
    `position ${position}, the last event that concerned it`,
  ]);

const unfinishedRows = ({ unfinished }: Examination, style: Style): string[][] => {
  const { counts, parked } = unfinished;
  const total = (of: 'waiting' | 'parked'): number =>
    counts.reduce((sum, each) => sum + each[of], 0);
  const [waiting, all] = [total('waiting'), total('parked')];
  const waits = waiting === 0 ? '' : `${waiting} to be tried again by itself; `;
  if (all === 0) return [[style.green('✓'), 'parked', `${waits}nothing is parked`]];
  const shown = parked.map(({ process, stream, reason }) => [
    '',
    '',
    `${process}: ${stream}, ${reason}`,
  ]);
  const hint = 'see daybook parked list; try again with daybook parked retry --all';
  return [[style.yellow('!'), 'parked', `${waits}${all} parked; ${hint}`], ...shown];
};

const wayOutRows = ({ waysOut }: Examination, style: Style): string[][] =>
  waysOut.map(({ name, isFine, words }) => [
    isFine ? style.green('✓') : style.yellow('!'),
    name,
    words,
  ]);

/** What was examined and how it stands. */
export const doctorText = (found: Examination, style: Style): string => {
  const { log, freeBytes, directory, isLogShared } = found;
  const free = freeBytes / GIB;
  const rows = [
    [
      mark(log.problems.length === 0, style),
      'log',
      `${counted(log.events, 'event')} in ${counted(log.streams, 'stream')}; ${isLogShared ? 'no gap in revisions' : 'no page damaged, no gap in positions or revisions'}`,
    ],
    ...readModelRows(found, style),
    ...processRows(found, style),
    ...unfinishedRows(found, style),
    ...wayOutRows(found, style),
    ...chargeRows(found, style),
    [mark(free >= LITTLE_GIB, style), 'disk', `${free.toFixed(1)} GiB free`],
    [style.green('✓'), 'writer', writerInWords(found)],
  ];
  return `${style.bold(`Data directory ${directory}`)}\n${table(rows, { indent: '  ' })}`;
};
