import { startConnectors, type Connector, type Connectors } from '@daybook/connectors';
import type {
  ConsumerSource,
  ConsumerState,
  ConsumerStatus,
  Engine,
  Metrics,
} from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import { connectorsFrom, tableProblem } from '../commands/connectors.js';
import { CONNECTORS_FILE } from '../config.js';
import type { Context } from '../context.js';
import { usage, type Failure } from '../outcome.js';
import { lasting, type Part } from './part.js';

type State = ReturnType<Connector['health']>['state'];

const stateOf = (state: State): ConsumerState => {
  switch (state._tag) {
    case 'Idle':
    case 'Delivering':
      return 'running';
    case 'Paused':
    case 'LogUnavailable':
      return 'waiting';
    case 'Blocked':
      return 'blocked';
    case 'Stopped':
      return 'stopped';
  }
};

/** One whose table cannot be written has ended by itself, and says why for as long as the node runs. */
const statusOf = async (connector: Connector, hasEnded: boolean): Promise<ConsumerStatus> => {
  const { name, state, position } = connector.health();
  const { lagEvents, lagSeconds, retries, rows } = await connector.metrics();
  return {
    name: `connector-${name}`,
    kind: 'connector',
    position,
    lagEvents,
    lagSeconds,
    retries,
    parked: rows.parked ?? 0,
    state: hasEnded ? 'stopped' : stateOf(state),
    since: 'since' in state ? state.since : null,
    ...('reason' in state ? { reason: state.reason } : {}),
  };
};

/** Each connector by the name that the configuration gives it. */
const consumersOf = ({ all }: Connectors): ConsumerSource => {
  const ended = new Set<Connector>();
  for (const one of all) void one.ended.then(() => ended.add(one));
  return () => Promise.all(all.map((one) => statusOf(one, ended.has(one))));
};

/** ServiceNow and Salesforce. A remote system that is away is waited for, and keeps nothing else from its work. */
export const startDelivering = (
  context: Context,
  engine: Engine,
  metrics: Metrics,
): E.Either<Failure, Part> => {
  const { config, directory, clock } = context;
  if (config.connectorsFile === null)
    return E.left(
      usage(
        `The role connectors is not configured: set ${CONNECTORS_FILE} to a configuration file, such as /etc/daybook/connectors.json (daybook connectors check FILE reads one).`,
      ),
    );
  const configs = connectorsFrom(config.connectorsFile, config.connectors);
  if (E.isLeft(configs)) return configs;
  const started = startConnectors({
    configs: configs.right,
    store: engine.store,
    directory,
    clock,
  });
  if (E.isLeft(started)) return E.left(tableProblem(started.left.code));
  metrics.addConsumers(consumersOf(started.right));
  return E.right(lasting('connectors', started.right.stop));
};
