/**
 * `entries` is the ledger: one row per event and lot. `lots` holds the sums of its entries, `charges` where
 * each charge stands. Amounts are whole credits, instants epoch milliseconds.
 */
export const schema = `
CREATE TABLE lots(
  company TEXT NOT NULL,
  lot_id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('free', 'purchased')),
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
  position INTEGER NOT NULL,
  line INTEGER NOT NULL,
  company TEXT NOT NULL,
  occurred_at INTEGER NOT NULL,
  recorded_at INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  event_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  lot_id TEXT NOT NULL,
  amount INTEGER NOT NULL,
  charge_id TEXT,
  session_id TEXT,
  PRIMARY KEY (position, line)
) STRICT, WITHOUT ROWID;
CREATE INDEX entries_by_time ON entries(company, occurred_at);

CREATE TABLE charges(
  company TEXT NOT NULL,
  charge_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
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
  PRIMARY KEY (company, charge_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX charges_by_session ON charges(company, session_id);
CREATE INDEX charges_by_status ON charges(company, status);

CREATE TABLE accounts(
  company TEXT NOT NULL PRIMARY KEY,
  revision INTEGER NOT NULL,
  position INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;
