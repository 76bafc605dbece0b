import {
  COMPANY,
  linesOf,
  makeServer,
  sendJournal,
  sessionEntries,
  setUpCompany,
  type Server,
} from './harness.js';

const credits = `${COMPANY}/credits`;
type Item = Readonly<Record<string, unknown>>;

describe('credits over HTTP', () => {
  let server: Server;
  beforeAll(async () => {
    server = await makeServer();
    await setUpCompany(server);
    const order = { orderNumber: 'o-1', amount: 20, at: '2026-06-01T10:00:00Z' };
    await server.post(`${credits}/purchases`, order);
    await sendJournal(
      server,
      linesOf([...sessionEntries('s-1'), ...sessionEntries('s-2').slice(0, 1)]),
    );
    await server.settle();
  });
  afterAll(() => server.stop());

  test.each([
    ['', '2026-06-01T12:00:00.000Z', [25, 5, 20]],
    ['?asOf=2026-06-01T12:02:00Z', '2026-06-01T12:02:00.000Z', [24, 4, 20]],
    ['?asOf=2026-06-01T11:30:00%2B02:00', '2026-06-01T09:30:00.000Z', [5, 5, 0]],
    ['?asOf=2026-07-01T00:00:00%2B02:00', '2026-06-30T22:00:00.000Z', [20, 0, 20]],
    ['?asOf=2027-06-01T10:00:00Z', '2027-06-01T10:00:00.000Z', [0, 0, 0]],
  ])('the balance%s is as of an instant', async (query, asOf, [available, free, paid]) => {
    const answer = await server.get(`${credits}/balance${query}`);
    expect(answer.body['asOf']).toBe(asOf);
    const balance = answer.body['balance'] as Item;
    expect([balance['available'], balance['free'], balance['paid']]).toStrictEqual([
      available,
      free,
      paid,
    ]);
  });

  test('a month’s statement adds up, as JSON and as the text of its bytes', async () => {
    const json = await server.get(`${credits}/statement/2026-06`);
    const statement = json.body['statement'] as Item;
    expect(statement).toMatchObject({
      month: '2026-06',
      timeZone: 'Europe/Berlin',
      from: '2026-05-31T22:00:00.000Z',
      to: '2026-06-30T22:00:00.000Z',
      opening: 0,
      grantedFree: 5,
      purchased: 20,
      usedFree: 1,
      closing: 24,
    });
    expect(json.body['position']).toBe(await server.head());
    const asText = { accept: 'text/plain' };
    const text = await server.get(`${credits}/statement/2026-06`, asText);
    expect(text.headers['content-type']).toBe('text/plain; charset=utf-8');
    expect(text.headers['daybook-position']).toBe(String(await server.head()));
    expect(text.headers.vary).toBe('accept');
    expect(JSON.parse(text.text)).toMatchObject({ month: '2026-06', closing: 24 });
    expect((await server.get(`${credits}/statement/2026-06`, asText)).text).toBe(text.text);
  });

  test('a month that is none is refused', async () => {
    for (const month of ['2026-13', '26-06', 'June'])
      expect((await server.get(`${credits}/statement/${month}`)).status).toBe(400);
  });

  test('a session’s charges name the lots that paid; a session without AI has none', async () => {
    const charged = await server.get(`${credits}/charges/s-1`);
    const [charge] = charged.body['charges'] as Item[];
    expect(charge).toMatchObject({ sessionId: 's-1', status: 'captured', amount: 1 });
    const free = await server.get(`${credits}/charges/s-2`);
    expect([free.status, free.body['charges']]).toStrictEqual([200, []]);
    expect((await server.get(`${credits}/charges/s-9`)).status).toBe(404);
  });

  test('an order is one purchase, and with other content an error', async () => {
    const order = { orderNumber: 'o-1', amount: 20, at: '2026-06-01T10:00:00Z' };
    const before = await server.head();
    const again = await server.post(`${credits}/purchases`, order);
    expect([again.status, again.body['events'], await server.head()]).toStrictEqual([
      200,
      [],
      before,
    ]);
    const other = await server.post(`${credits}/purchases`, { ...order, amount: 21 });
    expect([other.status, other.body['type']]).toStrictEqual([
      409,
      'urn:daybook:problem:order-differs',
    ]);
  });

  test.each([
    [{ orderNumber: 'o-2' }, 'amount'],
    [{ orderNumber: 'o-2', amount: 1.5 }, 'amount'],
    [{ orderNumber: 'o-2', amount: '5' }, 'amount'],
    [{ orderNumber: 'o 2', amount: 5 }, 'orderNumber'],
    [{ orderNumber: 'o-2', amount: 5, command: 'ActivateAi' }, 'command'],
  ])('a purchase %j is refused with its field', async (purchase, field) => {
    const answer = await server.post(`${credits}/purchases`, purchase);
    const errors = answer.body['errors'] as { field: string }[];
    expect([answer.status, errors.map((error) => error.field)]).toStrictEqual([422, [field]]);
  });
});
