import { consentReceipt, type ReadModels } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { asking, noSuchSession } from '../data/ask.js';
import { idFrom, instantFrom, wholeNumberFrom } from '../data/at.js';
import { failureOf } from '../data/failure.js';
import { ExitCode, type Failure, type Outcome } from '../outcome.js';
import { consentHead, consentRow } from '../report/consent.js';
import { table } from '../text/table.js';
import { counted } from '../text/words.js';

type Register = Parameters<Parameters<ReadModels['consentRegister']['read']>[0]>[0];
type Filter = NonNullable<Parameters<Register['list']>[1]['filter']>;

export type ConsentListOptions = Readonly<{
  session?: string;
  device?: string;
  supporter?: string;
  state?: NonNullable<Filter['state']>;
  basis?: NonNullable<Filter['basis']>;
  from?: string;
  to?: string;
  limit: string;
}>;

const bound = (option: string, text: string | undefined): E.Either<Failure, number | undefined> =>
  text === undefined ? E.right(undefined) : instantFrom(option, text);

const filterOf = (options: ConsentListOptions): E.Either<Failure, Filter> => {
  const from = bound('--from', options.from);
  if (E.isLeft(from)) return from;
  const to = bound('--to', options.to);
  if (E.isLeft(to)) return to;
  const { session, device, supporter, state, basis } = options;
  const given = {
    sessionId: session,
    deviceId: device,
    supporterId: supporter,
    state,
    basis,
    openedFrom: from.right,
    openedTo: to.right,
  };
  return E.right(
    Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)),
  );
};

/** `daybook consent list` */
export const consentListCommand = async (
  context: Context,
  options: ConsentListOptions,
): Promise<Outcome> => {
  const filter = filterOf(options);
  if (E.isLeft(filter)) return filter;
  const limit = wholeNumberFrom('--limit', options.limit, 1);
  if (E.isLeft(limit)) return limit;
  return asking(context, async ({ queries, company, when }) => {
    const { answer, position } = queries.models.consentRegister.read((register) =>
      register.list(company.id, { filter: filter.right, limit: limit.right + 1 }),
    );
    const records = answer.slice(0, limit.right);
    const more = answer.length > limit.right;
    const { output } = context;
    const { style } = output;
    output.json({ company: company.id, position, records, more });
    if (records.length === 0) output.line('No consent records.');
    else
      output.line(
        table([
          consentHead.map(style.dim),
          ...records.map((record) => consentRow(record, { style, when })),
        ]),
      );
    const rest = more ? ' There are more; see --limit, --from and --to.' : '';
    output.line(
      style.dim(`${counted(records.length, 'record')}, read at log position ${position}.${rest}`),
    );
    return await Promise.resolve(E.right(ExitCode.fine));
  });
};

/** `daybook consent receipt SESSION`: JSON in either form, because it is handed on as it is. */
export const consentReceiptCommand = async (context: Context, word: string): Promise<Outcome> => {
  const id = idFrom('The session', word);
  if (E.isLeft(id)) return id;
  return asking(context, async ({ queries, company }) => {
    const receipt = await consentReceipt(queries.reader)(company.id, id.right);
    if (E.isLeft(receipt)) return E.left(failureOf(receipt.left));
    if (receipt.right === null) return E.left(noSuchSession(company.id, id.right));
    context.output.raw(`${JSON.stringify(receipt.right, null, 2)}\n`);
    return E.right(ExitCode.fine);
  });
};
