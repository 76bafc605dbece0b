/** Charges on one account, and what its history costs, in the words of the report. */
import { measureAllocation, measureBalance, measureLongHistory } from './account-bench.js';
import { measureCharges, type ChargeRate } from './credits-bench.js';

type Options = Readonly<{ directory: string; rounds: number; scale: number }>;
type Row = (name: string, ...cells: readonly string[]) => void;

const wide = (text: string): string => text.padStart(14);
const median = (values: readonly number[]): number =>
  [...values].sort((left, right) => left - right)[Math.floor(values.length / 2)] ?? NaN;

const chargesPart = async (options: Options, row: Row): Promise<void> => {
  const rounds: (readonly ChargeRate[])[] = [];
  for (let round = 0; round < options.rounds; round += 1)
    rounds.push(await measureCharges({ ...options, round }));
  const rates = rounds.flat();
  console.log(
    '\nDurable charges a second on one account (a hold and its capture: two events),' +
      '\n  their events to the store’s appends by as many writers, and to a loop of read, decide, append',
  );
  for (const inFlight of new Set(rates.map((rate) => rate.inFlight))) {
    const of = rates.filter((rate) => rate.inFlight === inFlight);
    const toAppends = median(of.map(({ charges, appends }) => (2 * charges) / appends));
    const toLoop = median(of.map(({ charges, loop }) => charges / loop));
    row(
      `${inFlight} in flight`,
      wide(median(of.map(({ charges }) => charges)).toLocaleString('en-US')),
      wide(`${(toAppends * 100).toFixed(0)} %`),
      wide(`${toLoop.toFixed(1)} times`),
    );
  }
};

const historyPart = async ({ directory, scale }: Options, row: Row): Promise<void> => {
  const long = await measureLongHistory(directory, Math.round(1_000_000 * scale));
  const charges = long.charges.toLocaleString('en-US');
  console.log(`\nAn account with ${charges} settled charges`);
  row('a month’s statement', wide(`${long.statementMs} ms`), `   heap +${long.statementMiB} MiB`);
  row('loaded from the log', wide(`${long.coldMs} ms`), `   heap +${long.accountMiB} MiB`);
  row(
    'loaded from its snapshot',
    wide(`${long.snapshotMs} ms`),
    `   heap +${long.restoredMiB} MiB`,
  );
  row('copied for a snapshot', wide(`${long.copyMs} ms`), `   file ${long.snapshotFileMiB} MiB`);
};

export const creditsPart = async (options: Options, row: Row): Promise<void> => {
  await chargesPart(options, row);
  const { one, across } = measureAllocation();
  console.log('\nA charge decided, twelve lots, no store');
  row('paid by one lot', wide(`${one} ns`));
  row('paid by all twelve', wide(`${across} ns`));
  console.log(
    '\nBalance after so many charges: kept account, read model now, read model at the start',
  );
  for (const { charges, fold, readModel, past } of await measureBalance(options.directory))
    row(charges.toLocaleString('en-US'), ...[fold, readModel, past].map((us) => wide(`${us} µs`)));
  await historyPart(options, row);
};
