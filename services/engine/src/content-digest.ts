import { createHash, hash, type Hash } from 'node:crypto';
import type { EventStore, ReadError, StoredEvent } from '@daybook/event-store';
import Database from 'better-sqlite3';
import * as E from 'fp-ts/lib/Either.js';

/** Columns that tell where and when something was recorded, and nothing of what it says. */
const RECORDING_COLUMN = /^(doc|ordinal|recorded_at|(.+_)?position)$/;

/** What a store writes for itself: metadata, groups and their checkpoints, links. */
export const isOfTheStore = ({ stream, type }: Pick<StoredEvent, 'stream' | 'type'>): boolean =>
  type.startsWith('$') || stream.startsWith('$');

const contentOf = (event: StoredEvent): string =>
  JSON.stringify([event.stream, event.revision, event.id, event.type, event.data, event.metadata]);

/**
 * SHA-256 of what the log says, stream by stream in the order of their names: the same input gives
 * the same digest, in whatever order and however often interrupted its streams were written, and in whatever store.
 * Events of the store's own say nothing of ours, and are left out.
 */
export const logContentDigest = async (
  reader: Pick<EventStore, 'readAll'>,
): Promise<E.Either<ReadError, string>> => {
  const streams = new Map<string, Hash>();
  for await (const page of reader.readAll()) {
    if (E.isLeft(page)) return page;
    for (const event of page.right.events) {
      if (isOfTheStore(event)) continue;
      const known = streams.get(event.stream);
      const stream = known ?? createHash('sha256');
      if (known === undefined) streams.set(event.stream, stream);
      stream.update(contentOf(event)).update('\n');
    }
  }
  const whole = createHash('sha256');
  for (const name of [...streams.keys()].sort())
    whole.update(`${name} ${streams.get(name)?.digest('hex') ?? ''}\n`);
  return E.right(whole.digest('hex'));
};

type Table = Readonly<{ schema: string; name: string; type: string }>;

const tableDigest = (db: Database.Database, table: string): string => {
  const columns = (db.pragma(`table_info("${table}")`) as readonly Readonly<{ name: string }>[])
    .map(({ name }) => name)
    .filter((name) => !RECORDING_COLUMN.test(name));
  const selected = columns.map((name) => `"${name}"`).join(', ');
  const rows: string[] = [];
  for (const row of db.prepare(`SELECT ${selected} FROM "${table}"`).raw().iterate())
    rows.push(hash('sha256', JSON.stringify(row), 'hex'));
  const whole = createHash('sha256');
  for (const row of rows.sort()) whole.update(row);
  return whole.digest('hex');
};

/** SHA-256 of the rows of a read model, without where and when they were recorded and in no order. */
export const rowContentDigest = (file: string): string => {
  const db = new Database(file, { readonly: true, fileMustExist: true });
  try {
    db.exec('BEGIN');
    const whole = createHash('sha256');
    const tables = (db.pragma('table_list') as readonly Table[])
      .filter(({ schema, name }) => schema === 'main' && !name.startsWith('sqlite_'))
      // A full-text index holds nothing that its table does not.
      .filter(({ name, type }) => type === 'table' && name !== 'projection_checkpoint')
      .map(({ name }) => name)
      .sort();
    for (const table of tables) whole.update(`${table} ${tableDigest(db, table)}\n`);
    return whole.digest('hex');
  } finally {
    db.close();
  }
};
