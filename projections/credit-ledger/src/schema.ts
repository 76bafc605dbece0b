/**
 * `entries` is the ledger: one row per event and lot. `lots` holds the sums of its entries, `charges` where
 * each charge stands. Every table is one tree in the order in which it is asked for: an index would cost a rebuild more than
 * everything else. Amounts are whole credits, instants epoch milliseconds.
 */
export const schema = `
CREATE TABLE lots(
  company TEXT NOT NULL,
  lot_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('free', 'promotional', 'adjustment', 'purchased')),
  month TEXT,
  plan TEXT,
  order_number TEXT,
  priority INTEGER NOT NULL,
  effective_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  granted INTEGER NOT NULL,
  used INTEGER NOT NULL,
  held INTEGER NOT NULL,
  voided INTEGER NOT NULL,
  lapsed INTEGER NOT NULL,
  position INTEGER NOT NULL,
  PRIMARY KEY (company, lot_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE entries(
  company TEXT NOT NULL,
  occurred_at INTEGER NOT NULL,
  position INTEGER NOT NULL,
  line INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  lot_id TEXT NOT NULL,
  amount INTEGER NOT NULL,
  charge_id TEXT,
  session_id TEXT,
  PRIMARY KEY (company, occurred_at, position, line)
) STRICT, WITHOUT ROWID;

CREATE TABLE charges(
  company TEXT NOT NULL,
  session_id TEXT NOT NULL,
  charge_id TEXT NOT NULL,
  generation INTEGER NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('held', 'captured', 'released', 'reversed')),
  amount INTEGER NOT NULL,
  allocations TEXT NOT NULL,
  tariff TEXT NOT NULL,
  held_at INTEGER NOT NULL,
  times_out_at INTEGER NOT NULL,
  settled_at INTEGER,
  reason TEXT,
  position INTEGER NOT NULL,
  PRIMARY KEY (company, session_id, charge_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE accounts(
  company TEXT NOT NULL PRIMARY KEY,
  revision INTEGER NOT NULL,
  position INTEGER NOT NULL,
  charges_held INTEGER NOT NULL,
  charges_captured INTEGER NOT NULL,
  charges_released INTEGER NOT NULL,
  charges_reversed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
