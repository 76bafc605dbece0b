import type { Style } from '../text/style.js';
import { table } from '../text/table.js';

export type Examples = Readonly<{
  company: string;
  session: string;
  month: string;
  /** A user who may see the summaries. */
  auditor: string;
}>;

const placeholders: Examples = {
  company: 'COMPANY',
  session: 'SESSION',
  month: 'YYYY-MM',
  auditor: 'USER',
};

/** What can be asked of a server, as lines to paste into a shell. */
export const addressesText = (url: string, style: Style, examples: Examples | null): string => {
  const { company, session, month, auditor } = examples ?? placeholders;
  const base = `${url}/v1/companies/${company}`;
  const as = `-H 'Daybook-Actor: auditor:${auditor}'`;
  const rows = [
    [`curl -s ${url}/ready`, 'is it ready?'],
    [`curl -s ${base}/sessions`, 'sessions and why'],
    [`curl -s ${base}/sessions/${session}/explanation`, 'one of them, rule by rule'],
    [`curl -s ${as} ${base}/summaries/${session}`, 'its summary'],
    [`curl -s ${as} '${base}/summaries?q=printer'`, 'summaries with a word'],
    [`curl -s ${base}/credits/balance`, 'AI credits'],
    [`curl -s ${base}/credits/statement/${month}`, 'a month’s statement'],
    [`curl -s ${url}/openapi.json`, 'everything else'],
  ];
  const shown = rows.map(([command = '', what = '']) => [command, style.dim(`# ${what}`)]);
  return `${style.bold(`Serving at ${url}`)}\n${table(shown, { indent: '  ' })}`;
};
