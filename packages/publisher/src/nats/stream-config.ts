import { DiscardPolicy, nanos, RetentionPolicy, StorageType, type StreamConfig } from 'nats';
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

/** Settings of the stream that are not as they must be; those that nobody asked for may be anything. */
export const differencesOf = (
  wanted: Partial<StreamConfig>,
  found: StreamConfig,
): readonly SettingDifference[] => {
  const differences: SettingDifference[] = [];
  for (const [setting, value] of Object.entries(wanted)) {
    const actual: unknown = Reflect.get(found, setting);
    if (words(actual ?? false) !== words(value ?? false))
      differences.push({ setting, wanted: words(value), found: words(actual) });
  }
  if (found.mirror !== undefined)
    differences.push({ setting: 'mirror', wanted: 'none', found: 'a mirror of another stream' });
  if ((found.sources ?? []).length > 0)
    differences.push({ setting: 'sources', wanted: 'none', found: 'other streams' });
  return differences;
};
