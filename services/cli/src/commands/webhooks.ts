import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { openLogReader } from '@daybook/engine';
import {
  type DestinationRules,
  type Endpoint,
  type EndpointNotFound,
  type AddRefused,
  openWebhooks,
  type SecretRefused,
  type WebhookRegistry,
  type WebhooksUnavailable,
  type WithSecret,
} from '@daybook/webhooks';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { wholeNumberFrom } from '../data/at.js';
import { chooseCompany } from '../data/company.js';
import { failureOf } from '../data/failure.js';
import { absenceOf } from '../data/open.js';
import { dataProblem, ExitCode, refusal, usage, type Failure, type Outcome } from '../outcome.js';
import { parkedLines, attemptRow, endpointLines, endpointRow } from '../report/webhooks.js';
import { table } from '../text/table.js';
import { counted } from '../text/words.js';
import { destinationRules, type DestinationFlags } from './webhook-destinations.js';

export type AddFlags = DestinationFlags &
  Readonly<{ type: readonly string[]; from: string; secretFile?: string }>;
export type RotateFlags = Readonly<{ secretFile?: string; overlapHours: string }>;

const HOUR_MS = 3_600_000;
const LIST_MAX = 1_000;

/** Who the audit trail names. */
const operator = (): string => `cli:${userInfo().username}`;

const secretProblem: Readonly<Record<SecretRefused['reason'], string>> = {
  'not-base64': 'The secret is not whsec_ and base64.',
  'too-short': 'The secret is too short: 24 to 64 bytes.',
  'too-long': 'The secret is too long: 24 to 64 bytes.',
};

const urlProblem: Readonly<Record<string, string>> = {
  'not-a-url': 'That is not a URL.',
  'not-https': 'Only https URLs are delivered to (--allow-http allows http as well).',
  'credentials-in-url': 'A URL with a user or a password is not delivered to.',
  'fragment-in-url': 'A URL with # is not delivered to.',
  port: 'This port is not delivered to; --allow-port PORT allows it.',
  address:
    'This address is not public; --allow-network allows its network, such as 10.1.0.0/16. Sending needs the same.',
};

type Problem = AddRefused | EndpointNotFound | WebhooksUnavailable;

const failureFrom = (problem: Problem): Failure => {
  switch (problem._tag) {
    case 'DestinationRefused':
      return usage(urlProblem[problem.reason] ?? problem.reason);
    case 'SecretRefused':
      return usage(secretProblem[problem.reason]);
    case 'UnknownEventType':
      return usage(
        `Nothing is published as ${problem.types.join(', ')}; see daybook contracts list.`,
      );
    case 'EndpointNotFound':
      return refusal(`There is no endpoint ${problem.id}; see daybook webhooks list.`);
    case 'WebhooksUnavailable':
      return dataProblem(problem.message);
  }
};

const answered = <A>(result: E.Either<Problem, A>): E.Either<Failure, A> =>
  E.isLeft(result) ? E.left(failureFrom(result.left)) : result;

/** Opens the endpoints of an existing data directory; a sender may be at work beside. */
const withRegistry = async (
  context: Context,
  work: (registry: WebhookRegistry) => Outcome | Promise<Outcome>,
  rules: DestinationRules = { allowHttp: false, ports: [], allowedNetworks: [] },
): Promise<Outcome> => {
  const absent = absenceOf(context);
  if (absent !== null) return E.left(absent);
  const { directory, clock } = context;
  const registry = answered(openWebhooks({ directory, clock, rules }));
  if (E.isLeft(registry)) return registry;
  try {
    return await work(registry.right);
  } finally {
    registry.right.close();
  }
};

const read = async (input: AsyncIterable<Buffer | string>): Promise<string> => {
  let text = '';
  for await (const chunk of input) text += chunk.toString();
  return text;
};

