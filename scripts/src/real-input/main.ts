/**
 * Runs conversations that none of us wrote through the whole engine: 239 sessions of one Tensor
 * company on one day, with 150 credits. Prints what was charged, refused and stored, what a second run
 * changes, and which secrets survived. Exit code 1 when anything is not as it must be.
 */
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ruleBook } from '@daybook/domain/rules';
import {
  catchUpReadModels,
  closeReadModels,
  defaultNotice,
  openEngine,
  openLogReader,
  openReadModels,
  readModelDirectory,
  readStatement,
  type Engine,
  type ImportCounts,
  type Place,
} from '@daybook/engine';
import { makeExtractiveSummarizer } from '@daybook/summarizer';
import { contentDigestsOf } from '../cluster/log-state.js';
import { servedLogOf } from '../cluster/served-log.js';
import { redactionReport } from '../redaction-report.js';
import { right, setUpCompany } from '../synthetic/company.js';
import { inputLines } from '../synthetic/input-lines.js';
import { DAY, journalOf, readRealInput, type RealInput } from './conversations.js';
import { survivalReport } from './survivors.js';

const COMPANY = 'acme-support';
const HELP = `Usage: npm run real-input -- [--data DIR] [--shared DIR] [--store served]

  --data DIR    data directory that the run fills (default data/real-input)
  --shared DIR  folder with multidogo-software/ and abcd/ (default ../shared/data)
  --store S     embedded (default); served: embedded first, then once more with the log in another process,
                reached over gRPC, and both are compared
`;

type Run = Readonly<{ counts: ImportCounts; head: number; seconds: number }>;

const runOnce = async (place: Place, input: RealInput): Promise<Run> => {
  const started = performance.now();
  const engine = right(
    await openEngine({
      ...place,
      ruleBook,
      summarizer: makeExtractiveSummarizer(),
      clock: () => Date.now(),
      notice: defaultNotice,
      summariesAtOnce: 64,
    }),
  );
  await setUpCompany(engine, { company: COMPANY, at: DAY, purchased: 100 });
  const counts = right(
    await engine.importEntries({
      company: COMPANY,
      source: 'journal',
      lines: inputLines(journalOf(input.conversations)),
      onProblem: ({ line, reason }) => console.error(`line ${line}: ${reason}`),
    }),
  );
  const head = right(await engine.store.head()());
  await engine.close();
  right(await catchUpReadModels(place));
  return { counts, head, seconds: (performance.now() - started) / 1000 };
};

let failures = 0;
const check = (what: string, actual: number, wanted: number): void => {
  const good = actual === wanted;
  if (!good) failures += 1;
  console.log(`  ${good ? '✓' : '✗'} ${what}: ${actual}${good ? '' : ` (wanted ${wanted})`}`);
};

const same = (what: string, actual: string, wanted: string): void => {
  const good = actual === wanted;
  if (!good) failures += 1;
  console.log(`  ${good ? '✓' : '✗'} ${what} is the same as embedded`);
};

const catalogued = (models: ReturnType<typeof openModels>): number => {
  const listed = models.summaryCatalog.read((queries) => queries.list(COMPANY, { limit: 1000 }));
  if ('_tag' in listed.answer) throw new Error(listed.answer._tag);
  return listed.answer.items.length;
};

const openModels = (directory: string) => right(openReadModels(readModelDirectory(directory)));

const openLog = async (place: Place) => right(await openLogReader(place));

const refusedForCredits = async (engine: Pick<Engine['store'], 'readAll'>): Promise<number> => {
  const sessions = new Set<string>();
  for await (const page of engine.readAll({ filter: { types: ['AiUseRefused'] } }))
    for (const { stream, data } of right(page).events)
      if (data.includes('"insufficient-credits"')) sessions.add(stream);
  return sessions.size;
};

const reportCharges = async (place: Place): Promise<void> => {
  const models = openModels(place.directory);
  const engine = await openLog(place);
  const charges = models.creditLedger.read((queries) => queries.chargeCounts(COMPANY)).answer;
  const twice = models.creditLedger.read((queries) => queries.chargedTwice(COMPANY)).answer;
  const answer = right(await readStatement(engine)(COMPANY, '2026-03'));
  check('sessions charged', charges.captured, 150);
  check('sessions refused with insufficient-credits', await refusedForCredits(engine), 89);
  check('sessions charged twice', twice.length, 0);
  check('holds left open', charges.held, 0);
  check('summaries in the catalogue', catalogued(models), 150);
  check('statement closing', answer?.statement.closing ?? NaN, 0);
  closeReadModels(models);
  await engine.close();
};

