import type { StoredEvent } from '@daybook/event-store';

/** What the audit looks for, and what each class says. */
export const auditClasses = {
  'revision-gap': 'revisions of a stream follow each other from 0',
  'event-id-not-derived': 'an event’s id derives from its stream, command and place',
  'event-unreadable': 'an event that credits depend on can be decoded',
  'event-unknown': 'a credit event is of a type that this audit knows',
  'lot-unknown': 'an event names a lot that was granted before',
  'lot-granted-twice': 'a lot is granted once',
  'month-granted-twice': 'a month is granted once',
  'order-twice': 'an order is one purchase',
  'statement-issued-twice': 'a month is closed once',
  'lot-outside-life': 'a lot gives and gets back only inside its life',
  'lot-overdrawn': 'a lot gives no more than is left in it',
  'conservation-broken': 'granted = used + lapsed + voided + held + left, none below zero',
  'charge-unknown': 'a settlement names a charge that was held before',
  'hold-settled-twice': 'a hold settles once, and only a captured charge is reversed, once',
  'charged-twice': 'one live charge per session under per-session',
  'blocks-charge-differs': 'under assistant-blocks a session is charged what it owes',
  'lapse-counted-twice': 'a lapse is written down once',
  'lapse-missing': 'what came back to a lot that has ended lapses at once',
  'ai-use-without-charge': 'AI use has a charge',
  'summary-without-charge': 'a summary has a charge',
  'charge-without-ai-use': 'a captured charge has AI use',
  'ledger-differs': 'the credit ledger says what the events say',
} as const;

export type AuditClass = keyof typeof auditClasses;

/** Where an event stands. */
export type AuditedEvent = Readonly<{ stream: string; revision: number; position: number }>;

export type AuditFinding = Readonly<{
  class: AuditClass;
  company: string;
  /** The lot, charge, session, month or order that it is about. */
  subject: string;
  /** What was expected and what was found; ids and numbers, never session text. */
  detail: string;
  events: readonly AuditedEvent[];
}>;

/** Of each class so many findings are kept whole; the others are counted. */
const KEPT_PER_CLASS = 100;

export type Findings = Readonly<{
  add: (finding: AuditFinding) => void;
  kept: () => readonly AuditFinding[];
  counts: () => Readonly<Record<AuditClass, number>>;
}>;

export const placeOf = ({ stream, revision, position }: StoredEvent): AuditedEvent => ({
  stream,
  revision,
  position,
});

export const makeFindings = (): Findings => {
  const kept: AuditFinding[] = [];
  const counts = Object.fromEntries(Object.keys(auditClasses).map((name) => [name, 0])) as Record<
    AuditClass,
    number
  >;
  return {
    add: (finding) => {
      counts[finding.class] += 1;
      if (counts[finding.class] <= KEPT_PER_CLASS) kept.push(finding);
    },
    kept: () => kept,
    counts: () => counts,
  };
};
