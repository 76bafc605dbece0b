import {
  explainUser,
  isWithin,
  reasonInWords,
  type Moment,
  type UserExplanation,
} from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { asking, type Asking } from '../data/ask.js';
import { idFrom } from '../data/at.js';
import { failureOf } from '../data/failure.js';
import { headOf } from '../data/head.js';
import { unknownId } from '../data/known-kinds.js';
import { momentFrom, type MomentOptions } from '../data/moment.js';
import type { Outcome } from '../outcome.js';
import { changesText, lastSet } from '../report/changes.js';
import { outcomeInWords, type SessionView } from '../report/session.js';
import { makeStyle } from '../text/style.js';
import { momentInWords } from '../report/moment.js';
import { table } from '../text/table.js';
import { counted } from '../text/words.js';
import { verdict } from './explain.js';

type Change = UserExplanation['changes'][number];

const PAGE = 500;
const plainStyle = makeStyle(false);

const sayChange = ({ event }: Change): string => {
  switch (event.type) {
    case 'UserRegistered':
      return `Registered as ${event.data.role}; sessions are logged, as at first`;
    case 'UserRoleAssigned':
      return `Role changed from ${event.data.from} to ${event.data.to}`;
    case 'SessionLoggingSet':
      return `Log sessions for connection reporting switched ${event.data.enabled ? 'on' : 'off'}`;
  }
};

const sees = {
  administrator: 'every summary of the company',
  auditor: 'every summary of the company',
  supporter: 'the summaries of their own sessions',
} as const;

const rowsOf = ({ state, changes }: UserExplanation, when: Asking['when']): string[][] => {
  if (state.status === 'not-registered') return [['Registered', 'not yet']];
  const isRole = ({ event }: Change): boolean => event.type !== 'SessionLoggingSet';
  const isLogging = ({ event }: Change): boolean => event.type === 'SessionLoggingSet';
  return [
    ['Role (§4)', `${state.role}, who sees ${sees[state.role]}; ${lastSet(changes, isRole, when)}`],
    [
      'Logs sessions (§2.3)',
      `${state.sessionLogging ? 'yes' : 'no'}; ${lastSet(changes, isLogging, when)}`,
    ],
    [
      'So (§3)',
      state.sessionLogging
        ? 'outgoing sessions are not stopped by session-logging-off'
        : `session-logging-off: ${reasonInWords['session-logging-off']}`,
    ],
  ];
};

type Came = Map<string, { count: number; last: string }>;

/** A session belongs to the moment when its start does; the read model keeps where that was recorded in the timeline. */
const startsWithin = (session: SessionView, moment: Moment | null, startOf: StartOf): boolean => {
  if (moment === null) return true;
  const start = startOf(session.sessionId);
  return start !== undefined && isWithin(moment, start);
};

type StartOf = (
  sessionId: string,
) => Readonly<{ position: number; occurredAt: number; recordedAt: number }> | undefined;

/** How often the user's sessions came out which way, newest session of each first. */
const sessionsOf = (asked: Asking, userId: string, moment: Moment | null): Came => {
  const { sessionHistory } = asked.queries.models;
  const { id: company } = asked.company;
  return sessionHistory.read((history) => {
    const came: Came = new Map();
    const startOf: StartOf = (session) => history.timeline(company, session, { limit: 1 })[0];
    let after: SessionView | undefined;
    for (;;) {
      const request = { filter: { supporterId: userId }, limit: PAGE };
      const page = history.list(company, after === undefined ? request : { ...request, after });
      for (const session of page) {
        if (!startsWithin(session, moment, startOf)) continue;
        const [outcome, why] = outcomeInWords(session, plainStyle);
        const key = `${outcome}: ${why}`;
        const known = came.get(key);
        if (known === undefined) came.set(key, { count: 1, last: session.sessionId });
        else known.count += 1;
      }
      after = page.at(-1);
      if (after === undefined || page.length < PAGE) return came;
    }
  }).answer;
};

/** `daybook explain user ID`: role, session logging, who set them, and what the user's sessions came to. */
export const explainUserCommand = async (
  context: Context,
  word: string,
  options: MomentOptions,
): Promise<Outcome> => {
  const id = idFrom('The user', word);
  if (E.isLeft(id)) return id;
  const moment = momentFrom(options);
  if (E.isLeft(moment)) return moment;
  return asking(context, async (asked) => {
    const { company, when, queries } = asked;
    const position = await headOf(asked);
    if (E.isLeft(position)) return position;
    const explained = await explainUser(queries.reader)(company.id, id.right, moment.right);
    if (E.isLeft(explained)) return E.left(failureOf(explained.left));
    const found = explained.right;
    if (found === null) return E.left(await unknownId(asked, { kind: 'user', id: id.right }));
    const came = sessionsOf(asked, id.right, moment.right);
    const sessions = [...came].map(([what, rest]) => ({ what, ...rest }));
    const { output } = context;
    const { style } = output;
    const said = { company: company.id, position: position.right, moment: moment.right };
    output.json({ ...said, ...found, sessions });
    const at = momentInWords(moment.right, { when, end: position.right });
    const title = `User ${id.right} of ${company.id}`;
    output.line(style.bold(at === null ? title : `${title}, ${at}`));
    output.line(table(rowsOf(found, when), { indent: '  ' }));
    output.line(style.bold('How it came to that'));
    output.line(changesText(found.changes, { style, when, say: sayChange }));
    output.line(style.bold('What their sessions came to'));
    const rows = sessions.map(({ what, count, last }) => [
      counted(count, 'session'),
      what,
      style.dim(count === 1 ? last : `latest ${last}`),
    ]);
    output.line(rows.length === 0 ? '  no sessions' : table(rows, { indent: '  ' }));
    output.line(style.dim(`Read at log position ${position.right}.`));
    return E.right(verdict(context, found.agrees));
  });
};