/** A secret comes from a file or standard input: a command line is seen by others and kept. */
const secretFrom = async (
  { stdin }: Context,
  file: string | undefined,
): Promise<E.Either<Failure, { secret?: string }>> => {
  if (file === undefined) return E.right({});
  try {
    const text = file === '-' ? await read(stdin) : readFileSync(file, 'utf8');
    return E.right({ secret: text.trim() });
  } catch {
    return E.left(usage('The file with the secret cannot be read.'));
  }
};

type LogPlace = Readonly<{ company: string; head: number }>;

const logPlace = async (context: Context): Promise<E.Either<Failure, LogPlace>> => {
  const log = await openLogReader(context);
  if (E.isLeft(log)) return E.left(failureOf(log.left));
  try {
    const company = await chooseCompany(log.right, context.company);
    if (E.isLeft(company)) return company;
    const head = await log.right.head()();
    if (E.isLeft(head)) return E.left(failureOf(head.left));
    return E.right({ company: company.right.id, head: head.right });
  } finally {
    await log.right.close();
  }
};

const positionFrom = (option: string, text: string, head: number): E.Either<Failure, number> => {
  const position = wholeNumberFrom(option, text, 0);
  return E.isRight(position) && position.right > head
    ? E.left(usage(`The log ends at position ${head}.`))
    : position;
};

const startFrom = (text: string, head: number): E.Either<Failure, number> => {
  if (text === 'start') return E.right(0);
  return text === 'now' ? E.right(head) : positionFrom('--from', text, head);
};

const showSecret = ({ output }: Context, { endpoint, secret }: WithSecret): void => {
  output.json({ endpoint, secret });
  for (const line of endpointLines(endpoint)) output.line(line);
  output.line(`\nSecret: ${secret}`);
  output.note('The secret is shown this once. Give it to the receiver, and keep it nowhere else.');
};

/** `daybook webhooks add URL` */
export const webhooksAddCommand = async (
  context: Context,
  url: string,
  flags: AddFlags,
): Promise<Outcome> => {
  const rules = destinationRules(flags);
  if (E.isLeft(rules)) return rules;
  const secret = await secretFrom(context, flags.secretFile);
  if (E.isLeft(secret)) return secret;
  const absent = absenceOf(context);
  if (absent !== null) return E.left(absent);
  const place = await logPlace(context);
  if (E.isLeft(place)) return place;
  const { company, head } = place.right;
  const after = startFrom(flags.from, head);
  if (E.isLeft(after)) return after;
  const asked = { company, url, types: flags.type, after: after.right, ...secret.right };
  return withRegistry(
    context,
    (registry) => {
      const added = answered(registry.add(asked, operator()));
      if (E.isLeft(added)) return added;
      showSecret(context, added.right);
      return E.right(ExitCode.fine);
    },
    rules.right,
  );
};

/** `daybook webhooks list`: of one company, or of all. */
export const webhooksListCommand = (context: Context): Promise<Outcome> =>
  withRegistry(context, (registry) => {
    const { output, company } = context;
    const endpoints = registry.list(company ?? undefined);
    output.json({ endpoints });
    const none = 'No endpoint is registered. Add one: daybook webhooks add URL';
    output.line(endpoints.length === 0 ? none : table(endpoints.map(endpointRow)));
    return E.right(ExitCode.fine);
  });

/** An endpoint that exists, of the company that is named, if one is. */
const known = (
  { company }: Context,
  registry: WebhookRegistry,
  id: string,
): E.Either<Failure, Endpoint> => {
  const found = registry.find(id);
  return found === undefined || (company !== null && found.company !== company)
    ? E.left(failureFrom({ _tag: 'EndpointNotFound', id }))
    : E.right(found);
};

const withEndpoint = (
  context: Context,
  id: string,
  work: (registry: WebhookRegistry, endpoint: Endpoint) => Outcome | Promise<Outcome>,
): Promise<Outcome> =>
  withRegistry(context, (registry) => {
    const endpoint = known(context, registry, id);
    return E.isLeft(endpoint) ? endpoint : work(registry, endpoint.right);
  });

