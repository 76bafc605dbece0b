// Written by write-contracts.mjs from the contracts of the publisher.
import { credits } from './credits.js';
import { devicePolicy } from './device-policy.js';
import { organization } from './organization.js';
import { relay } from './relay.js';
import { sessionInsights } from './session-insights.js';
import { summaries } from './summaries.js';

/** Codec of the data of every published type. */
export const publishedData = {
  ...credits,
  ...devicePolicy,
  ...organization,
  ...relay,
  ...sessionInsights,
  ...summaries,
};
