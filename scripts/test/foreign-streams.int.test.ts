/**
 * Clients of the served log write streams of their own beside Daybook's: of any name, with types named like ours,
 * with bytes that are no JSON, deletions and groups. Whatever reads the log must say the same as without them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ruleBook } from '@daybook/domain/rules';
import {
  auditLog,
  defaultNotice,
  logContentDigest,
  makeExtractiveSummarizer,
  openEngine,
  openQueries,
  type Engine,
} from '@daybook/engine';
import { startEventStoreServer } from '@daybook/event-store-server';
import {
  ANY,
  binaryEvent,
  EventStoreDBClient,
  jsonEvent,
  persistentSubscriptionToStreamSettingsFromDefaults,
  START,
} from '@eventstore/db-client';
import { right, setUpCompany } from '../src/synthetic/company.js';

const COMPANY = 'acme';
const AT = Date.UTC(2026, 5, 1, 9);

let directory: string;
let engine: Engine;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'daybook-foreign-'));
  engine = right(
    await openEngine({
      directory,
      ruleBook,
      summarizer: makeExtractiveSummarizer(),
      clock: () => AT,
      notice: defaultNotice,
      summariesAtOnce: 1,
    }),
  );
  await setUpCompany(engine, { company: COMPANY, at: AT, purchased: 3 });
});

afterEach(async () => {
  await engine.close();
  rmSync(directory, { recursive: true });
});

const foreign = ['contact-1', 'contact', '-1', 'contact-a_b_c', 'sessions-acme_s-1'];

const writeForeign = async (client: EventStoreDBClient): Promise<void> => {
  for (const stream of foreign)
    await client.appendToStream(stream, [
      jsonEvent({ type: 'SummaryGenerated', data: { n: 2 }, metadata: { commandId: 'x' } }),
      jsonEvent({ type: 'SessionEnded', data: { endedAt: 'soon' } }),
      binaryEvent({ type: 'CreditsCaptured', data: Buffer.from([0, 255]) }),
    ]);
  await client.setStreamMetadata('contact-1', { maxCount: 1 });
  await client.deleteStream('contact-a_b_c', { expectedRevision: ANY });
  await client.tombstoneStream('gone-1', { expectedRevision: ANY });
  const settings = persistentSubscriptionToStreamSettingsFromDefaults({ startFrom: START });
  await client.createPersistentSubscriptionToStream('contact-1', 'group', settings);
};

const whatIsSaid = async (): Promise<unknown> => {
  const head = right(await engine.store.head()());
  for (const process of Object.values(engine.processes)) right(await process.runUntil(head));
  const audit = right(await auditLog(engine.store, { ruleBook }));
  const queries = right(await openQueries({ directory }));
  const ledger = queries.models.creditLedger.read(({ balance }) => balance(COMPANY, AT));
  await queries.close();
  const { events, streams, isClean, companies } = audit;
  const balance = ledger.answer;
  const digest = right(await logContentDigest(engine.store));
  const parked = engine.work.counts().map((counts) => counts.parked);
  return { events, streams, isClean, companies, balance, digest, parked };
};

it('says the same of the log with streams of others in it', async () => {
  const before = await whatIsSaid();
  const server = right(
    await startEventStoreServer({ store: engine.wholeLog, host: '127.0.0.1', port: 0 })(),
  );
  const address = `esdb://127.0.0.1:${String(server.port)}?tls=false`;
  const client = EventStoreDBClient.connectionString(address);
  await writeForeign(client);
  const served: string[] = [];
  for await (const { event } of client.readStream('contact', { direction: 'forwards' }))
    if (event !== undefined) served.push(event.type);
  await client.dispose();
  await server.close();
  expect(served).toStrictEqual(['SummaryGenerated', 'SessionEnded', 'CreditsCaptured']);
  expect(await whatIsSaid()).toStrictEqual(before);
  expect(before).toMatchObject({ isClean: true, companies: 1 });
});
