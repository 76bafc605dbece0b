import type {
  AddRefused,
  Endpoint,
  EndpointNotFound,
  WebhookRegistry,
  WebhooksUnavailable,
  WithSecret,
} from '@daybook/engine';
import type { FastifyRequest } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import { at, type Answer, type Outcome } from '../answer.js';
import { logPosition } from '../asked.js';
import { fromCursor, pageOf } from '../cursor.js';
import type { ApiDeps } from '../deps.js';
import { fieldProblem, notFound, problemOf, refusalProblem, type Problem } from '../problem.js';
import { askedIn, paramOf, queryOf, type PageQuery } from '../query.js';
import { viewerIn } from '../viewer.js';
import {
  additionOf,
  replayOf,
  retryOf,
  rotationOf,
  switchOf,
  type From,
  type Body,
} from './webhook-bodies.js';

const PARKED_MAX = 1_000;
const AUDIT_MAX = 100;
/** As many as are kept. */
const ATTEMPTS_MAX = 1_000;

const notHere = (): Problem =>
  problemOf('WebhooksNotHere', {
    status: 503,
    detail:
      'This node does not send webhooks, so it manages none: ask one that runs with the role webhooks (daybook serve --roles api,processes,webhooks).',
  });

const urlReasons: Readonly<Record<string, string>> = {
  'not-a-url': 'is not a URL',
  'not-https': 'is not an https URL',
  'credentials-in-url': 'has a user or a password',
  'fragment-in-url': 'has a fragment',
  port: 'has a port that the operator does not deliver to',
  address: 'is an address that the operator does not deliver to',
};

const secretReasons: Readonly<Record<string, string>> = {
  'not-base64': 'is not whsec_ and base64',
  'too-short': 'is shorter than 24 bytes',
  'too-long': 'is longer than 64 bytes',
};

type Refused = AddRefused | EndpointNotFound | WebhooksUnavailable;

const refused = (problem: Refused): Problem => {
  switch (problem._tag) {
    case 'DestinationRefused': {
      const reason = urlReasons[problem.reason] ?? problem.reason;
      return fieldProblem(422, { field: 'url', reason });
    }
    case 'SecretRefused': {
      const reason = secretReasons[problem.reason] ?? problem.reason;
      return fieldProblem(422, { field: 'secret', reason });
    }
    case 'UnknownEventType':
      return fieldProblem(422, {
        field: 'types',
        reason: 'names what is never published',
        remedy: 'the contracts list what is',
      });
    case 'EndpointNotFound':
      return notFound();
    case 'WebhooksUnavailable':
      return problemOf(problem._tag, {
        status: 503,
        detail: 'The file of the endpoints cannot be used now; nothing was changed. Ask again.',
        headers: { 'retry-after': '1' },
      });
  }
};

/** What one company's administrator may touch: every id is looked for among the company's own. */
type Managing = Readonly<{
  company: string;
  /** Who the audit trail names. */
  by: string;
  head: number;
  registry: WebhookRegistry;
}>;

const managing = async (
  deps: ApiDeps,
  request: FastifyRequest,
  by?: unknown,
): Promise<E.Either<Problem, Managing>> => {
  const asked = askedIn(request);
  const { company } = asked;
  const viewer = await viewerIn(deps, request, { company, by });
  if (E.isLeft(viewer)) return viewer;
  const { kind, id } = viewer.right;
  if (kind !== 'administrator') return E.left(refusalProblem({ _tag: 'AdministratorRequired' }));
  if (deps.webhooks === null) return E.left(notHere());
  const head = await logPosition(deps, asked);
  if (E.isLeft(head)) return head;
  return E.right({ company, by: `${kind}:${id}`, head: head.right, registry: deps.webhooks });
};

const ownIn = (request: FastifyRequest, found: Managing): E.Either<Problem, Endpoint> => {
  const endpoint = found.registry.find(paramOf(request, 'endpoint'));
  return endpoint?.company === found.company ? E.right(endpoint) : E.left(notFound());
};

/** Nothing between may keep it: a URL may carry a token. */
const forOne = { 'cache-control': 'no-store', vary: 'Daybook-Actor' };

const answerAt = ({ head }: Managing, body: Readonly<Record<string, unknown>>): Answer =>
  at(head, body, forOne);

const shown = (endpoint: Endpoint): Readonly<Record<string, unknown>> => {
  const { id, url, types, createdAt, disabled, position: reached, waiting, counts } = endpoint;
  return { id, url, types, createdAt, disabled, reached, waiting, counts };
};

const withSecret = (found: Managing, { endpoint, secret }: WithSecret): Answer =>
  answerAt(found, { endpoint: shown(endpoint), secret });