const reportSecrets = async (place: Place, shared: string, input: RealInput): Promise<void> => {
  const log = await openLog(place);
  const found = await survivalReport(place.directory, log, input);
  await log.close();
  console.log(`\nSecrets, looked for in ${found.bytes} bytes of ${found.files} files`);
  console.log(`  ${found.announcedTurns} turns announce a secret, ${found.announcedWords} words`);
  check('of these words, stored in their own session', found.inOwnSession, 0);
  check('of these words, stored anywhere without another reason', found.unexplained, 0);
  console.log(
    `    ${found.nowhere} are in no byte; ${found.saidElsewhere} are words that other customers say as no secret`,
  );
  check(
    `of ${found.personalValues} personal addresses and numbers, stored`,
    found.personalSurviving,
    0,
  );
  const report = redactionReport(join(shared, 'multidogo-software/dev.tsv'));
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
  console.log(
    `  all ${report.labelledWords} labelled words: recall ${percent(report.recall)}, precision ${percent(report.precision)}` +
      ` (${percent(report.precisionOnIdentifiers)} where an account number or a name counts as right)`,
  );
};

/** Runs the input twice at one place, and reports. */
const runTwice = async (place: Place, input: RealInput): Promise<void> => {
  const first = await runOnce(place, input);
  console.log(
    `${input.conversations.length} conversations, ${first.counts.lines} lines, in ${first.seconds.toFixed(1)} s: ` +
      `${first.counts.recorded} recorded, ${first.counts.repeated} already there`,
  );
  check('sessions', first.counts.sessions, 239);
  check('bad lines', first.counts.problems, 0);
  await reportCharges(place);
  const second = await runOnce(place, input);
  console.log('\nThe same input once more');
  check('entries added', second.counts.recorded, 0);
  check('events added to the log', second.head - first.head, 0);
  await reportCharges(place);
};

type Ends = Readonly<{ statement: string; digests: Readonly<Record<string, string>> }>;

const endsOf = async (place: Place): Promise<Ends> => {
  const log = await openLog(place);
  const answer = right(await readStatement(log)(COMPANY, '2026-03'));
  await log.close();
  return {
    statement: JSON.stringify(answer?.statement),
    digests: await contentDigestsOf(place),
  };
};

/** The same input with the log in another process: it must come to the same. */
const runServed = async (directory: string, input: RealInput, wanted: Ends): Promise<void> => {
  rmSync(directory, { recursive: true, force: true });
  const log = await servedLogOf(join(directory, 'log-server'));
  await log.start();
  try {
    const place = { directory: join(directory, 'node'), source: log.source };
    console.log('\nThe log in another process');
    await runTwice(place, input);
    const got = await endsOf(place);
    same('the statement', got.statement, wanted.statement);
    for (const [name, digest] of Object.entries(wanted.digests))
      same(`${name} ${digest.slice(0, 16)}…`, got.digests[name] ?? '', digest);
  } finally {
    await log.stop();
  }
};

const optionsOf = () =>
  parseArgs({
    options: {
      data: { type: 'string', default: 'data/real-input' },
      shared: { type: 'string', default: '../shared/data' },
      store: { type: 'string', default: 'embedded' },
      help: { type: 'boolean', default: false },
    },
  }).values;

const main = async (): Promise<void> => {
  const values = optionsOf();
  if (values.help) {
    console.log(HELP);
    return;
  }
  const directory = resolve(values.data);
  const shared = resolve(values.shared);
  if (!existsSync(join(shared, 'multidogo-software/dev.tsv'))) {
    console.error(`There is no real input in ${shared}. Name its folder with --shared DIR.`);
    process.exitCode = 2;
    return;
  }
  mkdirSync(directory, { recursive: true });
  const input = readRealInput(shared);
  const place = { directory };
  await runTwice(place, input);
  await reportSecrets(place, shared, input);
  if (values.store === 'served') await runServed(`${directory}-served`, input, await endsOf(place));
  process.exitCode = failures === 0 ? 0 : 1;
};

await main();
