import * as E from 'fp-ts/lib/Either.js';
import { isFailingReason } from '../data/words-of-filters.js';
import type { Context } from '../context.js';
import { instantFrom, wholeNumberFrom } from '../data/at.js';
import { asking } from '../data/ask.js';
import { ExitCode, usage, type Failure, type Outcome } from '../outcome.js';
import { chargeInWords, outcomeInWords, type SessionView } from '../report/session.js';
import { table } from '../text/table.js';
import { counted } from '../text/words.js';

export type SessionListOptions = Readonly<{
  supporter?: string;
  device?: string;
  reason?: string;
  from?: string;
  to?: string;
  limit: string;
}>;

type Bounds = Readonly<{ startedFrom?: number; startedTo?: number; limit: number }>;

const bound = (option: string, text: string | undefined): E.Either<Failure, number | undefined> =>
  text === undefined ? E.right(undefined) : instantFrom(option, text);

const boundsOf = (options: SessionListOptions): E.Either<Failure, Bounds> => {
  const from = bound('--from', options.from);
  if (E.isLeft(from)) return from;
  const to = bound('--to', options.to);
  if (E.isLeft(to)) return to;
  const limit = wholeNumberFrom('--limit', options.limit, 1);
  if (E.isLeft(limit)) return limit;
  return E.right({
    limit: limit.right,
    ...(from.right === undefined ? {} : { startedFrom: from.right }),
    ...(to.right === undefined ? {} : { startedTo: to.right }),
  });
};

const rowOf = (
  session: SessionView,
  shown: Readonly<{ context: Context; when: (instant: number) => string }>,
): string[] => {
  const { style } = shown.context.output;
  const [outcome, why] = outcomeInWords(session, style);
  return [
    style.cyan(session.sessionId),
    shown.when(session.startedAt),
    session.paths.join('+'),
    outcome,
    chargeInWords(session.charge),
    why,
  ];
};

/** `daybook session list` */
export const sessionListCommand = async (
  context: Context,
  options: SessionListOptions,
): Promise<Outcome> => {
  const bounds = boundsOf(options);
  if (E.isLeft(bounds)) return bounds;
  const { limit, ...started } = bounds.right;
  const { supporter, device, reason } = options;
  if (reason !== undefined && !isFailingReason(reason))
    return E.left(usage(`--reason ${reason} is not a reason; see the README for the list.`));
  return asking(context, async ({ queries, company, when }) => {
    const filter = {
      ...started,
      ...(supporter === undefined ? {} : { supporterId: supporter }),
      ...(device === undefined ? {} : { deviceId: device }),
      ...(reason === undefined ? {} : { reason }),
    };
    const { answer, position } = queries.models.sessionHistory.read((history) =>
      history.list(company.id, { filter, limit: limit + 1 }),
    );
    const { output } = context;
    const sessions = answer.slice(0, limit);
    output.json({ company: company.id, position, sessions, more: answer.length > limit });
    const head = ['Session', 'Started', 'Path', 'Outcome', 'Charge', 'Basis or reason'];
    if (sessions.length === 0) output.line('No sessions.');
    else
      output.line(
        table([
          head.map(output.style.dim),
          ...sessions.map((session) => rowOf(session, { context, when })),
        ]),
      );
    const more = answer.length > limit ? ' There are more; see --limit, --from and --to.' : '';
    output.line(
      output.style.dim(
        `${counted(sessions.length, 'session')}, read at log position ${position}.${more}`,
      ),
    );
    return await Promise.resolve(E.right(ExitCode.fine));
  });
};