const beyondEnd = (field: string, head: number): Problem =>
  fieldProblem(422, { field, reason: `is after the end of the log, which is ${head}` });

const positionOf = (from: From, head: number): number => {
  if (from === 'start') return 0;
  return from === 'now' ? head : from;
};

export const listEndpoints = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const found = await managing(deps, request);
  if (E.isLeft(found)) return found;
  const { registry, company } = found.right;
  return E.right(answerAt(found.right, { items: registry.list(company).map(shown) }));
};

export const addEndpoint = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const body = additionOf(request.body);
  if (E.isLeft(body)) return body;
  const { by: said, asked } = body.right;
  const found = await managing(deps, request, said);
  if (E.isLeft(found)) return found;
  const { registry, company, by, head } = found.right;
  const { from, ...rest } = asked;
  const after = positionOf(from, head);
  if (after > head) return E.left(beyondEnd('from', head));
  const added = registry.add({ ...rest, company, after }, by);
  return E.isLeft(added)
    ? E.left(refused(added.left))
    : E.right(withSecret(found.right, added.right));
};

type Work<A> = (found: Managing, endpoint: Endpoint, asked: A) => E.Either<Problem, Answer>;

const workOn = async <A>(
  deps: ApiDeps,
  request: FastifyRequest,
  given: Readonly<{ body: E.Either<Problem, Body<A>>; work: Work<A> }>,
): Promise<Outcome> => {
  const { body, work } = given;
  if (E.isLeft(body)) return body;
  const found = await managing(deps, request, body.right.by);
  if (E.isLeft(found)) return found;
  const endpoint = ownIn(request, found.right);
  return E.isLeft(endpoint) ? endpoint : work(found.right, endpoint.right, body.right.asked);
};

const nothingSaid: E.Either<Problem, Body<undefined>> = E.right({
  by: undefined,
  asked: undefined,
});

export const showEndpoint = (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> =>
  workOn(deps, request, {
    body: nothingSaid,
    work: (found, endpoint) => {
      const { history } = found.registry;
      const audit = history
        .audit(endpoint.id, AUDIT_MAX)
        .map(({ at: instant, by: actor, action, detail }) => ({
          at: instant,
          actor,
          action,
          detail,
        }));
      const parked = history.parked(endpoint.id, PARKED_MAX);
      return E.right(answerAt(found, { endpoint: shown(endpoint), parked, audit }));
    },
  });

export const listDeliveries = (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> =>
  workOn(deps, request, {
    body: nothingSaid,
    work: (found, { id }) => {
      const { limit, cursor } = queryOf<PageQuery>(request);
      const place = fromCursor<readonly [number]>(cursor, ['number']);
      if (E.isLeft(place)) return place;
      const below = place.right?.[0] ?? Infinity;
      const rows = found.registry.history
        .attempts(id, ATTEMPTS_MAX)
        .filter(({ number }) => number < below);
      return E.right(
        answerAt(
          found,
          pageOf(rows, limit, ({ number }) => [number]),
        ),
      );
    },
  });

export const rotateSecret = (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> =>
  workOn(deps, request, {
    body: rotationOf(request.body),
    work: (found, { id }, rotation) => {
      const rotated = found.registry.rotate(id, rotation, found.by);
      return E.isLeft(rotated)
        ? E.left(refused(rotated.left))
        : E.right(withSecret(found, rotated.right));
    },
  });

const changed = (
  found: Managing,
  endpoint: E.Either<EndpointNotFound | WebhooksUnavailable, Endpoint>,
): E.Either<Problem, Answer> =>
  E.isLeft(endpoint)
    ? E.left(refused(endpoint.left))
    : E.right(answerAt(found, { endpoint: shown(endpoint.right) }));

export const switchEndpoint = (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> =>
  workOn(deps, request, {
    body: switchOf(request.body),
    work: (found, { id }, isEnabled) =>
      changed(found, found.registry[isEnabled ? 'enable' : 'disable'](id, found.by)),
  });

export const removeEndpoint = (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> =>
  workOn(deps, request, {
    body: nothingSaid,
    work: (found, { id }) => changed(found, found.registry.remove(id, found.by)),
  });

export const replayEndpoint = (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> =>
  workOn(deps, request, {
    body: replayOf(request.body),
    work: (found, { id }, after) =>
      after > found.head
        ? E.left(beyondEnd('after', found.head))
        : changed(found, found.registry.replay(id, after, found.by)),
  });

export const retryDeliveries = (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> =>
  workOn(deps, request, {
    body: retryOf(request.body),
    work: (found, { id }, events) => {
      const wanted = found.registry.retry(id, events, found.by);
      return E.isLeft(wanted)
        ? E.left(refused(wanted.left))
        : E.right(answerAt(found, { wanted: wanted.right }));
    },
  });
