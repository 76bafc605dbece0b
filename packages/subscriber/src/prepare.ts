import {
  AckPolicy,
  connect,
  type ConsumerConfig,
  DeliverPolicy,
  type JetStreamManager,
  nanos,
  RetentionPolicy,
  StorageType,
} from 'nats';
import { isNotFound } from './message-of.js';
import { connectionOptions, inFull, type Place, type PlaceInFull } from './settings.js';
import { sequenceAfter } from './sequence-after.js';

/** Where a new durable begins. A position is one of Daybook's log: events after it are delivered. */
export type StartFrom = 'beginning' | 'now' | Readonly<{ position: number }>;

export type PrepareOptions = Readonly<{
  from: StartFrom;
  /** Which events it gets, see `subjectFilter`; this is the border between companies. Default: all. */
  subject?: string;
  /** Messages under way at once, 1 to 10,000. Default 256. */
  window?: number;
  /** After how long of silence a message is delivered again. Default 30 s. */
  ackWaitMs?: number;
  /** Deliveries before the server gives a message up; the last one is used to park it. Default 20. */
  deliveriesMax?: number;
  /** Copies in a cluster. Default 1. */
  replicas?: number;
}>;

/** The durable is there, with other settings than asked for. Nothing was changed. */
export class DurableDiffers extends Error {
  override readonly name = 'DurableDiffers';
}

const consumerConfig = (place: PlaceInFull, options: PrepareOptions): Partial<ConsumerConfig> => ({
  durable_name: place.durable,
  ack_policy: AckPolicy.Explicit,
  ack_wait: nanos(options.ackWaitMs ?? 30_000),
  max_deliver: options.deliveriesMax ?? 20,
  max_ack_pending: options.window ?? 256,
  num_replicas: options.replicas ?? 1,
  ...(options.subject === undefined ? {} : { filter_subject: options.subject }),
});

const startOf = async (
  manager: JetStreamManager,
  place: PlaceInFull,
  from: StartFrom,
): Promise<Partial<ConsumerConfig>> => {
  if (from === 'beginning') return { deliver_policy: DeliverPolicy.All };
  if (from === 'now') return { deliver_policy: DeliverPolicy.New };
  const sequence = await sequenceAfter(manager, place.stream, from.position);
  return { deliver_policy: DeliverPolicy.StartSequence, opt_start_seq: sequence };
};

const FIXED = ['ack_policy', 'max_ack_pending', 'filter_subject', 'ack_wait'] as const;

const ensureDurable = async (
  manager: JetStreamManager,
  place: PlaceInFull,
  options: PrepareOptions,
): Promise<'made' | 'there'> => {
  const wanted = consumerConfig(place, options);
  try {
    const { config } = await manager.consumers.info(place.stream, place.durable);
    const different = FIXED.filter((setting) => config[setting] !== wanted[setting]);
    if (different.length === 0) return 'there';
    throw new DurableDiffers(`Durable ${place.durable} has another ${different.join(', ')}.`);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
  const start = await startOf(manager, place, options.from);
  await manager.consumers.add(place.stream, { ...wanted, ...start });
  return 'made';
};

const ensureStream = async (
  manager: JetStreamManager,
  wanted: Readonly<{ name: string; subjects: string[]; replicas: number }>,
): Promise<void> => {
  try {
    await manager.streams.info(wanted.name);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    await manager.streams.add({
      name: wanted.name,
      subjects: wanted.subjects,
      storage: StorageType.File,
      retention: RetentionPolicy.Limits,
      num_replicas: wanted.replicas,
    });
  }
};

export const parkedStreamOf = ({ stream }: Pick<PlaceInFull, 'stream'>): string =>
  `${stream}_PARKED`;
export const advisoryStreamOf = ({ stream }: Pick<PlaceInFull, 'stream'>): string =>
  `${stream}_ADVISORIES`;

/**
 * What an operator does once for a subscriber: the stream for parked messages, one that keeps the server's
 * own word of messages that were given up or terminated, and the durable with its filter and its start.
 * Repeated, it changes nothing.
 */
export const prepareSubscriber = async (
  at: Place,
  options: PrepareOptions,
): Promise<'made' | 'there'> => {
  const place = inFull(at);
  const replicas = options.replicas ?? 1;
  const connection = await connect(connectionOptions(place));
  try {
    const manager = await connection.jetstreamManager({ timeout: place.timeoutMs });
    await ensureStream(manager, {
      name: parkedStreamOf(place),
      subjects: [`${place.parkedPrefix}.>`],
      replicas,
    });
    await ensureStream(manager, {
      name: advisoryStreamOf(place),
      subjects: ['MAX_DELIVERIES', 'MSG_TERMINATED'].map(
        (what) => `$JS.EVENT.ADVISORY.CONSUMER.${what}.${place.stream}.>`,
      ),
      replicas,
    });
    return await ensureDurable(manager, place, options);
  } finally {
    await connection.close();
  }
};