/** `daybook webhooks show ID`: how it stands, what is parked, who changed it. */
export const webhooksShowCommand = (context: Context, id: string): Promise<Outcome> =>
  withEndpoint(context, id, (registry, endpoint) => {
    const { output } = context;
    const parked = registry.history.parked(id, LIST_MAX);
    const audit = registry.history.audit(id, LIST_MAX);
    output.json({ endpoint, parked, audit });
    for (const line of [...endpointLines(endpoint), ...parkedLines(parked)]) output.line(line);
    return E.right(ExitCode.fine);
  });

/** `daybook webhooks deliveries ID`: its last attempts, newest first. */
export const webhooksDeliveriesCommand = (
  context: Context,
  id: string,
  flags: Readonly<{ limit: string }>,
): Promise<Outcome> =>
  withEndpoint(context, id, (registry) => {
    const limit = wholeNumberFrom('--limit', flags.limit, 1);
    if (E.isLeft(limit)) return limit;
    const attempts = registry.history.attempts(id, limit.right);
    context.output.json({ attempts });
    const none = 'Nothing has been sent yet.';
    context.output.line(attempts.length === 0 ? none : table(attempts.map(attemptRow)));
    return E.right(ExitCode.fine);
  });

/** `daybook webhooks rotate ID` */
export const webhooksRotateCommand = async (
  context: Context,
  id: string,
  flags: RotateFlags,
): Promise<Outcome> => {
  const hours = wholeNumberFrom('--overlap-hours', flags.overlapHours, 0);
  if (E.isLeft(hours)) return hours;
  const secret = await secretFrom(context, flags.secretFile);
  if (E.isLeft(secret)) return secret;
  return withEndpoint(context, id, (registry) => {
    const rotation = { ...secret.right, overlapMs: hours.right * HOUR_MS };
    const rotated = answered(registry.rotate(id, rotation, operator()));
    if (E.isLeft(rotated)) return rotated;
    showSecret(context, rotated.right);
    return E.right(ExitCode.fine);
  });
};

/** `daybook webhooks enable|disable|remove ID` */
export const webhooksChangeCommand =
  (action: 'enable' | 'disable' | 'remove') =>
  (context: Context, id: string): Promise<Outcome> =>
    withEndpoint(context, id, (registry) => {
      const changed = answered(registry[action](id, operator()));
      if (E.isLeft(changed)) return changed;
      context.output.json({ endpoint: changed.right, action });
      context.output.line(`${id}: ${action}d`);
      return E.right(ExitCode.fine);
    });

/** `daybook webhooks retry ID [--event EVENT]` */
export const webhooksRetryCommand = (
  context: Context,
  id: string,
  events: readonly string[],
): Promise<Outcome> =>
  withEndpoint(context, id, (registry) => {
    const which = events.length === 0 ? 'all' : events;
    const wanted = answered(registry.retry(id, which, operator()));
    if (E.isLeft(wanted)) return wanted;
    context.output.json({ wanted: wanted.right });
    context.output.line(`${counted(wanted.right, 'message')} will be tried again`);
    return E.right(ExitCode.fine);
  });

/** `daybook webhooks replay ID --after POSITION` */
export const webhooksReplayCommand = async (
  context: Context,
  id: string,
  flags: Readonly<{ after: string }>,
): Promise<Outcome> =>
  withEndpoint(context, id, async (registry, endpoint) => {
    const place = await logPlace({ ...context, company: endpoint.company });
    if (E.isLeft(place)) return place;
    const after = positionFrom('--after', flags.after, place.right.head);
    if (E.isLeft(after)) return after;
    const moved = answered(registry.replay(id, after.right, operator()));
    if (E.isLeft(moved)) return moved;
    context.output.json({ endpoint: moved.right });
    context.output.line(
      `${id}: everything after position ${after.right} is sent again, under the same ids.`,
    );
    return E.right(ExitCode.fine);
  });
