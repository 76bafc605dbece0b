import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeEsdbEventStore } from '@daybook/event-store-esdb';
import * as E from 'fp-ts/lib/Either.js';
import { runHere } from './in-process.js';
import { daybook, json, makePlace, root, type Ended, type Place } from './program.js';

// Goal: the same sample month comes to the same with its log embedded, and in another process behind the
// protocol of EventStoreDB. Method: the served logs are processes of the built program, and so are the two that
// make the sample month; questions are asked by the same command lines in this process, over the same socket.

const bin = join(root, 'services/cli/bin/daybook.mjs');

type Served = Readonly<{ address: string; stop: () => Promise<number | null> }>;

/** Starts `daybook serve` with a gRPC server, and resolves with the address that it prints. */
const serveLog = (place: Place, args: readonly string[]): Promise<Served> => {
  const child = spawn(process.execPath, [bin, 'serve', '--grpc', '0', ...args], {
    env: { PATH: process.env['PATH'], HOME: place.path },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve));
  const stop = (): Promise<number | null> => {
    child.kill('SIGTERM');
    return ended;
  };
  return new Promise((resolve, reject) => {
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      const [address] = /esdb:\/\/\S+/.exec(said) ?? [];
      if (address !== undefined) resolve({ address, stop });
    });
    void ended.then((code) => reject(new Error(`ended with ${String(code)}: ${said}`)));
  });
};

let place: Place;
let log: Served;
const at = (directory: string) => ['--data', join(place.path, directory)];
const run = (...args: readonly string[]): Promise<Ended> => runHere(place, args);
const atNode = (): readonly string[] => [...at('node'), '--store', log.address];
const node = (...args: readonly string[]): Promise<Ended> => run(...atNode(), ...args);

beforeAll(async () => {
  place = makePlace();
  log = await serveLog(place, [...at('log'), '--roles', 'log', '--grpc-writes', 'all']);
});
afterAll(async () => {
  expect(await log.stop()).toBe(0);
  place.remove();
});

describe('The sample month with its log in another process', () => {
  it('comes to the same as embedded: report, statement, every digest', async () => {
    const served = daybook(place, [...atNode(), 'demo', '--no-serve']);
    const embedded = daybook(place, [...at('embedded'), 'demo', '--no-serve']);
    expect(served).toStrictEqual(embedded);
    expect(served.code).toBe(0);
    expect((await node('doctor', '--digest')).out).toBe(
      (await run(...at('embedded'), 'doctor', '--digest')).out,
    );
    const statement = ['credits', 'statement', '--month', '2026-06', '--json'];
    const mine = json(await node(...statement));
    const theirs = json(await run(...at('embedded'), ...statement));
    expect(mine).toMatchObject({ grantedFree: 5, purchased: 4, closing: 0 });
    expect(mine['digest']).toBe(theirs['digest']);
    expect(mine['lines']).toStrictEqual(theirs['lines']);
  });

  it('is examined, asked and changed like any other', async () => {
    expect((await node('doctor')).out).toContain('the log is in an event store');
    expect((await node('explain', 's18-warehouse-setting-absent')).out).toContain('it agrees');
    expect(json(await node('rebuild', '--json'))['isEqual']).toBe(true);
    const order = ['credits', 'purchase', '--order', 'A-1', '--amount', '3'];
    expect((await node(...order, '--at', '2026-07-01T00:00:00Z')).out).toContain('is recorded');
    const balance = json(
      await node('credits', 'balance', '--as-of', '2026-07-02T00:00:00Z', '--json'),
    );
    expect(balance).toMatchObject({ paid: 3 });
  });

  it('is seen by a second node, which fills its own read models', async () => {
    const second = await run(...at('second'), '--store', log.address, 'doctor', '--digest');
    expect(second.out).toBe((await node('doctor', '--digest')).out);
  });

  it('refuses a demo over a log that is there', async () => {
    const again = await node('demo', '--no-serve');
    expect(again).toMatchObject({ code: 3, out: '' });
    expect(again.err).toContain('the demo wants an empty one');
  });
});

describe('A data directory', () => {
  it('that belongs to a node of a store is not taken for an embedded one, nor the other way round', async () => {
    await node('doctor');
    const alone = await run(...at('node'), 'init');
    expect(alone).toMatchObject({ code: 3, out: '' });
    expect(alone.err).toContain('belongs to a node whose log is in an event store');
    const owner = await run(...at('embedded'), '--store', log.address, 'doctor');
    expect(owner.code).toBe(3);
    expect(owner.err).toContain('holds a log of its own');
  });
});

