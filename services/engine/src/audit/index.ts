/**
 * The audit of credits: the whole log counted again, by code of its own, against what must always hold
 * (rulebook §5) and against the credit ledger. `auditClasses` says what is looked for; test/audit-*.ts
 * plant each kind of defect and see it found.
 */
export { auditLog, type AuditOptions, type AuditReport } from './audit-log.js';
export { auditClasses, type AuditClass, type AuditedEvent, type AuditFinding } from './findings.js';
export { ledgerFigures, type LedgerAccount, type LedgerFigures } from './ledger.js';
