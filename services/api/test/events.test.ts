import { contractOf, publishedTypes, toPublishedEvent } from '@daybook/publisher';
import {
  COMPANY,
  linesOf,
  makeServer,
  rightOf,
  sendJournal,
  SESSION_TEXT,
  sessionEntries,
  setUpCompany,
  type Server,
} from './harness.js';

type CloudEvent = Readonly<{ type: string; sequence: string; company: string; subject: string }>;
type Page = Readonly<{ items: CloudEvent[]; next: string | null; checkpoint: number }>;

const EVENTS = `${COMPANY}/events`;

/** Goal: pages of events are what the relay sends, whole, in order, and of one company. */
describe('events over HTTP, by page', () => {
  let server: Server;
  beforeAll(async () => {
    server = await makeServer({ limits: { scanMax: 7 } });
    await setUpCompany(server);
    const other = '/v1/companies/acme2';
    const register = { command: 'RegisterCompany', plan: 'business', timeZone: 'UTC' };
    expect((await server.post(`${other}/commands`, register)).status).toBe(200);
    await sendJournal(server, linesOf([...sessionEntries('s-1'), ...sessionEntries('s-2')]));
    await server.post(`${other}/commands`, { command: 'ActivateAi', termsVersion: '1' });
    await server.settle();
  });
  afterAll(() => server.stop());

  const page = async (query: string): Promise<Page> => {
    const answer = await server.get(`${EVENTS}?${query}`);
    expect(answer.status).toBe(200);
    return answer.body as unknown as Page;
  };

  /** Every page from the first on, and how many there were. */
  const pages = async (query: string): Promise<readonly Page[]> => {
    const all = [await page(query)];
    for (let next = all[0]?.next ?? null; next !== null; next = all.at(-1)?.next ?? null)
      all.push(await page(`${query}&cursor=${next}`));
    return all;
  };
  const itemsOf = (all: readonly Page[]): readonly CloudEvent[] =>
    all.flatMap(({ items }) => items);

  /** The log of the engine, by another way than the one under test. */
  const published = async (company: string): Promise<readonly unknown[]> => {
    const bodies: unknown[] = [];
    for await (const read of server.parts.engine.store.readAll())
      for (const stored of rightOf(read).events) {
        const event = contractOf(stored.type) === undefined ? undefined : toPublishedEvent(stored);
        if (event?.company === company) bodies.push(JSON.parse(event.body));
      }
    return bodies;
  };

  test('are the same CloudEvents that the relay sends, all of them and in order', async () => {
    const all = await pages('limit=3');
    expect(itemsOf(all)).toStrictEqual(await published('acme'));
    expect(all.length).toBeGreaterThan(5);
    expect(all.every(({ items }) => items.length <= 3)).toBe(true);
    expect(all.at(-1)?.checkpoint).toBe(await server.head());
  });

  test('show a company nothing of another', async () => {
    const others = (await server.get('/v1/companies/acme2/events')).body as unknown as Page;
    expect(new Set(others.items.map(({ company }) => company))).toStrictEqual(new Set(['acme2']));
    expect(itemsOf(await pages('limit=50')).some(({ company }) => company !== 'acme')).toBe(false);
    const crossed = await server.get('/v1/companies/acme2/events?subject=session/s-1');
    expect((crossed.body as unknown as Page).items).toStrictEqual([]);
    expect((await server.get('/v1/companies/nobody/events')).status).toBe(404);
  });

  test('hold no text of a session', async () => {
    expect(JSON.stringify(await pages('limit=50'))).not.toContain(SESSION_TEXT);
  });

  test('can be asked for by type, by context and by what they are about', async () => {
    const all = itemsOf(await pages('limit=50'));
    const started = 'daybook.session-insights.session-started.v1';
    const ended = 'daybook.session-insights.session-ended.v1';
    const typed = all.filter(({ type }) => type === started || type === ended);
    expect(itemsOf(await pages(`type=${started},${ended}`))).toStrictEqual(typed);
    expect(typed.length).toBe(4);
    const credits = all.filter(({ type }) => type.startsWith('daybook.credits.'));
    expect(itemsOf(await pages('context=credits'))).toStrictEqual(credits);
    for (const subject of ['session/s-1', 'credits/acme', 'company/acme', 'session/never', 'x/y'])
      expect(itemsOf(await pages(`subject=${subject}&limit=2`))).toStrictEqual(
        all.filter((event) => event.subject === subject),
      );
    expect(all.filter(({ subject }) => subject === 'session/s-1').length).toBeGreaterThan(2);
  });

  test('go on behind a position, and begin at the end when that is asked for', async () => {
    const all = itemsOf(await pages('limit=50'));
    const [, second, ...later] = all;
    const since = Number(second?.sequence);
    expect(itemsOf(await pages(`since=${since}&limit=50`))).toStrictEqual(later);
    expect(await page('since=end')).toMatchObject({
      items: [],
      next: null,
      checkpoint: await server.head(),
    });
  });

  test.each([
    ['type=daybook.credits.nothing.v1', 'type'],
    ['context=nothing', 'context'],
    ['since=-1', 'since'],
    ['since=soon', 'since'],
    ['cursor=abc', 'cursor'],
    ['limit=0', 'limit'],
    ['of=everything', 'of'],
  ])('refuse %s', async (query, field) => {
    const answer = await server.get(`${EVENTS}?${query}`);
    expect([answer.status, answer.body['errors']]).toMatchObject([400, [{ field }]]);
  });

  test('may be of any type that is published', async () => {
    const types = publishedTypes.map(({ type }) => type).join(',');
    expect(itemsOf(await pages(`type=${types}&limit=50`))).toStrictEqual(await published('acme'));
  });
});
