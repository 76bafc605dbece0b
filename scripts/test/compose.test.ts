import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { relayConfigFrom } from '@daybook/publisher';
import * as E from 'fp-ts/lib/Either.js';
import { parse } from 'yaml';
import { decodeConfig } from '../../services/cli/src/config.js';
import { logSourceOf } from '../../services/cli/src/data/log-source.js';
import { makeProgram } from '../../services/cli/src/program.js';

// Goal: deploy/compose.yaml means what it says, as far as that can be known without a container engine. Method: the
// schema of the Compose Specification; then everything that one part names is looked up where it must be: services,
// volumes, secrets and networks in the file, flags in the real command line, variables in the real configuration.
// The same topology runs as processes in cluster.int.test.ts.

const deploy = join(__dirname, '../../deploy');

type Service = Readonly<{
  image: string;
  command?: readonly string[];
  environment?: Readonly<Record<string, string>>;
  ports?: readonly string[];
  volumes?: readonly string[];
  secrets?: readonly string[];
  networks?: readonly string[] | Readonly<Record<string, Readonly<{ ipv4_address: string }>>>;
  depends_on?: Readonly<Record<string, unknown>>;
  build?: Readonly<{ context: string; dockerfile: string }>;
}>;

type Compose = Readonly<{
  services: Readonly<Record<string, Service>>;
  volumes: Readonly<Record<string, unknown>>;
  networks: Readonly<Record<string, unknown>>;
  secrets: Readonly<Record<string, Readonly<{ file: string }>>>;
}>;

const read = (name: string): string => readFileSync(join(deploy, name), 'utf8');
const compose = parse(read('compose.yaml'), { merge: true }) as Compose;
const services = Object.entries(compose.services);
const daybooks = services.filter(([, { image }]) => image === 'daybook');
const databases = services.filter(([, { image }]) => image.includes('kurrentdb'));

describe('deploy/compose.yaml', () => {
  it('keeps the schema of the Compose Specification', () => {
    const path = join(__dirname, 'fixtures/compose-spec.schema.json');
    // Its dialect is older than what it says of itself, and its ids are no ids in newer ones.
    const text = readFileSync(path, 'utf8').replaceAll(/"(id|\$schema)": "/g, '"$comment": "');
    const schema = JSON.parse(text) as Record<string, unknown>;
    const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false });
    const isValid = ajv.validate(schema, compose);
    expect({ isValid, errors: ajv.errors }).toStrictEqual({ isValid: true, errors: null });
    expect(ajv.validate(schema, { services: { a: { comand: 'x' } } })).toBe(false);
  });

  it('has three databases, a broker and two nodes of Daybook', () => {
    expect(databases.map(([name]) => name)).toStrictEqual([
      'kurrentdb1',
      'kurrentdb2',
      'kurrentdb3',
    ]);
    expect(daybooks.map(([name]) => name)).toStrictEqual(['daybook1', 'daybook2']);
    expect(compose.services['nats']?.image).toBe('nats:2.12-alpine');
  });

  it.each(services)('names for %s only what there is', (_name, service) => {
    const named = (service.volumes ?? []).map((mount) => mount.split(':', 1)[0]);
    expect(Object.keys(compose.volumes)).toEqual(expect.arrayContaining(named));
    expect(Object.keys(compose.secrets)).toEqual(
      expect.arrayContaining([...(service.secrets ?? [])]),
    );
    const { networks = [] } = service;
    const joined = Array.isArray(networks) ? networks : Object.keys(networks);
    expect(Object.keys(compose.networks)).toEqual(expect.arrayContaining(joined));
    expect(Object.keys(compose.services)).toEqual(
      expect.arrayContaining(Object.keys(service.depends_on ?? {})),
    );
    for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
    if (service.build === undefined) expect(service.image).toMatch(/:[\w.-]+$/);
    else
      expect(existsSync(join(deploy, service.build.context, service.build.dockerfile))).toBe(true);
  });

  it('lets every database seek the others, at their addresses and with its own certificate', () => {
    const addressOf = ([name]: (typeof databases)[number]): string =>
      `172.30.240.1${name.slice(-1)}`;
    for (const database of databases) {
      const [name, { environment = {}, networks }] = database;
      const others = databases.filter((other) => other !== database).map(addressOf);
      expect(environment['KURRENTDB_GOSSIP_SEED']).toBe(others.map((ip) => `${ip}:2113`).join(','));
      expect(networks).toStrictEqual({ daybook: { ipv4_address: addressOf(database) } });
      expect(environment['KURRENTDB_REPLICATION_IP']).toBe(addressOf(database));
      expect(environment['KURRENTDB_CLUSTER_SIZE']).toBe(String(databases.length));
      const own = `/certificates/node${name.slice(-1)}/node`;
      expect(environment['KURRENTDB_CERTIFICATE_FILE']).toBe(`${own}.crt`);
      expect(environment['KURRENTDB_CERTIFICATE_PRIVATE_KEY_FILE']).toBe(`${own}.key`);
    }
  });
});

describe('A node of Daybook', () => {
  it.each(daybooks)('%s is started with flags that the command line knows', async (_name, node) => {
    const ran: string[] = [];
    const program = makeProgram('0', async (command) => {
      ran.push(command.name());
      await Promise.resolve();
    });
    const fail = (error: Error): never => {
      throw error;
    };
    for (const command of [program, ...program.commands]) command.exitOverride(fail);
    await program.parseAsync([...(node.command ?? [])], { from: 'user' });
    expect(ran).toStrictEqual(['serve']);
  });

  it.each(daybooks)('%s is given variables that the configuration reads', (_name, node) => {
    const given = node.environment ?? {};
    const asked = new Set<string | symbol>();
    const environment = new Proxy(given, {
      get: (of, name: string) => {
        asked.add(name);
        return of[name];
      },
    });
    const config = decodeConfig(environment, '0');
    if (E.isLeft(config)) throw new Error(config.left.message);
    const { relay } = config.right;
    expect(E.isRight(relayConfigFrom(relay))).toBe(true);
    const names = [...asked, ...Object.keys(relay)];
    for (const name of Object.keys(given)) expect(names).toContain(name);
    expect(node.environment?.['DAYBOOK_STORE_FILE']).toBe(
      `/run/secrets/${node.secrets?.[0] ?? ''}`,
    );
  });

  it('finds its secrets in files that are described, ignored by git, and readable as what they are', () => {
    for (const { file } of Object.values(compose.secrets)) {
      const storeFile = join(deploy, `${file}.example`);
      const source = logSourceOf({ flag: null, store: null, storeFile });
      expect(E.isRight(source) && source.right.kind).toBe('esdb');
      expect(read('secrets/.gitignore').split('\n')[0]).toBe('*');
    }
    const wanted = [...read('compose.yaml').matchAll(/\$\{(\w+)/g)].map(([, name]) => name);
    expect(read('.env.example').match(/^\w+/gm)).toStrictEqual([
      'COMPOSE_PROJECT_NAME',
      ...new Set(wanted),
    ]);
  });
});
