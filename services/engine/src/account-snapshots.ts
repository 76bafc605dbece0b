import type { Snapshots } from '@daybook/command-handling';
import {
  CreditAccountSnapshotCodec,
  restoreAccount,
  snapshotOf,
  type CreditAccount,
  type CreditAccountSnapshot,
} from '@daybook/domain/credits';
import * as E from 'fp-ts/lib/Either.js';

/** Sessions in one part: a few hundred kilobytes, so that writing one holds nobody up. */
const SESSIONS_PER_PART = 2_000;

/** Everything but the charges, then the charges of some sessions at a time. */
const encode = (account: CreditAccount): readonly unknown[] => {
  const snapshot = snapshotOf(account);
  const { charges } = snapshot;
  const parts: unknown[] = [{ ...snapshot, charges: [] }];
  for (let from = 0; from < charges.length; from += SESSIONS_PER_PART)
    parts.push(charges.slice(from, from + SESSIONS_PER_PART));
  return parts;
};

/**
 * The hash has shown that the parts are the bytes which `encode` wrote; the codec shows that it wrote
 * them in today's shape. Of the charges it reads one part: a million of them would take as long to check
 * as to fold.
 */
const decode = ([first, ...others]: readonly unknown[]): CreditAccount | null => {
  const rest = CreditAccountSnapshotCodec.decode({ ...Object(first), charges: others[0] ?? [] });
  if (E.isLeft(rest)) return null;
  const charges = (others as CreditAccountSnapshot['charges'][]).flat();
  return restoreAccount({ ...rest.right, charges });
};

/** A credit account is folded from all that a company ever spent: the one stream that has no end. */
export const accountSnapshots: Snapshots<CreditAccount> = {
  version: 1,
  everyEvents: 10_000,
  encode,
  decode,
};
