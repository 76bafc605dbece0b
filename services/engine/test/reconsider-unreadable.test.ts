import { randomUUID } from 'node:crypto';
import { streamOf } from '@daybook/domain/kernel';
import type { EventStore } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import type { CompanyCommand } from '../src/company-command.js';
import { runCompanyCommand } from '../src/company-commands.js';
import { defaultNotice } from '../src/config.js';
import { callForEntry } from '../src/import-journal.js';
import { memoryNotes } from '../src/notes-file.js';
import { recordEntry, type EntryAnswer } from '../src/session-flow.js';
import { makeTimekeeping } from '../src/timekeeping.js';
import {
  AT,
  chat,
  COMPANY,
  engineOver,
  memoryCheckpoints,
  memoryStore,
  right,
  setUp,
  started,
} from './in-memory-engine.js';

// Goal: damage to one session keeps no other from being decided when a fact changes, and is on the list
// for a person; damage to a fact stops everything, because text would be gathered on the facts of before.
// Method: an event that no codec reads, put into the stream of the one or the other.

const damage = async (store: EventStore, stream: string, type: string): Promise<number> => {
  for await (const page of store.readStream(stream, { direction: 'backwards', limit: 1 })) {
    const { revision, metadata } = right(page).events[0] ?? { revision: -1, metadata: '' };
    const event = { id: randomUUID(), type, data: '{}', metadata };
    right(await store.append(stream, revision, [event])());
    return revision + 1;
  }
  throw new Error(`${stream} has events`);
};

const running = async () => {
  const engine = engineOver(memoryStore());
  await setUp(engine, 1);
  const { store, deps } = engine;
  const checkpoints = memoryCheckpoints();
  const config = { clock: () => AT, notice: defaultNotice, ruleBook: deps.ruleBook };
  const timekeeping = makeTimekeeping({ deps, store, checkpoints, notes: memoryNotes() }, config);
  const { factsFirst } = timekeeping;
  const run = factsFirst.company(runCompanyCommand(deps));
  const actor = { kind: 'administrator', id: 'u-admin' } as const;
  const company = (command: CompanyCommand) => {
    const commandId = `test/${JSON.stringify(command)}`;
    return run({ company: COMPANY, actor, commandId, correlationId: commandId, at: AT }, command);
  };
  const entry = (given: Parameters<typeof chat>[0], line: typeof chat): Promise<EntryAnswer> =>
    factsFirst.entry(COMPANY, () =>
      recordEntry(deps)(callForEntry(COMPANY, line(given)), line(given), 'api'),
    );
  for (const session of ['s1', 's2']) right(await entry(session, started));
  return { store, checkpoints, company, entry };
};

const off = { command: 'SetSummariesOption', path: 'outgoing', enabled: false } as const;

describe('a fact that changes while a session cannot be read', () => {
  it('is decided for the other sessions, and listed for that one', async () => {
    const { store, checkpoints, company, entry } = await running();
    const stream = streamOf('session', COMPANY, 's1');
    const revision = await damage(store, stream, 'ContentCaptured');
    right(await company(off));
    expect(right(await entry('s2', chat)).refusal).toStrictEqual({
      _tag: 'NoBasis',
      reason: 'outgoing-off',
    });
    expect(await entry('s1', chat)).toMatchObject({ left: { _tag: 'CorruptEvent', stream } });
    const parked = checkpoints.unfinished.list({ state: 'parked', limit: 9 });
    expect(parked.map(({ process, reason }) => ({ process, reason }))).toStrictEqual([
      {
        process: 'reconsider',
        reason: `unreadable ContentCaptured, revision ${revision} of ${stream}`,
      },
    ]);
    right(await company({ command: 'DeactivateAi' }));
  });
});

describe('a fact that changes while another cannot be read', () => {
  it('stops whatever rests on it', async () => {
    const { store, company, entry } = await running();
    const stream = streamOf('user', COMPANY, 'u-1');
    const revision = await damage(store, stream, 'SessionLoggingSet');
    const message = `A fact cannot be read: unreadable SessionLoggingSet, revision ${revision} of ${stream}.`;
    const stopped = E.left({ _tag: 'CorruptStore', message });
    expect(await company(off)).toStrictEqual(stopped);
    expect(await entry('s2', chat)).toStrictEqual(stopped);
  });
});
