import {
  auditClasses,
  type AuditClass,
  type AuditedEvent,
  type AuditFinding,
  type AuditReport,
} from '@daybook/engine';
import type { Style } from '../text/style.js';
import { table } from '../text/table.js';
import { counted } from '../text/words.js';

const eventText = ({ stream, revision, position }: AuditedEvent): string =>
  `      revision ${revision} of ${stream}, position ${position}`;

const findingText = ({ company, subject, detail, events }: AuditFinding): string =>
  [`    ${company}: ${subject}: ${detail}`, ...events.map(eventText)].join('\n');

const classText = (name: AuditClass, report: AuditReport): string => {
  const of = report.findings.filter((finding) => finding.class === name);
  const rest = report.counts[name] - of.length;
  const more = rest > 0 ? [`    and ${rest} more like these`] : [];
  return [...of.map(findingText), ...more].join('\n');
};

/** What was looked at, each check with its count, and every finding with its events. */
export const auditText = (report: AuditReport, style: Style): string => {
  const { events, creditEvents, streams, position, companies, lots, charges, sessions } = report;
  const ledger =
    report.ledgerLots === null
      ? 'no read model to compare with'
      : `${counted(report.ledgerLots, 'lot')} of the credit ledger compared`;
  const names = Object.keys(auditClasses) as readonly AuditClass[];
  const rows = names.map((name) => [
    report.counts[name] === 0 ? '✓' : '✗',
    name,
    report.counts[name] === 0 ? '' : String(report.counts[name]),
    style.dim(auditClasses[name]),
  ]);
  const found = names.filter((name) => report.counts[name] > 0);
  const verdict = report.isClean ? 'Clean: everything holds.' : 'Not clean.';
  return [
    style.bold(`${counted(events, 'event')} looked at, up to position ${position}`),
    `  ${counted(creditEvents, 'credit event')} in ${counted(streams, 'stream')} of ${counted(companies, 'company', 'companies')}; ${counted(lots, 'lot')}, ${counted(charges, 'charge')}, ${counted(sessions, 'session')} with AI use or a charge; ${ledger}`,
    `  ${report.eventsPerSecond.toLocaleString('en-US')} events a second`,
    table(rows, { align: ['left', 'left', 'right'], indent: '  ' }),
    ...found.flatMap((name) => [style.bold(`  ${name}`), classText(name, report)]),
    style.bold(verdict),
  ].join('\n');
};
