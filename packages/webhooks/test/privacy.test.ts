import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { makeInMemoryEventStore } from '@daybook/event-store';
import { storedTypesFor } from '../src/event-types.js';
import { answer, receiver } from './receiver.js';
import {
  append,
  cleanUp,
  fixture,
  newDirectory,
  registryIn,
  right,
  started,
  until,
} from './set-up.js';

afterEach(cleanUp);

const CANARY = 'canary-4711-in-a-text';
const ANSWERED = 'canary-0815-in-an-answer';

/** The same value with every text in it replaced, but for what names a form or an id. */
const withCanary = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(() => CANARY);
  if (typeof value !== 'object' || value === null) return CANARY;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name, withCanary(inner)]),
  );
};

const body = (type: string, field: 'body' | 'text'): unknown => {
  const data = fixture(type) as Record<string, Readonly<{ form: string; value: unknown }>>;
  const text = data[field];
  return { ...data, [field]: { form: text?.form, value: withCanary(text?.value) } };
};

/** Everything that is on disk for the endpoints, as text. */
const onDisk = (directory: string): string =>
  readdirSync(directory)
    .map((file) => readFileSync(join(directory, file), 'latin1'))
    .join('\n');

describe('What a session was about', () => {
  test('is in no request, delivery record, metric or problem, nor is what a receiver answers', async () => {
    const directory = newDirectory();
    const store = makeInMemoryEventStore({ clock: Date.now });
    const well = await receiver();
    const failing = await receiver(answer(500, { 'x-said': ANSWERED }, ANSWERED));
    const registry = registryIn(directory);
    for (const { url } of [well, failing])
      right(registry.add({ company: 'acme', url, types: [], after: 0 }, 'test'));
    await append(store, { type: 'ContentCaptured', data: body('ContentCaptured', 'text') });
    for (const type of ['SummaryGenerated', 'SummaryEdited'])
      await append(store, { type, category: 'summary', data: body(type, 'body') });
    await append(store, { type: 'SummaryDeleted', category: 'summary' });
    const { sender, problems } = await started({ directory, store });
    await until(() => well.received.length === 3 && failing.received.length === 1);
    await until(() => registry.list().every(({ counts }) => counts.attempts > 0));

    const types = well.received.map(
      ({ body: sent }) => (JSON.parse(sent) as { type: string }).type,
    );
    expect(types).toStrictEqual([
      'daybook.summaries.summary-generated.v1',
      'daybook.summaries.summary-edited.v1',
      'daybook.summaries.summary-deleted.v1',
    ]);
    const said = JSON.stringify([
      well.received,
      failing.received,
      right(await sender.metrics()),
      registry.list().map(({ id }) => registry.history.attempts(id, 100)),
      problems,
    ]);
    await sender.stop();
    for (const text of [said, onDisk(directory)]) {
      expect(text).not.toContain(CANARY);
      expect(text).not.toContain(ANSWERED);
    }
    // The canary is in the log: this test could find it.
    const log: string[] = [];
    for await (const page of store.readAll()) log.push(JSON.stringify(right(page).events));
    expect(log.join()).toContain(CANARY);
  });

  test('is not even read where it is only captured', () => {
    expect(storedTypesFor([]).has('ContentCaptured')).toBe(false);
    expect(storedTypesFor([]).has('SummaryGenerated')).toBe(true);
  });
});

describe('The file of the endpoints', () => {
  test('is for its owner alone, and so are the files beside it', () => {
    const directory = newDirectory();
    const registry = registryIn(directory);
    right(registry.add({ company: 'acme', url: 'http://127.0.0.1/', types: [], after: 0 }, 'test'));
    for (const file of readdirSync(directory))
      expect([file, (statSync(join(directory, file)).mode & 0o777).toString(8)]).toStrictEqual([
        file,
        '600',
      ]);
  });

  test('holds a secret no longer than it signs', () => {
    const directory = newDirectory();
    const registry = registryIn(directory);
    const added = right(
      registry.add({ company: 'acme', url: 'http://127.0.0.1/', types: [], after: 0 }, 'test'),
    );
    const { id } = added.endpoint;
    const second = right(registry.rotate(id, { overlapMs: 1_000 }, 'test'));
    const third = right(registry.rotate(id, { overlapMs: 0 }, 'test'));
    const shown = JSON.stringify([
      registry.list(),
      registry.find(id),
      registry.history.audit(id, 10),
      right(registry.disable(id, 'test')),
    ]);
    for (const { secret } of [added, second, third]) expect(shown).not.toContain(secret);
    const kept = onDisk(directory);
    expect([added, second, third].map(({ secret }) => kept.includes(secret))).toStrictEqual([
      false,
      false,
      true,
    ]);
  });

  test('forgets a removed endpoint, and keeps who removed it', () => {
    const directory = newDirectory();
    const registry = registryIn(directory);
    const { endpoint, secret } = right(
      registry.add(
        { company: 'acme', url: 'http://127.0.0.1/token-7', types: [], after: 0 },
        'ann',
      ),
    );
    right(registry.remove(endpoint.id, 'ben'));
    expect(registry.list()).toStrictEqual([]);
    expect(
      registry.history.audit(endpoint.id, 10).map(({ action, by }) => `${action} ${by}`),
    ).toStrictEqual(['removed ben', 'added ann']);
    expect(onDisk(directory)).not.toContain(secret);
    expect(onDisk(directory)).not.toContain('token-7');
  });
});
