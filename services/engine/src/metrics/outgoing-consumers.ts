import type { Relay, RelayState } from '@daybook/publisher';
import { blockedInWords } from '@daybook/publisher';
import type { WebhookMetrics, WebhookSender } from '@daybook/webhooks';
import * as E from 'fp-ts/lib/Either.js';
import type { ConsumerSource, ConsumerState, ConsumerStatus } from './consumer-status.js';

const relayStates: Readonly<Record<RelayState['_tag'], ConsumerState>> = {
  Connecting: 'starting',
  Publishing: 'running',
  Waiting: 'waiting',
  StandingBack: 'standing-back',
  Blocked: 'blocked',
  Stopped: 'stopped',
};

const relayReason = (state: RelayState): string | null => {
  switch (state._tag) {
    case 'Waiting':
      return state.reason;
    case 'Blocked':
      return blockedInWords(state.blocked);
    case 'StandingBack':
      return `another relay writes the stream: ${state.writer}`;
    case 'Connecting':
    case 'Publishing':
    case 'Stopped':
      return null;
  }
};

/** The relay as one consumer. Its retries are the times that it read the stream's tail again. */
export const relayConsumer =
  (relay: Pick<Relay, 'health' | 'metrics'>): ConsumerSource =>
  async () => {
    const { state, position } = relay.health();
    const { lagEvents, lagSeconds, resyncs, unpublishable } = await relay.metrics();
    const reason = relayReason(state);
    return [
      {
        name: 'relay',
        kind: 'relay',
        position: position ?? null,
        lagEvents: lagEvents ?? null,
        lagSeconds: lagSeconds ?? null,
        retries: resyncs,
        parked: unpublishable,
        state: relayStates[state._tag],
        since: state.since,
        ...(reason === null ? {} : { reason }),
      },
    ];
  };

type Totals = Pick<ConsumerStatus, 'position' | 'lagEvents' | 'lagSeconds' | 'retries' | 'parked'>;

const unknown: Totals = {
  position: null,
  lagEvents: null,
  lagSeconds: null,
  retries: 0,
  parked: 0,
};

/** The endpoint that is furthest behind speaks for all; one that is switched off waits for nothing. */
const totalsOf = ({ endpoints, parked }: WebhookMetrics): Totals => {
  const active = endpoints.filter(({ disabled }) => disabled === null);
  const most = (of: 'lagEvents' | 'lagSeconds'): number =>
    active.reduce((found, each) => Math.max(found, each[of]), 0);
  return {
    position: active.length === 0 ? null : Math.min(...active.map(({ position }) => position)),
    lagEvents: most('lagEvents'),
    lagSeconds: most('lagSeconds'),
    retries: endpoints.reduce((sum, { retries }) => sum + retries, 0),
    parked,
  };
};

/** All webhooks as one consumer: endpoints come and go with companies, and would be labels without end. */
export const webhooksConsumer =
  (sender: Pick<WebhookSender, 'health' | 'metrics'>): ConsumerSource =>
  async () => {
    const { state, problem } = sender.health();
    const asked = state === 'stopped' ? null : await sender.metrics();
    const waits = asked !== null && E.isRight(asked) && asked.right.waiting > 0;
    const working: ConsumerState = waits ? 'waiting' : 'running';
    return [
      {
        name: 'webhooks',
        kind: 'webhooks',
        ...(asked === null || E.isLeft(asked) ? unknown : totalsOf(asked.right)),
        state: state === 'stopped' ? 'stopped' : working,
        since: null,
        ...(problem === null ? {} : { reason: problem._tag }),
      },
    ];
  };
