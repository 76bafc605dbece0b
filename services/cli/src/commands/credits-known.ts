import { readHistoricBalance } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { asking } from '../data/ask.js';
import { failureOf } from '../data/failure.js';
import { ExitCode, type Outcome } from '../outcome.js';
import { table } from '../text/table.js';
import { counted } from '../text/words.js';

const head = ['Lot', 'Kind', 'Granted', 'Used', 'Held', 'Voided', 'Lapsed', 'Left'];

/** `daybook credits balance --as-of T --known-at R`: what was true at T, from what had been recorded by R. */
export const knownBalance = (
  context: Context,
  point: Readonly<{ asOf: number; knownAt: number }>,
): Promise<Outcome> =>
  asking(context, async ({ queries, company, when }) => {
    const read = await readHistoricBalance(queries.reader)(company.id, point);
    if (E.isLeft(read)) return E.left(failureOf(read.left));
    const { balance, position } = read.right;
    const { output } = context;
    output.json({
      company: company.id,
      asOfAt: point.asOf,
      knownAt: point.knownAt,
      position,
      ...balance,
    });
    const amount = output.style.bold(
      `${company.id} had ${counted(balance.available, 'AI credit')}`,
    );
    output.line(
      `${amount} (${balance.free} free, ${balance.paid} paid), ${balance.held} held, as of ${when(point.asOf)}, as known at ${when(point.knownAt)}.`,
    );
    const rows = balance.lots.map((lot) => [
      lot.lotId,
      lot.kind,
      ...[lot.granted, lot.used, lot.held, lot.voided, lot.lapsed, lot.available].map(String),
    ]);
    const right = 'right' as const;
    const align = ['left', 'left', right, right, right, right, right, right] as const;
    if (rows.length > 0)
      output.line(
        table([head.map(output.style.dim), ...rows], { align: [...align], indent: '  ' }),
      );
    output.line(output.style.dim(`The last event that was known has log position ${position}.`));
    return E.right(ExitCode.fine);
  });
