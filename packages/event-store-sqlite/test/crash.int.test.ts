import type { StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { openSqliteEventStore, verifySqliteLog } from '../src/index.js';
import { type Program, startProgram } from './programs.js';
import { type TemporaryDirectory, temporaryDirectory } from './temporary-directory.js';

/*
 * A program appends and prints each acknowledgement. It is killed without warning, again and again on the same
 * directory, at a moment that nobody chose; then the log must hold every acknowledged event where it was said to be.
 */
const ROUNDS = 6;
const WRITERS = 12;

let place: TemporaryDirectory;
beforeEach(() => {
  place = temporaryDirectory();
});
afterEach(() => place.remove());

const readLog = async (): Promise<ReadonlyMap<string, StoredEvent>> => {
  const opened = await openSqliteEventStore({ directory: place.path, clock: Date.now })();
  if (E.isLeft(opened)) throw new Error(opened.left.message);
  const events = new Map<string, StoredEvent>();
  for await (const page of opened.right.readAll()) {
    if (E.isLeft(page)) throw new Error(page.left.message);
    for (const event of page.right.events) events.set(event.id, event);
  }
  await opened.right.close();
  return events;
};

type Acknowledged = Readonly<{ stream: string; position: number; ids: readonly string[] }>;

const acknowledgedBy = ({ lines }: Program): readonly Acknowledged[] =>
  lines.slice(1).map((line) => {
    const [stream = '', position = '', ...ids] = line.split(' ');
    return { stream, position: Number(position), ids };
  });

/** Events of an append that are in the log without all the others of that append. */
const tornAppends = (events: ReadonlyMap<string, StoredEvent>): readonly string[] => {
  const found = new Map<string, number>();
  const expected = new Map<string, number>();
  for (const { stream, metadata } of events.values()) {
    const { first, count } = JSON.parse(metadata) as { first: number; count: number };
    const append = `${stream}@${String(first)}`;
    found.set(append, (found.get(append) ?? 0) + 1);
    expected.set(append, count);
  }
  return [...expected].filter(([append, n]) => found.get(append) !== n).map(([append]) => append);
};

describe('A writer that is killed while it appends', () => {
  it('has kept every acknowledged event, whole appends and streams without gaps', async () => {
    const acknowledged: Acknowledged[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const program = startProgram('append-forever.mjs', [place.path, String(WRITERS)]);
      await program.printed(2 + Math.floor(Math.random() * 2_000));
      await program.kill();
      expect(program.lines[0]).toBe('ready');
      for (const append of acknowledgedBy(program)) acknowledged.push(append);

      const events = await readLog();
      const lost = acknowledged.filter(({ stream, position, ids }) => {
        const last = events.get(ids.at(-1) ?? '');
        return last?.position !== position || ids.some((id) => events.get(id)?.stream !== stream);
      });
      expect(lost).toStrictEqual([]);
      expect(tornAppends(events)).toStrictEqual([]);
      const verified = await verifySqliteLog({ directory: place.path })();
      expect(verified).toMatchObject({ right: { events: events.size, problems: [] } });
    }
    expect(acknowledged.length).toBeGreaterThanOrEqual(ROUNDS);
  });

  it('keeps a second process out while it lives, and leaves no lock behind', async () => {
    const first = startProgram('append-forever.mjs', [place.path, '1']);
    await first.printed(2);
    const second = startProgram('append-forever.mjs', [place.path, '1']);
    await second.printed(1);
    const { pid } = first;
    expect(JSON.parse(second.lines[0] ?? '')).toMatchObject({
      _tag: 'SecondWriter',
      directory: place.path,
      holderPid: pid,
    });
    const sofar = first.lines.length;
    await first.printed(sofar + 10);
    await first.kill();
    await second.kill();
    expect((await readLog()).size).toBeGreaterThan(sofar);
  });
});
