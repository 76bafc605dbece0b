/**
 * A company's AI credits: lots with their own lives, holds, charges and lapses, and the monthly
 * statement (rulebook §5). Whole credits, epoch milliseconds. `creditAccount.evolve` consumes the
 * account that it is given: see the README. Conservation, burn order and the expiry boundary are
 * proved in test/credits.
 */
export type {
  AlertState,
  CapturedCharge,
  Charge,
  CreditAccount,
  Deduction,
  GrantedMonth,
  IssuedStatement,
  OpenHold,
  Order,
} from './account.js';
export * from './balance.js';
export * from './burn-order.js';
export * from './charge-id.js';
export * from './commands.js';
export * from './decide.js';
export * from './events.js';
export * from './history.js';
export type { Allocation, Closed, Lot, OwnedLot, Returned } from './lot.js';
export * from './snapshot.js';
export {
  creditStatement,
  openStatement,
  statementFormat,
  type Closing,
  type CreditStatement,
  type LapseAhead,
  type StatementEntry,
  type StatementFold,
  type StatementScope,
} from './statement.js';
export * from './statement-rendering.js';
export type { StatementFigures, StatementLine } from './statement-tally.js';
export { occurredAtOf, type StatementColumn } from './statement-postings.js';
export * from './tariff.js';
