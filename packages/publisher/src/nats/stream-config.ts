import {
  DiscardPolicy,
  millis,
  nanos,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from 'nats';
import type { SettingDifference, StreamSettings } from '../relay/broker.js';

/**
 * The stream as it must be. Nobody deletes single messages: the stream is a copy of the log, and a hole in it
 * would be a lie. When it is full the oldest messages go, because the log can give them again.
 */
export const streamConfig = (
  settings: StreamSettings,
): Partial<StreamConfig> & { name: string } => ({
  name: settings.name,
  subjects: [`${settings.subjectPrefix}.>`],
  storage: StorageType.File,
  retention: RetentionPolicy.Limits,
  discard: DiscardPolicy.Old,
  num_replicas: settings.replicas,
  max_age: nanos(settings.maxAgeMs),
  max_bytes: settings.maxBytes,
  max_msgs: -1,
  max_msgs_per_subject: -1,
  max_msg_size: -1,
  max_consumers: -1,
  duplicate_window: nanos(settings.duplicateWindowMs),
  deny_delete: true,
  no_ack: false,
});

const words = (value: unknown): string => JSON.stringify(value ?? null);

/** Settings that are configured, by the variable that does it and in the way it is written. */
const CONFIGURED: Readonly<
  Record<string, Readonly<{ told: string; write: (value: number) => string }>>
> = {
  num_replicas: { told: 'DAYBOOK_RELAY_REPLICAS', write: String },
  max_age: { told: 'DAYBOOK_RELAY_MAX_AGE', write: (value) => `${millis(value)}ms` },
  max_bytes: {
    told: 'DAYBOOK_RELAY_MAX_BYTES',
    write: (value) => (value === -1 ? 'unlimited' : String(value)),
  },
  duplicate_window: {
    told: 'DAYBOOK_RELAY_DEDUPE_WINDOW',
    write: (value) => `${millis(value)}ms`,
  },
};

const differenceOf = (setting: string, wanted: unknown, found: unknown): SettingDifference => {
  const configured = CONFIGURED[setting];
  return configured !== undefined && typeof wanted === 'number' && typeof found === 'number'
    ? {
        setting: `${setting} (${configured.told})`,
        wanted: configured.write(wanted),
        found: configured.write(found),
      }
    : { setting, wanted: words(wanted), found: words(found) };
};

/** Settings of the stream that are not as they must be; those that nobody asked for may be anything. */
export const differencesOf = (
  wanted: Partial<StreamConfig>,
  found: StreamConfig,
): readonly SettingDifference[] => {
  const differences: SettingDifference[] = [];
  for (const [setting, value] of Object.entries(wanted)) {
    const actual: unknown = Reflect.get(found, setting);
    if (words(actual ?? false) !== words(value ?? false))
      differences.push(differenceOf(setting, value, actual));
  }
  if (found.mirror !== undefined)
    differences.push({ setting: 'mirror', wanted: 'none', found: 'a mirror of another stream' });
  if ((found.sources ?? []).length > 0)
    differences.push({ setting: 'sources', wanted: 'none', found: 'other streams' });
  return differences;
};
