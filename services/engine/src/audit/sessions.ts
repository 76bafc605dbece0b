import { chargeAmount } from '@daybook/domain/credits';
import { rulesAt, type RuleBook } from '@daybook/domain/rules';
import type { AuditAccount, AuditCharge, AuditSession } from './book.js';
import type { AuditClass, AuditedEvent, Findings } from './findings.js';

/** What an event of a session or of its summary says about AI use. */
export type AiFact = Readonly<
  | { kind: 'use'; chargeId: string; event: AuditedEvent }
  | { kind: 'message' | 'summary'; event: AuditedEvent }
>;

export const noteAiFact = (account: AuditAccount, session: AuditSession, fact: AiFact): void => {
  const { event } = fact;
  switch (fact.kind) {
    case 'use': {
      const { chargeId } = fact;
      session.use ??= event;
      if (!account.charges.has(chargeId)) session.unpaid.push({ chargeId, event });
      return;
    }
    case 'message':
      session.use ??= event;
      session.messages += 1;
      return;
    case 'summary':
      session.summary ??= event;
      return;
  }
};

type Told = Readonly<{
  account: AuditAccount;
  sessionId: string;
  session: AuditSession;
  findings: Findings;
}>;

const tell = (
  { account, sessionId, findings }: Told,
  name: AuditClass,
  what: Readonly<{ detail: string; events: readonly AuditedEvent[] }>,
): void => findings.add({ class: name, company: account.company, subject: sessionId, ...what });

/** AI use needs a charge that was held before it. */
const checkUse = (told: Told): void => {
  const { account, session } = told;
  for (const { chargeId, event } of session.unpaid) {
    const charge = account.charges.get(chargeId);
    const detail = charge === undefined ? `${chargeId} was never held` : 'used before it was held';
    const events = charge === undefined ? [event] : [event, charge.held];
    tell(told, 'ai-use-without-charge', { detail, events });
  }
  const { use, charges, unpaid } = session;
  if (use === null || unpaid.length > 0 || charges.length > 0) return;
  tell(told, 'ai-use-without-charge', { detail: 'never charged', events: [use] });
};

/** A charge that was reversed did pay for the summary: the reversal says why it no longer does. */
const checkSummary = (told: Told): void => {
  const { summary, charges } = told.session;
  if (summary === null || !charges.every(({ status }) => status === 'released')) return;
  tell(told, 'summary-without-charge', {
    detail: charges.length === 0 ? 'never charged' : 'every charge was released',
    events: [...charges.map(({ held }) => held), summary],
  });
};

const checkCharges = (told: Told): void => {
  const { use, summary, charges } = told.session;
  if (use !== null || summary !== null) return;
  for (const { status, chargeId, held } of charges)
    if (status === 'captured')
      tell(told, 'charge-without-ai-use', { detail: chargeId, events: [held] });
};

const wasGivenBack = ({ status }: AuditCharge): boolean =>
  status === 'released' || status === 'reversed';

/** Under blocks a session that is settled pays what it owes; less only after something was given back. */
const checkBlocks = (told: Told, ruleBook: RuleBook): void => {
  const { charges, messages, summary } = told.session;
  const last = charges.at(-1);
  if (last?.tariff !== 'assistant-blocks') return;
  if (charges.some(({ status }) => status === 'held')) return;
  let charged = 0;
  for (const { status, amount } of charges) if (status === 'captured') charged += amount;
  const used = { summaries: summary === null ? 0 : 1, assistantMessages: messages };
  // The charge says which tariff decided; only the size of a block comes from the rules of its instant.
  const { assistantBlockMessages } = rulesAt(ruleBook, last.heldAt);
  const owed = chargeAmount({ tariff: last.tariff, assistantBlockMessages }, used);
  if (charged === owed || (charged < owed && charges.some(wasGivenBack))) return;
  tell(told, 'blocks-charge-differs', {
    detail: `charged ${charged}, owes ${owed} for ${messages} messages`,
    events: charges.map(({ held }) => held),
  });
};

/** What can only be said of an account when every event has been seen. */
export const closeAccount = (
  account: AuditAccount,
  ruleBook: RuleBook,
  findings: Findings,
): void => {
  for (const [sessionId, session] of account.sessions) {
    const told: Told = { account, sessionId, session, findings };
    checkUse(told);
    checkSummary(told);
    checkCharges(told);
    checkBlocks(told, ruleBook);
  }
  for (const [key, { amount, event }] of account.dueLapses) {
    const subject = key.slice(key.indexOf('\n') + 1);
    const detail = `${amount} came back after the end, and no lapse followed`;
    const { company } = account;
    findings.add({ class: 'lapse-missing', company, subject, detail, events: [event] });
  }
};
