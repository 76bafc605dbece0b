import { listContracts, listNotPublished, showContract } from '@daybook/publisher';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { ExitCode, refusal, type Outcome } from '../outcome.js';
import { table } from '../text/table.js';

/** `daybook contracts list` */
export const contractsListCommand = ({ output }: Context): Promise<Outcome> => {
  const contracts = listContracts();
  const notPublished = listNotPublished();
  output.json({ contracts, notPublished });
  const { style } = output;
  output.line(style.bold(`${contracts.length} types of events leave Daybook`));
  output.line(
    table(
      contracts.map(({ type, summary }) => [type, summary]),
      { indent: '  ' },
    ),
  );
  output.line(`\n${style.bold('What stays inside')}`);
  output.line(
    table(
      notPublished.map(({ storedType, reason }) => [storedType, reason]),
      { indent: '  ' },
    ),
  );
  return Promise.resolve(E.right(ExitCode.fine));
};

/** `daybook contracts show TYPE` */
export const contractsShowCommand = ({ output }: Context, type: string): Promise<Outcome> => {
  const contract = showContract(type);
  if (contract === undefined)
    return Promise.resolve(
      E.left(refusal(`No type of that name is published; daybook contracts list has all.`)),
    );
  output.json(contract);
  const { style } = output;
  const rows = [
    ['Subject', contract.subject],
    ['Schema', String(contract.schema['$id'])],
    ['Text', contract.hasDataref ? 'fetched with permission at dataref' : 'none'],
  ];
  output.line(style.bold(contract.type));
  output.line(contract.summary);
  output.line(table(rows, { indent: '  ' }));
  output.line(`\n${style.bold('Example')}\n${JSON.stringify(contract.example, null, 2)}`);
  output.line(`\n${style.bold('Schema of data')}\n${JSON.stringify(contract.schema, null, 2)}`);
  return Promise.resolve(E.right(ExitCode.fine));
};
