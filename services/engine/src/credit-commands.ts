import type { CreditCommand } from '@daybook/domain/credits';
import type { Call } from './call.js';
import type { CompanyCommand } from './company-command.js';

const accountCommands = [
  'PurchaseCredits',
  'RefundPurchase',
  'GrantPromotion',
  'AddCredits',
  'DeductCredits',
  'VoidLot',
  'ReverseCharge',
] as const;
type AccountCommandName = (typeof accountCommands)[number];

/** The commands from outside that change a company's credits. */
export type AccountCommand = Extract<CompanyCommand, { command: AccountCommandName }>;
export const isAccountCommand = (command: CompanyCommand): command is AccountCommand =>
  accountCommands.some((name) => name === command.command);

type Given = Extract<AccountCommand, { command: 'GrantPromotion' | 'AddCredits' }>;

const given = (call: Call, { amount, effectiveAt, expiresAt, reason, priority }: Given) => ({
  amount,
  effectiveAt,
  expiresAt,
  reason,
  author: call.actor.id,
  ...(priority === undefined ? {} : { priority }),
});

/** What the account is asked, with the time and the author of the call. */
export const creditCommandOf = (
  call: Call,
  command: AccountCommand,
  timeZone: string,
): CreditCommand => {
  const author = call.actor.id;
  switch (command.command) {
    case 'PurchaseCredits': {
      const { orderNumber, amount, priority } = command;
      const order = { orderNumber, amount, purchasedAt: call.at, timeZone };
      return {
        type: 'PurchaseCredits',
        ...order,
        ...(priority === undefined ? {} : { priority }),
      };
    }
    case 'RefundPurchase':
      return { type: 'RefundPurchase', orderNumber: command.orderNumber, refundedAt: call.at };
    case 'GrantPromotion':
      return { type: 'GrantPromotion', grantId: command.grantId, ...given(call, command) };
    case 'AddCredits':
      return { type: 'AddCredits', adjustmentId: command.adjustmentId, ...given(call, command) };
    case 'DeductCredits': {
      const { adjustmentId, amount, reason } = command;
      return { type: 'DeductCredits', adjustmentId, amount, reason, author, deductedAt: call.at };
    }
    case 'VoidLot': {
      const { voidId, lotId, reason } = command;
      return { type: 'VoidLot', voidId, lotId, reason, author, voidedAt: call.at };
    }
    case 'ReverseCharge': {
      const { chargeId, reason } = command;
      return { type: 'ReverseCharge', chargeId, reason, reversedAt: call.at };
    }
  }
};
