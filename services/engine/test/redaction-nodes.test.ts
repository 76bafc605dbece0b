import { makeCommandHandler } from '@daybook/command-handling';
import { streamOf } from '@daybook/domain/kernel';
import { ruleBook } from '@daybook/domain/rules';
import type { EventStore } from '@daybook/event-store';
import type { JournalEntry } from '@daybook/session-journal';
import { defaultNotice } from '../src/config.js';
import { callForEntry } from '../src/import-journal.js';
import { makeRedactionMemory } from '../src/redaction-memory.js';
import { recordEntry } from '../src/session-flow.js';
import { AT, COMPANY, engineOver, memoryStore, right, setUp, started } from './in-memory-engine.js';

// Goal: a secret that is asked for through one node and given through another is hidden. Method: two nodes over one
// store, each with its own memory of what was said; what is stored is read back.

const nodeOver = (store: EventStore) => {
  const handler = makeCommandHandler({ store, ruleBook });
  const redaction = makeRedactionMemory(store, { manyWriters: true });
  const record = recordEntry({ handler, ruleBook, store, notice: defaultNotice, redaction });
  return async (entry: JournalEntry): Promise<void> => {
    const recorded = right(await record(callForEntry(COMPANY, entry), entry, 'api'));
    expect(recorded.refusal).toBeNull();
  };
};

const said = (speaker: 'supporter' | 'remote-side', second: number, text: string) =>
  ({
    entry: 'chat',
    session: 's',
    speaker,
    at: AT + second * 1_000,
    text,
    item: `c${second}`,
  }) as const;

const textsIn = async (store: EventStore): Promise<readonly string[]> => {
  const texts: string[] = [];
  for await (const page of store.readStream(streamOf('session', COMPANY, 's')))
    for (const { type, data } of right(page).events)
      if (type === 'ContentCaptured')
        texts.push((JSON.parse(data) as { text: { value: string } }).text.value);
  return texts;
};

describe('two nodes that take turns of one session', () => {
  it('hide the answer to what the other was asked', async () => {
    const store = memoryStore();
    await setUp(engineOver(store), 1);
    const [one, two] = [nodeOver(store), nodeOver(store)];
    await one(started('s'));
    await one(said('remote-side', 1, 'Hello, I am locked out.'));
    await two(said('supporter', 2, 'I see you, one moment.'));
    await one(said('supporter', 3, 'What is your password?'));
    await two(said('remote-side', 4, 'trombone77'));
    await one(said('supporter', 5, 'Thanks, that worked.'));
    expect(await textsIn(store)).toStrictEqual([
      'Hello, I am locked out.',
      'I see you, one moment.',
      'What is your password?',
      '[password]',
      'Thanks, that worked.',
    ]);
  });
});
