/**
 * Every event that Daybook stores, by type name. Stored types are unique across contexts, so a reader
 * of the whole log needs one lookup to find the codec.
 */
import { creditEvents } from '../credits/events.js';
import { deviceEvents, groupEvents, policyEvents } from '../device-policy/events.js';
import type { EventTable } from '../kernel/index.js';
import { companyEvents, userEvents } from '../organization/events.js';
import { sessionEvents } from '../session-insights/events.js';
import { summaryEvents } from '../summaries/events.js';
import { commandEvents } from './command-events.js';

export {
  commandEvents,
  isCommandEvent,
  type CommandEvent,
  type CommandRefused,
} from './command-events.js';

export const eventsByCategory = {
  company: companyEvents,
  user: userEvents,
  policy: policyEvents,
  group: groupEvents,
  device: deviceEvents,
  session: sessionEvents,
  summary: summaryEvents,
  credits: creditEvents,
};

export const allEvents = {
  ...companyEvents,
  ...userEvents,
  ...policyEvents,
  ...groupEvents,
  ...deviceEvents,
  ...sessionEvents,
  ...summaryEvents,
  ...creditEvents,
  ...commandEvents,
} satisfies EventTable;

export type StoredEventType = keyof typeof allEvents;
