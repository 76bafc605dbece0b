import { aiMark, type Provenance } from '@daybook/domain/summaries';
import { join } from 'node:path';
import { runHere } from './in-process.js';
import { json, makePlace, samples, type Ended, type Place } from './program.js';

// Goal: who looks sees what is theirs, every output of a summary carries its marking, one setting goes
// to many, and a device is shown at any moment. Method: the program's command lines over the sample month.

const place: Place = makePlace();
const run = (...args: string[]): Promise<Ended> => runHere(place, args);
const files = ['company.jsonl', 'sessions.jsonl'].map((name) => join(samples, name));

beforeAll(async () => {
  expect((await run('init')).code).toBe(0);
  expect((await run('import', '--by-time', ...files)).code).toBe(0);
  const title = ['--title', 'Druckertreiber getauscht', '--as', 'u-ines'];
  expect((await run('summary', 'edit', 's04-printer-queue', ...title)).code).toBe(0);
});
afterAll(() => place.remove());

type Item = Readonly<Record<string, unknown>>;
const idsOf = async (...args: string[]): Promise<unknown[]> =>
  (json(await run('summary', ...args, '--json'))['items'] as Item[]).map((item) => {
    const summary = (item['summary'] ?? item) as Item;
    return summary['sessionId'];
  });

describe('The summaries that somebody sees', () => {
  it('are all for the operator, an administrator, an auditor and a supporter who became one', async () => {
    const all = await idsOf('list');
    expect(all).toHaveLength(9);
    for (const user of ['u-ines', 'u-aurel', 'u-emil'])
      expect(await idsOf('list', '--as', user)).toStrictEqual(all);
  });

  it('are a supporter’s own, whatever is asked for', async () => {
    const own = ['s27-accounting-excel', 's24-password-reset', 's05-vpn-reconnects'];
    expect(await idsOf('list', '--as', 'u-noor')).toStrictEqual(own);
    expect(await idsOf('list', '--as', 'u-noor', '--supporter', 'u-jule')).toStrictEqual([]);
    expect(await idsOf('search', 'spooler', '--as', 'u-noor')).toStrictEqual([]);
    for (const command of ['show', 'export']) {
      const theirs = await run('summary', command, 's04-printer-queue', '--as', 'u-noor');
      const nobodys = await run('summary', command, 's99-never-was', '--as', 'u-noor');
      expect([theirs.code, theirs.out]).toStrictEqual([1, '']);
      expect(theirs.err.replaceAll('s04-printer-queue', 's99-never-was')).toBe(nobodys.err);
    }
    expect((await run('summary', 'show', 's05-vpn-reconnects', '--as', 'u-noor')).code).toBe(0);
  });

  it('are none for somebody whom the company does not know', async () => {
    const ended = await run('summary', 'list', '--as', 'u-nobody');
    expect([ended.code, ended.out]).toStrictEqual([1, '']);
    expect(ended.err).toContain('The company knows no such user');
  });

  it('are changed by those alone whose they are', async () => {
    const session = 's27-accounting-excel';
    const edit = (user: string) => run('summary', 'edit', session, '--title', user, '--as', user);
    expect((await edit('u-noor')).code).toBe(0);
    expect((await edit('u-jule')).err).toContain('has no summary of session');
    expect((await edit('u-aurel')).err).toContain(
      'Only an administrator of the company, or the supporter',
    );
    // The log’s role counts also where a name is only written down.
    const remove = await run('summary', 'delete', session, '--yes', '--by', 'u-jule');
    expect([remove.code, remove.err]).toStrictEqual([
      1,
      'Only an administrator of the company, or the supporter of the session, may change its summary.\n',
    ]);
  });
});

describe('The marking', () => {
  const session = 's04-printer-queue';
  const words = 'written by AI and changed by a person (daybook-extractive, extractive-1)';

  it.each([
    [['summary', 'list']],
    [['summary', 'search', 'spooler']],
    [['summary', 'show', session]],
    [['summary', 'show', session, '--revisions']],
    [['summary', 'export', session]],
    [['summary', 'export', session, '--format', 'text']],
    [['session', 'show', session]],
  ])('stands for people in the output of %j', async (args) => {
    const { code, out } = await run(...args);
    expect([code, out.replaceAll(/\s+/g, ' ').replaceAll('\\', '')]).toStrictEqual([
      0,
      expect.stringContaining(words),
    ]);
  });

  /** Every object that holds a text of a summary, wherever it stands. */
  const withBody = (value: unknown): readonly Item[] => {
    if (Array.isArray(value)) return value.flatMap(withBody);
    if (typeof value !== 'object' || value === null) return [];
    const inside = Object.values(value).flatMap(withBody);
    return 'body' in value && value.body !== null ? [value, ...inside] : inside;
  };

  it.each([
    [['summary', 'list', '--json'], 9],
    [['summary', 'search', 'spooler', '--json'], 1],
    [['summary', 'show', session, '--json'], 3],
    [['summary', 'export', session, '--format', 'json'], 1],
    [['summary', 'export', session, '--json'], 1],
    [['session', 'show', session, '--json'], 1],
    [['demo', '--no-serve', '--json', '--data', join(place.path, 'demo')], 9],
  ])('stands for programs beside every text in %j', async (args, texts) => {
    const found = withBody(json(await run(...args)));
    expect(found).toHaveLength(texts);
    for (const { mark, origin, model, promptVersion } of found)
      expect(mark).toStrictEqual(aiMark({ origin, model, promptVersion } as Provenance));
  });

  it('is the first that an exported file says, and survives in its text', async () => {
    const [open, first, second, third] = (await run('summary', 'export', session)).out.split('\n');
    expect([open, first, second, third]).toStrictEqual([
      '---',
      'aiGenerated: true',
      'origin: "mixed"',
      'digitalSourceType: "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"',
    ]);
    const text = (await run('summary', 'export', session, '--format', 'text')).out;
    expect(text.split('\n')[0]).toBe('Ai-Generated: true');
    expect(text).toContain('\nDruckertreiber getauscht\n');
  });
});

