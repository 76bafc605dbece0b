import { sourceOf } from './cloud-event.js';

/** Companies whose part of the text is kept; beyond it all are forgotten, so that memory does not grow. */
const KEPT_MAX = 1_024;

const kept = new Map<string, CompanyText>();

/** What of a CloudEvent's text is the same for all events of a company. */
export type CompanyText = Readonly<{ source: string; partition: string }>;

/** Of an id, or of what stands for none: neither holds what JSON escapes. */
export const companyTextOf = (company: string): CompanyText => {
  const found = kept.get(company);
  if (found !== undefined) return found;
  if (kept.size === KEPT_MAX) kept.clear();
  const made = {
    source: `,"source":"${sourceOf(company)}"`,
    partition: `","partitionkey":"${company}","company":"${company}","correlationid":"`,
  };
  kept.set(company, made);
  return made;
};
