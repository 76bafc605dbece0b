import {
  findingClasses,
  type EventRef,
  type Finding,
  type FindingClass,
} from '@daybook/domain/reconciliation';
import { unreadableInWords } from '../portal/portal-file.js';
import type { Style } from '../text/style.js';
import { counted, listed } from '../text/words.js';

/** How often each class was found, and the first of each, in the order in which they were found. */
export type Tally = Readonly<{
  add: (finding: Finding) => void;
  counts: ReadonlyMap<FindingClass, number>;
  findings: () => readonly Finding[];
  total: () => number;
}>;

/** Counts every finding and keeps `limit` of each class, so that memory does not grow with the damage. */
export const makeTally = (limit: number): Tally => {
  const counts = new Map<FindingClass, number>();
  const kept: Finding[] = [];
  const rank = new Map(findingClasses.map(([name], index) => [name, index]));
  return {
    add: (finding) => {
      const count = (counts.get(finding.class) ?? 0) + 1;
      counts.set(finding.class, count);
      if (count <= limit) kept.push(finding);
    },
    counts,
    findings: () => kept.toSorted((a, b) => (rank.get(a.class) ?? 0) - (rank.get(b.class) ?? 0)),
    total: () => [...counts.values()].reduce((sum, count) => sum + count, 0),
  };
};

const remedies: Readonly<Record<FindingClass, string>> = {
  'portal-line-unreadable': 'Repair these lines, or export the file again.',
  'purchase-missing-in-ledger':
    'Record them: daybook credits purchase --order N --amount N --at INSTANT',
  'purchase-missing-in-portal':
    'Does the export cover the time, and was this bought? If not, the purchase is to be refunded.',
  'duplicate-order-differs': 'Ask the portal which line holds; one order is one purchase.',
  'order-twice-in-ledger': 'One order is one purchase: refund the later one.',
  'amount-differs': 'Compare the invoice; the ledger’s purchase is never changed, only corrected.',
  'instant-differs': 'The day decides when the credits lapse; compare the invoice.',
  'refund-missing-in-ledger': 'Record the refund, so that what remains of the lot is voided.',
  'refund-missing-in-portal': 'Ask the portal whether the money was given back.',
  'month-without-grant': 'daybook credits balance issues the months that are due.',
  'session-charged-twice': 'Reverse what is too much.',
  'charged-without-ai-use': 'Reverse the charge, unless the use is recorded late.',
  'ai-use-without-charge': 'See daybook session show SESSION for what became of the charge.',
  'summary-without-charge': 'See daybook session show SESSION for what became of the charge.',
};

type Shown = Readonly<{ file: string; style: Style; when: (instant: number) => string }>;

const statusWords = (status: string | null): string => (status === null ? '' : `, ${status}`);

const orderDetail = (
  finding: Extract<Finding, Readonly<{ orderNumber: string }>>,
  { when }: Shown,
): string => {
  switch (finding.class) {
    case 'purchase-missing-in-ledger': {
      const { credits, purchasedAt, status } = finding;
      return `${counted(credits, 'credit')}, ${when(purchasedAt)}${statusWords(status)}`;
    }
    case 'purchase-missing-in-portal':
      return `${counted(finding.credits, 'credit')}, ${when(finding.purchasedAt)}`;
    case 'duplicate-order-differs':
      return `differs in ${listed(finding.differsIn)}`;
    case 'order-twice-in-ledger':
      return `${counted(finding.credits, 'credit')} in all`;
    case 'amount-differs':
      return `portal ${finding.portalCredits}, ledger ${finding.ledgerCredits}`;
    case 'instant-differs':
      return `portal ${finding.portalDay}, ledger ${finding.ledgerDay}`;
    case 'refund-missing-in-ledger':
      return 'refunded in the portal';
    case 'refund-missing-in-portal':
      return 'refunded in the ledger';
  }
};

const sessionDetail = (finding: Extract<Finding, Readonly<{ sessionId: string }>>): string => {
  switch (finding.class) {
    case 'session-charged-twice':
    case 'ai-use-without-charge':
      return `charged ${finding.charged}, owes ${finding.owed}`;
    case 'charged-without-ai-use':
      return `charged ${finding.charged}`;
    case 'summary-without-charge':
      return 'has a summary';
  }
};

/** What was found, without where. */
const detail = (finding: Finding, shown: Shown): string => {
  if (finding.class === 'portal-line-unreadable')
    return unreadableInWords(shown.file, finding.lines[0] ?? 0, finding);
  if (finding.class === 'month-without-grant')
    return `${finding.month}, due ${shown.when(finding.dueAt)}`;
  return 'sessionId' in finding
    ? `${finding.sessionId}: ${sessionDetail(finding)}`
    : `${finding.orderNumber}: ${orderDetail(finding, shown)}`;
};

const eventInWords = ({ stream, revision, position, eventId }: EventRef): string =>
  `${stream} revision ${revision}, position ${position}, event ${eventId}`;

const placesOf = (finding: Finding, file: string): readonly string[] => [
  ...(finding.class === 'portal-line-unreadable'
    ? []
    : finding.lines.map((line) => `${file}:${line}`)),
  ...finding.events.map(eventInWords),
];

/** The findings by class, each with its lines and events. */
export const findingsText = (tally: Tally, shown: Shown): string => {
  const { style, file } = shown;
  const parts: string[] = [];
  const findings = tally.findings();
  for (const [name, words] of findingClasses) {
    const count = tally.counts.get(name);
    if (count === undefined) continue;
    const kept = findings.filter((finding) => finding.class === name);
    parts.push(
      `${style.red('✗')} ${style.bold(`${words}: ${count.toLocaleString('en-US')}`)} (${name})`,
    );
    parts.push(`  ${style.dim(remedies[name])}`);
    for (const finding of kept) {
      parts.push(`  ${detail(finding, shown)}`);
      for (const place of placesOf(finding, file)) parts.push(`    ${style.dim(place)}`);
    }
    if (count > kept.length)
      parts.push(
        `  … and ${(count - kept.length).toLocaleString('en-US')} more; --limit N lists more.`,
      );
  }
  return parts.join('\n');
};