describe('The connection string', () => {
  const secret = 'esdb://admin:s3cret@127.0.0.1:9?tls=true';

  it('with credentials is refused on the command line, and never repeated', async () => {
    const refused = await run('--store', secret, 'doctor');
    expect(refused).toMatchObject({ code: 2, out: '' });
    expect(refused.err).toContain('DAYBOOK_STORE_FILE');
    expect(refused.err).not.toContain('s3cret');
  });

  it('may come from a file, and what is wrong with it is told without it', async () => {
    const file = place.file('store.txt', `${secret}&tlsVerifyCert=false\n`);
    const refused = await runHere(place, ['doctor'], { env: { DAYBOOK_STORE_FILE: file } });
    expect(refused.code).toBe(3);
    expect(refused.err).toContain('option that is not known here');
    expect(refused.err).not.toContain('s3cret');
    writeFileSync(file, `${log.address}\n`);
    const env = { DAYBOOK_STORE_FILE: file };
    expect((await runHere(place, [...at('node'), 'doctor'], { env })).code).toBe(0);
    const both = await runHere(place, ['doctor'], { env: { ...env, DAYBOOK_STORE: log.address } });
    expect(both.err).toBe('Set DAYBOOK_STORE or DAYBOOK_STORE_FILE, not both.\n');
  });

  it.each([
    [['--store', 'http://127.0.0.1'], 'is not a connection string'],
    [['log', 'copy', '--from', secret, '--to', 'x'], '--from-file'],
  ])('is checked: %j', async (args, words) => {
    const refused = await run(...args, ...(args[0] === 'log' ? [] : ['doctor']));
    expect(refused.code).toBe(2);
    expect(refused.err).toContain(words);
    expect(refused.err).not.toContain('s3cret');
  });
});

describe('A copy of the log', () => {
  it('goes to a directory and back into another store, can be repeated, and overwrites nothing', async () => {
    const out = json(await run('log', 'copy', '--from', log.address, ...to('copied'), '--json'));
    expect(out).toMatchObject({ isEqual: true, source: out['target'] });
    expect(
      json(await run('log', 'copy', '--from', log.address, ...to('copied'), '--json')),
    ).toMatchObject({
      appended: 0,
      isEqual: true,
    });
    expect((await run(...at('copied'), 'session', 'list')).code).toBe(0);
    expect((await run(...at('copied'), 'doctor', '--digest')).out).toBe(
      (await node('doctor', '--digest')).out,
    );
    const other = await run('log', 'copy', '--from', join(place.path, 'copied'), ...to('embedded'));
    expect(other).toMatchObject({ code: 1, out: '' });
    expect(other.err).toContain('It was left as it is');
    const target = await serveLog(place, [...at('back'), '--roles', 'log', '--grpc-writes', 'all']);
    const back = await run(
      'log',
      'copy',
      '--from',
      join(place.path, 'copied'),
      '--to',
      target.address,
    );
    await target.stop();
    expect(back.code).toBe(0);
    expect(back.out).toContain(String((out['target'] as { sha256: string }).sha256));
  });

  const to = (directory: string) => ['--to', join(place.path, directory)];
});

describe('The gRPC server beside HTTP', () => {
  it('is read by the official client’s channel, which can write nothing of Daybook’s', async () => {
    const served = await serveLog(place, [
      ...at('embedded'),
      '--port',
      '0',
      '--log-level',
      'silent',
    ]);
    const connectionString = served.address;
    const opened = makeEsdbEventStore({ connectionString, clock: Date.now, random: () => 0 });
    if (E.isLeft(opened)) throw new Error(opened.left.message);
    const types = new Set<string>();
    for await (const page of opened.right.readAll()) {
      if (E.isLeft(page)) throw new Error(page.left.message);
      for (const { type } of page.right.events) types.add(type);
    }
    const id = '00000000-0000-4000-8000-000000000001';
    const event = { id, type: 'CreditsPurchased', data: '{"amount":1000}', metadata: '{}' };
    expect(await opened.right.append('credits-fernwacht', 17, [event])()).toMatchObject({
      left: { _tag: 'StoreUnavailable', reason: 'read-only' },
    });
    await opened.right.close();
    expect(await served.stop()).toBe(0);
    expect(types).toContain('MonthlyCreditsGranted');
  });

  it.each([
    [['--roles', 'api,cook'], 'There is no role “cook”. The roles are api, processes, relay'],
    [['--roles', 'log'], 'give --grpc PORT'],
    [['--grpc', '0', '--grpc-host', '0.0.0.0'], 'needs a certificate and credentials'],
    [['--grpc', '0', '--grpc-users', 'u'], 'over TLS only'],
  ])('says what is wrong with %j', async (args, words) => {
    const refused = await run(...at('embedded'), 'serve', '--port', '0', ...args);
    expect(refused.code).not.toBe(0);
    expect(refused.err).toContain(words);
  });
});
