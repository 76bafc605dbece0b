import { openLogReader } from '@daybook/engine';
import { startWebhooks, type WebhookProblem } from '@daybook/webhooks';
import * as E from 'fp-ts/lib/Either.js';
import { once } from 'node:events';
import type { Context } from '../context.js';
import { failureOf } from '../data/failure.js';
import { absenceOf } from '../data/open.js';
import { ExitCode, type Outcome } from '../outcome.js';
import { counted } from '../text/words.js';
import { destinationRules, type DestinationFlags } from './webhook-destinations.js';

const told =
  ({ output }: Context) =>
  ({ endpoint, problem }: WebhookProblem): void =>
    output.note(`${endpoint ?? 'All endpoints'}: ${failureOf(problem).message}`);

/** `daybook webhooks run`: sends until it is stopped, beside the program that writes. */
export const webhooksRunCommand = async (
  context: Context,
  flags: DestinationFlags,
): Promise<Outcome> => {
  const { directory, clock, stopped, output } = context;
  const rules = destinationRules(flags);
  if (E.isLeft(rules)) return rules;
  const absent = absenceOf(context);
  if (absent !== null) return E.left(absent);
  const log = await openLogReader(context);
  if (E.isLeft(log)) return E.left(failureOf(log.left));
  try {
    const started = await startWebhooks({
      directory,
      store: log.right,
      rules: rules.right,
      clock,
      random: () => Math.random(),
      onProblem: told(context),
    });
    if (E.isLeft(started)) return E.left(failureOf(started.left));
    const sender = started.right;
    output.note('Webhooks are sent until this is stopped.');
    if (!stopped.aborted) await Promise.race([once(stopped, 'abort'), sender.ended]);
    const metrics = await sender.metrics();
    await sender.stop();
    if (E.isLeft(metrics)) return E.left(failureOf(metrics.left));
    output.json(metrics.right);
    const { waiting, parked, disabled } = metrics.right;
    output.line(
      `${counted(waiting, 'endpoint')} waiting to try again, ${disabled} disabled, ${counted(parked, 'message')} parked`,
    );
    return E.right(ExitCode.fine);
  } finally {
    await log.right.close();
  }
};
