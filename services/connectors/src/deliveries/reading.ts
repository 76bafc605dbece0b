import type Database from 'better-sqlite3';
import { COLUMNS, type Delivery, type Listed, type UnrecalledItem } from './rows.js';

export type DeliveryCounts = Readonly<Partial<Record<Delivery['state'], number>>>;

/** What can be asked beside the process that writes. */
export type DeliveryReader = Readonly<{
  /** In the order of the log. */
  list: (listed: Listed) => readonly Delivery[];
  unrecalled: (listed: Omit<Listed, 'state' | 'after'>) => readonly UnrecalledItem[];
  counts: (connector: string) => DeliveryCounts;
  connectors: () => readonly Readonly<{ connector: string; position: number }>[];
}>;

type Filter = Readonly<{
  connector: string | null;
  company: string | null;
  session: string | null;
  state: string | null;
  after: number;
  limit: number;
}>;

const filterOf = ({ connector, company, session, state, after, limit }: Listed): Filter => ({
  connector: connector ?? null,
  company: company ?? null,
  session: session ?? null,
  state: state ?? null,
  after: after ?? 0,
  limit,
});

const WHERE = `connector = ifnull(@connector, connector) AND company = ifnull(@company, company)
  AND session = ifnull(@session, session)`;

export const deliveryReader = (db: Database.Database): DeliveryReader => {
  const list = db.prepare<[Filter], Delivery>(
    `SELECT ${COLUMNS} FROM deliveries WHERE ${WHERE} AND state = ifnull(@state, state)
      AND position > @after ORDER BY position, connector LIMIT @limit`,
  );
  const unrecalled = db.prepare<[Filter], UnrecalledItem>(
    `SELECT connector, company, session, event_id AS eventId, what, remote_id AS id, why
      FROM unrecalled JOIN deliveries USING (connector, event_id)
      WHERE ${WHERE} ORDER BY position, connector, ordinal LIMIT @limit`,
  );
  const counts = db.prepare<[string], { state: Delivery['state']; rows: number }>(
    'SELECT state, count(*) AS rows FROM deliveries WHERE connector = ? GROUP BY state',
  );
  const connectors = db.prepare<[], { connector: string; position: number }>(
    'SELECT connector, position FROM read_up_to ORDER BY connector',
  );
  return {
    list: (listed) => list.all(filterOf(listed)),
    unrecalled: (listed) => unrecalled.all(filterOf(listed)),
    counts: (connector) =>
      Object.fromEntries(counts.all(connector).map(({ state, rows }) => [state, rows])),
    connectors: () => connectors.all(),
  };
};
