import type { InsightsSetting } from './events.js';

export const isSameSetting = (a: InsightsSetting, b: InsightsSetting): boolean =>
  a.state === b.state && a.reporting === b.reporting && a.insights === b.insights;

/** An absent setting has no values: the stored form keeps both toggles false. */
export const isWellFormed = (setting: InsightsSetting): boolean =>
  setting.state !== 'absent' || (!setting.reporting && !setting.insights);
