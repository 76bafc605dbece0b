import { makeCommandHandler } from '@daybook/command-handling';
import { streamOf } from '@daybook/domain/kernel';
import { ruleBook } from '@daybook/domain/rules';
import type { EventStore } from '@daybook/event-store';
import type { JournalEntry } from '@daybook/session-journal';
import { runCompanyCommand } from '../src/company-commands.js';
import type { CompanyCommand } from '../src/company-command.js';
import { defaultNotice } from '../src/config.js';
import { callForEntry } from '../src/import-journal.js';
import { memoryNotes } from '../src/notes-file.js';
import { makeRedactionMemory } from '../src/redaction-memory.js';
import { recordEntry } from '../src/session-flow.js';
import { makeTimekeeping } from '../src/timekeeping.js';
import {
  AT,
  chat,
  COMPANY,
  engineOver,
  headOf,
  memoryCheckpoints,
  memoryStore,
  right,
  setUp,
  started,
} from './in-memory-engine.js';

// Goal: with two nodes on one log, a fact that one of them writes counts for the sessions of the other,
// from its instant on and once. Method: two compositions of the engine's parts over one store, each with
// its own fold, checkpoints and notes.

const nodeOver = (store: EventStore) => {
  const deps = { handler: makeCommandHandler({ store, ruleBook }), ruleBook, store };
  const parts = { deps, store, checkpoints: memoryCheckpoints(), notes: memoryNotes() };
  const config = { clock: () => AT, notice: defaultNotice, ruleBook };
  const { factsFirst, reconsider } = makeTimekeeping({ ...parts, manyWriters: true }, config);
  const run = factsFirst.company(runCompanyCommand(deps));
  const sessionDeps = { ...deps, notice: defaultNotice, redaction: makeRedactionMemory(store) };
  const actor = { kind: 'administrator', id: 'u-admin' } as const;
  return {
    reconsider,
    company: (command: CompanyCommand, at: number) => {
      const commandId = `node/${JSON.stringify(command)}/${at}`;
      return run({ company: COMPANY, actor, commandId, correlationId: commandId, at }, command);
    },
    entry: async (given: JournalEntry): Promise<string | null> => {
      const call = callForEntry(COMPANY, given);
      const recorded = await factsFirst.entry(COMPANY, () =>
        recordEntry(sessionDeps)(call, given, 'api'),
      );
      return right(recorded).refusal?._tag ?? null;
    },
  };
};

const off = { command: 'SetSummariesOption', path: 'outgoing', enabled: false } as const;

const decisions = async (store: EventStore): Promise<readonly (readonly unknown[])[]> => {
  const found: (readonly unknown[])[] = [];
  for await (const page of store.readStream(streamOf('session', COMPANY, 's')))
    for (const { type, data } of right(page).events) {
      const { outcome, decidedAt } = JSON.parse(data) as { outcome: string; decidedAt: number };
      if (type === 'EligibilityDecided') found.push([outcome, decidedAt - AT]);
    }
  return found;
};

const setting = async (): Promise<EventStore> => {
  const store = memoryStore();
  await setUp(engineOver(store), 1);
  return store;
};

describe('two nodes on one log', () => {
  it('refuse content from a change on, whichever of them wrote it', async () => {
    const store = await setting();
    const node = nodeOver(store);
    expect(await node.entry(started('s'))).toBeNull();
    expect(await node.entry(chat('s', 'before'))).toBeNull();
    // The other node dies before it can decide anything: the fact is all that is in the log.
    right(await engineOver(store).company(off, AT + 1_000));
    expect(await node.entry(chat('s', 'after'))).toBe('NoBasis');
    expect(await decisions(store)).toStrictEqual([
      ['eligible', 0],
      ['not-eligible', 1_000],
    ]);
  });

  it('decide once, where both look at the change at once', async () => {
    const store = await setting();
    const nodes = [nodeOver(store), nodeOver(store), nodeOver(store)];
    await nodes[0]?.entry(started('s'));
    right(await engineOver(store).company(off, AT + 1_000));
    const head = await headOf(store);
    for (const ran of await Promise.all(nodes.map((node) => node.reconsider.runUntil(head))))
      right(ran);
    expect(await decisions(store)).toHaveLength(2);
  });

  it('decide as of each change, in their order, however late they look', async () => {
    const store = await setting();
    const node = nodeOver(store);
    await node.entry(started('s'));
    right(await engineOver(store).company(off, AT + 1_000));
    right(await engineOver(store).company({ ...off, enabled: true }, AT + 3_000));
    expect(await node.entry(chat('s'))).toBe('NoBasis');
    expect(await decisions(store)).toStrictEqual([
      ['eligible', 0],
      ['not-eligible', 1_000],
      ['eligible', 3_000],
    ]);
  });

  it('decide again a session that started on facts which had been replaced before it was written', async () => {
    const store = await setting();
    let isSwitched = false;
    // Between the reading of the facts and the append of the start, another node switches the option off.
    const slow: EventStore = {
      ...store,
      append: (stream, expected, events) => async () => {
        if (stream.startsWith('session-') && !isSwitched) {
          isSwitched = true;
          right(await engineOver(store).company(off, AT));
        }
        return store.append(stream, expected, events)();
      },
    };
    expect(await nodeOver(slow).entry(started('s'))).toBeNull();
    expect(await decisions(store)).toStrictEqual([['eligible', 0]]);
    expect(await nodeOver(store).entry(chat('s'))).toBe('NoBasis');
    expect(await decisions(store)).toStrictEqual([
      ['eligible', 0],
      ['not-eligible', 0],
    ]);
  });
});