describe('One setting for many', () => {
  it('is told user by user; the same command again is the first answer, another changes nothing', async () => {
    const off = ['users', 'logging', 'off', '--all-but', 'u-ines', '--json'];
    const once = json(await run(...off, '--command-id', 'b-1'));
    const outcomes = once['outcomes'] as Item[];
    expect(outcomes.map(({ id, outcome }) => [id, outcome])).toStrictEqual([
      ['u-aurel', 'changed'],
      ['u-jule', 'changed'],
      ['u-noor', 'changed'],
      ['u-tarek', 'changed'],
      ['u-emil', 'unchanged'],
      ['u-svea', 'changed'],
    ]);
    expect(json(await run(...off, '--command-id', 'b-1'))).toStrictEqual(once);
    const other = json(await run(...off))['outcomes'] as Item[];
    expect(other.every(({ outcome }) => outcome === 'unchanged')).toBe(true);
  });

  it('knows “me” and “everyone but me” as whom --by names', async () => {
    const logging = async (
      value: string,
      ...whom: string[]
    ): Promise<readonly (readonly unknown[])[]> => {
      const told = json(await run('users', 'logging', value, '--by', 'u-noor', '--json', ...whom));
      return (told['outcomes'] as Item[]).map(({ id, outcome }) => [id, outcome]);
    };
    await logging('off', '--all');
    expect(await logging('on', '--me')).toStrictEqual([['u-noor', 'changed']]);
    expect((await logging('on', '--all-but-me')).map(([id]) => id)).toStrictEqual([
      'u-ines',
      'u-aurel',
      'u-jule',
      'u-tarek',
      'u-emil',
      'u-svea',
    ]);
    expect(
      (await logging('on', '--all')).filter(([, outcome]) => outcome === 'changed'),
    ).toStrictEqual([]);
  });

  it('goes to the devices of a group, and says what was refused', async () => {
    const group = await run('devices', 'access-control', 'denied', '--group', 'g-servers');
    expect(group.code).toBe(0);
    expect(group.out).toContain(
      '  d-files01  changed\n  d-archive-1  unchanged\n2 items: 1 changed',
    );
    const some = await run(
      'devices',
      'policy-source',
      'group:g-sales',
      '--only',
      'd-lab-02',
      'd-9',
    );
    expect([some.code, some.out]).toStrictEqual([
      1,
      expect.stringMatching(/d-lab-02 {2}changed\n {2}d-9 {2}refused: The device does not belong/),
    ]);
  });

  it.each([
    [['users', 'logging', 'off'], 'Say whom it is for'],
    [['users', 'logging', 'off', '--all', '--only', 'u-1'], 'Say whom it is for'],
    [['users', 'logging', 'off', '--me'], 'Say with --by who “me” is'],
    [['users', 'logging', 'off', '--me', '--all-but-me'], 'Say whom it is for'],
    [['users', 'logging', 'perhaps', '--all'], 'Allowed choices are on, off'],
    [['devices', 'policy-source', 'group', '--all'], 'own:POLICY, group:GROUP or none'],
    [['devices', 'access-control', 'denied', '--group', 'no such'], 'is not an id'],
  ])('%j is told what is wrong', async (args, message) => {
    const ended = await run(...args);
    expect([ended.code, ended.err]).toStrictEqual([2, expect.stringContaining(message)]);
  });
});

describe('A device', () => {
  const at = (...moment: string[]): Promise<Ended> =>
    run('device', 'policy', 'd-archive-1', ...moment);

  it('that is told to inherit from a group does so once it is applied there', async () => {
    const between = (await at('--as-of', '2026-06-29T17:00:00+02:00')).out;
    expect(between).toContain('what group g-servers has');
    expect(between).toContain('p-enforced version 1 of group g-servers');
    expect(between).toContain('assigned and not yet applied');
    expect(between).toMatch(/Session Insights +off: nothing sets it/);
    expect(between).toContain(
      '2026-05-28 09:16:00 +02:00  Group g-servers given policy p-enforced',
    );
    expect(between).not.toContain('applied: enforced');
    const now = (await at()).out;
    expect(now).toMatch(/Pending +nothing: the device does what is assigned to it/);
    expect(now).toMatch(
      /Session Insights +on: enforced by policy p-enforced version 1, inherited from group g-servers/,
    );
  });

  it('is shown at a position, and for programs', async () => {
    const timeline = json(await at('--json'))['history'] as readonly {
      position: number;
      type: string;
    }[];
    const assigned = timeline.findLast(({ type }) => type === 'DevicePolicySourceSet');
    const position = assigned?.position ?? 0;
    expect(json(await at('--at', String(position), '--json'))).toMatchObject({
      position,
      policySource: { source: 'group', groupId: 'g-servers' },
      applied: null,
      pending: { pending: 'apply', groupId: 'g-servers' },
    });
    expect((await at('--as-of', '2026-05-01T00:00:00Z')).err).toContain(
      'has no device d-archive-1',
    );
    expect((await at('--at', '1', '--as-of', '2026-05-01T00:00:00Z')).code).toBe(2);
  });
});
