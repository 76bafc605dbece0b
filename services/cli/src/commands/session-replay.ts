import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { asking, noSuchSession, type Asking } from '../data/ask.js';
import { idFrom, wholeNumberFrom } from '../data/at.js';
import { ExitCode, type Outcome } from '../outcome.js';
import { table } from '../text/table.js';
import { counted } from '../text/words.js';

export type ReplayOptions = Readonly<{ at?: string }>;

const PAGE = 1000;

const timelineOf = (asked: Asking, sessionId: string, until: number) => {
  const { sessionHistory } = asked.queries.models;
  return sessionHistory.read((history) => {
    const entries = [];
    for (let after = -1; ;) {
      const page = history.timeline(asked.company.id, sessionId, { limit: PAGE, after });
      for (const entry of page) if (entry.position <= until) entries.push(entry);
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) return entries;
      after = last.ordinal;
    }
  });
};

/** `daybook session replay ID [--at POSITION]` */
export const sessionReplayCommand = async (
  context: Context,
  word: string,
  options: ReplayOptions,
): Promise<Outcome> => {
  const id = idFrom('The session', word);
  if (E.isLeft(id)) return id;
  const at = options.at === undefined ? null : wholeNumberFrom('--at', options.at, 1);
  if (at !== null && E.isLeft(at)) return at;
  return asking(context, async (asked) => {
    const until = at === null ? Number.MAX_SAFE_INTEGER : at.right;
    const { answer: entries, position } = timelineOf(asked, id.right, until);
    const { output } = context;
    const [first] = entries;
    if (first === undefined) return E.left(noSuchSession(asked.company.id, id.right));
    output.json({ company: asked.company.id, sessionId: id.right, position, timeline: entries });
    output.line(
      output.style.bold(`Session ${id.right} of ${asked.company.id}, as it was recorded`),
    );
    const rows = entries.map((entry) => [
      output.style.dim(`#${entry.position}`),
      asked.when(entry.occurredAt),
      entry.what,
      output.style.dim(`${entry.actor.kind} ${entry.actor.id}`),
    ]);
    output.line(table(rows, { align: ['right'], indent: '  ' }));
    const upTo = at === null ? `read at log position ${position}` : `up to log position ${until}`;
    output.line(output.style.dim(`${counted(entries.length, 'event')}, ${upTo}.`));
    return await Promise.resolve(E.right(ExitCode.fine));
  });
};
