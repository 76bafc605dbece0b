import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { findNatsServer, startNatsServer } from '../src/nats-server/index.js';

// Goal: a nats-server is found wherever a machine may have it, and its absence is told, never passed
// over. Method: folders of programs made for the test, in which apt-get and dpkg leave what they were
// asked.

const root = mkdtempSync(join(tmpdir(), 'daybook-find-'));
afterAll(() => rmSync(root, { recursive: true }));

const folderWith = (name: string, programs: Readonly<Record<string, string>>): string => {
  const folder = join(root, name);
  mkdirSync(folder, { recursive: true });
  for (const [program, script] of Object.entries(programs)) {
    writeFileSync(join(folder, program), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, program), 0o755);
  }
  return folder;
};

describe('finding a nats-server', () => {
  it('takes the program that NATS_SERVER_BIN names', async () => {
    const program = join(folderWith('named', { 'my-nats': 'exit 0' }), 'my-nats');
    expect(await findNatsServer({ NATS_SERVER_BIN: program })).toStrictEqual(E.right(program));
  });

  it('does not fall back to another when NATS_SERVER_BIN names no program', async () => {
    const named = join(root, 'nothing-here');
    expect(await findNatsServer({ NATS_SERVER_BIN: named })).toStrictEqual(
      E.left({
        _tag: 'NatsServerNotFound',
        message: `NATS_SERVER_BIN names ${named}, which is not a program that can be run.`,
      }),
    );
  });

  it('looks along PATH', async () => {
    const folder = folderWith('on-path', { 'nats-server': 'exit 0' });
    expect(await findNatsServer({ PATH: `${join(root, 'empty')}:${folder}` })).toStrictEqual(
      E.right(join(folder, 'nats-server')),
    );
  });
});

describe('a machine without a nats-server', () => {
  const tools = { 'apt-get': 'echo package > nats-server_1.deb' };

  it('unpacks the distribution’s package into a cache, without root, and finds it there next time', async () => {
    const dpkg =
      'mkdir -p root/usr/sbin && printf "#!/bin/sh\\n" > root/usr/sbin/nats-server && chmod +x root/usr/sbin/nats-server';
    const environment = {
      PATH: `${folderWith('with-apt', { ...tools, dpkg })}:/usr/bin:/bin`,
      XDG_CACHE_HOME: join(root, 'cache'),
    };
    const path = join(root, 'cache', 'daybook', 'nats-server', 'nats-server');
    expect(await findNatsServer(environment, [])).toStrictEqual(E.right(path));
    const without = { ...environment, PATH: join(root, 'empty') };
    expect(await findNatsServer(without, [])).toStrictEqual(E.right(path));
  });

  it('says what to do when there is no package either', async () => {
    const found = await findNatsServer(
      { PATH: join(root, 'empty'), XDG_CACHE_HOME: join(root, 'no-cache') },
      [],
    );
    expect(E.isLeft(found) ? found.left.message : found.right).toBe(
      'There is no nats-server on this machine, and its package could not be unpacked ' +
        '(spawn apt-get ENOENT). Install it with "apt-get install nats-server", or name a program in NATS_SERVER_BIN.',
    );
  });
});

describe('a started server', () => {
  it('speaks NATS, keeps its port when it starts again, and is gone after dispose', async () => {
    const server = await startNatsServer();
    const greeting = (): Promise<string> =>
      new Promise((resolve, reject) => {
        const socket = createConnection({ host: '127.0.0.1', port: server.port });
        socket.once('error', reject);
        socket.once('data', (chunk: Buffer) => {
          socket.destroy();
          resolve(chunk.toString().slice(0, 4));
        });
      });
    const first = server.pid();
    expect(await greeting()).toBe('INFO');
    await server.kill();
    await expect(greeting()).rejects.toThrow('ECONNREFUSED');
    await server.start();
    expect(await greeting()).toBe('INFO');
    expect(server.pid()).not.toBe(first);
    await server.dispose();
    await expect(greeting()).rejects.toThrow('ECONNREFUSED');
    expect(() => readFileSync(join(server.directory, 'server.conf'))).toThrow('ENOENT');
  });

  it('says in the server’s own words why it did not start', async () => {
    await expect(startNatsServer({ configuration: 'no_such_setting: {{' })).rejects.toThrow(
      'nats-server did not start',
    );
  });
});
