/**
 * The ledger against the portal's purchase export and against the sessions (rulebook §5, last point).
 * Pure: facts of one order, one session or the company's months in, findings out; the order in which
 * facts come changes nothing (`test/reconciliation/laws.test.ts`). It shares no code with the account
 * that it checks.
 */
export {
  columnNames,
  readHeader,
  type ColumnName,
  type Columns,
  type HeaderProblem,
} from './columns.js';
export {
  isInScope,
  type Activation,
  type EventRef,
  type LedgerPurchase,
  type LedgerRefund,
  type MonthFacts,
  type OrderFacts,
  type PortalContent,
  type PortalPurchase,
  type PortalStatus,
  type Scope,
  type SessionFact,
  type UnreadableLine,
} from './facts.js';
export {
  findingClasses,
  type DifferingField,
  type Finding,
  type FindingClass,
} from './findings.js';
export { readPortalLine } from './portal-line.js';
export { reconcileMonths } from './reconcile-months.js';
export { reconcileOrder } from './reconcile-order.js';
export { reconcileSession } from './reconcile-session.js';
