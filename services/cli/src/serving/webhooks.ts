import { readFileSync } from 'node:fs';
import { webhooksConsumer, type Engine, type Metrics } from '@daybook/engine';
import {
  openWebhooks,
  startWebhooks,
  type DestinationRules,
  type WebhookRegistry,
} from '@daybook/webhooks';
import * as E from 'fp-ts/lib/Either.js';
import type { Logger } from 'pino';
import { destinationRules } from '../commands/webhook-destinations.js';
import type { Context } from '../context.js';
import { failureOf } from '../data/failure.js';
import { usage, type Failure } from '../outcome.js';
import { lasting, type Part } from './part.js';

type Configured = Readonly<{ rules: DestinationRules; ca: readonly string[] }>;

const NETWORKS = 'DAYBOOK_WEBHOOKS_ALLOW_NETWORKS';
const PORTS = 'DAYBOOK_WEBHOOKS_ALLOW_PORTS';
const HTTP = 'DAYBOOK_WEBHOOKS_ALLOW_HTTP';
const CA_FILE = 'DAYBOOK_WEBHOOKS_CA_FILE';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g;

const words = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

const caFrom = (path: string | undefined): E.Either<Failure, readonly string[]> => {
  if (path === undefined || path === '') return E.right([]);
  try {
    const found = readFileSync(path, 'utf8').match(CERTIFICATE);
    if (found !== null) return E.right(found);
  } catch {
    // Said below: whether it is absent or empty, the remedy is the same.
  }
  return E.left(usage(`${CA_FILE}: a file that can be read, with certificates to trust (PEM).`));
};

const httpFrom = (text: string | undefined): E.Either<Failure, boolean> => {
  const said = text ?? '';
  if (['', 'true', 'false'].includes(said)) return E.right(said === 'true');
  return E.left(usage(`${HTTP}: true or false.`));
};

/** What the environment allows beyond https to public addresses on ports 443 and 8443. */
export const webhooksConfigFrom = ({ config }: Context): E.Either<Failure, Configured> => {
  const { webhooks: said } = config;
  const allowHttp = httpFrom(said[HTTP]);
  if (E.isLeft(allowHttp)) return allowHttp;
  const [allowNetwork, allowPort] = [words(said[NETWORKS]), words(said[PORTS])];
  const rules = destinationRules({ allowHttp: allowHttp.right, allowNetwork, allowPort });
  if (E.isLeft(rules))
    return E.left(
      usage(
        `${NETWORKS}: networks such as 10.1.0.0/16, ${PORTS}: ports from 1 to 65535; each separated by commas.`,
      ),
    );
  const ca = caFrom(said[CA_FILE]);
  return E.isLeft(ca) ? ca : E.right({ rules: rules.right, ca: ca.right });
};

/** The endpoints, for the API to manage. */
export const openEndpoints = (context: Context): E.Either<Failure, WebhookRegistry> => {
  const configured = webhooksConfigFrom(context);
  if (E.isLeft(configured)) return configured;
  const { directory, clock } = context;
  const opened = openWebhooks({ directory, clock, rules: configured.right.rules });
  return E.isLeft(opened) ? E.left(failureOf(opened.left)) : opened;
};

/** Sends webhooks. What keeps one endpoint or the file from its work is told in the log and waited for. */
export const startSending = async (
  context: Context,
  { engine, metrics, log }: Readonly<{ engine: Engine; metrics: Metrics; log: Logger }>,
): Promise<E.Either<Failure, Part>> => {
  const configured = webhooksConfigFrom(context);
  if (E.isLeft(configured)) return configured;
  const { directory, clock } = context;
  const started = await startWebhooks({
    directory,
    store: engine.store,
    ...configured.right,
    clock,
    random: () => Math.random(),
    onProblem: ({ endpoint, problem }) =>
      log.warn({ endpoint, problem: problem._tag }, 'webhooks wait'),
  });
  if (E.isLeft(started)) return E.left(failureOf(started.left));
  const { ended, stop } = started.right;
  metrics.addConsumers(webhooksConsumer(started.right));
  // It ends by itself only by a bug, which rejects and ends the program.
  const part = lasting('webhooks', stop);
  return E.right({ ...part, ended: Promise.race([part.ended, ended.then(() => null)]) });
};
