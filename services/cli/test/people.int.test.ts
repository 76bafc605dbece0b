import { aiMark, type Provenance } from '@daybook/domain/summaries';
import { join } from 'node:path';
import { daybook, json, makePlace, samples, type Place } from './program.js';

// Goal: who looks sees what is theirs, every output of a summary carries its marking, one setting goes
// to many, and a device is shown at any moment. Method: the built program over the sample month.

let place: Place;
const run = (...args: string[]) => daybook(place, args);
const files = ['company.jsonl', 'sessions.jsonl'].map((name) => join(samples, name));

beforeAll(() => {
  place = makePlace();
  expect(run('init').code).toBe(0);
  expect(run('import', '--by-time', ...files).code).toBe(0);
  const title = ['--title', 'Druckertreiber getauscht', '--as', 'u-ines'];
  expect(run('summary', 'edit', 's04-printer-queue', ...title).code).toBe(0);
});
afterAll(() => place.remove());

type Item = Readonly<Record<string, unknown>>;
const idsOf = (...args: string[]): unknown[] =>
  (json(run('summary', ...args, '--json'))['items'] as Item[]).map((item) => {
    const summary = (item['summary'] ?? item) as Item;
    return summary['sessionId'];
  });

describe('The summaries that somebody sees', () => {
  it('are all for the operator, an administrator, an auditor and a supporter who became one', () => {
    const all = idsOf('list');
    expect(all).toHaveLength(9);
    for (const user of ['u-ines', 'u-aurel', 'u-emil'])
      expect(idsOf('list', '--as', user)).toStrictEqual(all);
  });

  it('are a supporter’s own, whatever is asked for', () => {
    const own = ['s27-accounting-excel', 's24-password-reset', 's05-vpn-reconnects'];
    expect(idsOf('list', '--as', 'u-noor')).toStrictEqual(own);
    expect(idsOf('list', '--as', 'u-noor', '--supporter', 'u-jule')).toStrictEqual([]);
    expect(idsOf('search', 'spooler', '--as', 'u-noor')).toStrictEqual([]);
    for (const command of ['show', 'export']) {
      const theirs = run('summary', command, 's04-printer-queue', '--as', 'u-noor');
      const nobodys = run('summary', command, 's99-never-was', '--as', 'u-noor');
      expect([theirs.code, theirs.out]).toStrictEqual([1, '']);
      expect(theirs.err.replaceAll('s04-printer-queue', 's99-never-was')).toBe(nobodys.err);
    }
    expect(run('summary', 'show', 's05-vpn-reconnects', '--as', 'u-noor').code).toBe(0);
  });

  it('are none for somebody whom the company does not know', () => {
    const ended = run('summary', 'list', '--as', 'u-nobody');
    expect([ended.code, ended.out]).toStrictEqual([1, '']);
    expect(ended.err).toContain('The company knows no such user');
  });

  it('are changed by those alone whose they are', () => {
    const session = 's27-accounting-excel';
    const edit = (user: string) => run('summary', 'edit', session, '--title', user, '--as', user);
    expect(edit('u-noor').code).toBe(0);
    expect(edit('u-jule').err).toContain('has no summary of session');
    expect(edit('u-aurel').err).toContain('Only an administrator of the company, or the supporter');
    // The log’s role counts also where a name is only written down.
    const remove = run('summary', 'delete', session, '--yes', '--by', 'u-jule');
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
  ])('stands for people in the output of %j', (args) => {
    const { code, out } = run(...args);
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
    [['demo', '--no-serve', '--json', '--data', 'demo'], 9],
  ])('stands for programs beside every text in %j', (args, texts) => {
    const found = withBody(json(run(...args)));
    expect(found).toHaveLength(texts);
    for (const { mark, origin, model, promptVersion } of found)
      expect(mark).toStrictEqual(aiMark({ origin, model, promptVersion } as Provenance));
  });

  it('is the first that an exported file says, and survives in its text', () => {
    const [open, first, second, third] = run('summary', 'export', session).out.split('\n');
    expect([open, first, second, third]).toStrictEqual([
      '---',
      'aiGenerated: true',
      'origin: "mixed"',
      'digitalSourceType: "http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia"',
    ]);
    const text = run('summary', 'export', session, '--format', 'text').out;
    expect(text.split('\n')[0]).toBe('Ai-Generated: true');
    expect(text).toContain('\nDruckertreiber getauscht\n');
  });
});

describe('One setting for many', () => {
  it('is told user by user; the same command again is the first answer, another changes nothing', () => {
    const off = ['users', 'logging', 'off', '--all-but', 'u-ines', '--json'];
    const once = json(run(...off, '--command-id', 'b-1'));
    const outcomes = once['outcomes'] as Item[];
    expect(outcomes.map(({ id, outcome }) => [id, outcome])).toStrictEqual([
      ['u-aurel', 'changed'],
      ['u-jule', 'changed'],
      ['u-noor', 'changed'],
      ['u-tarek', 'changed'],
      ['u-emil', 'unchanged'],
      ['u-svea', 'changed'],
    ]);
    expect(json(run(...off, '--command-id', 'b-1'))).toStrictEqual(once);
    const other = json(run(...off))['outcomes'] as Item[];
    expect(other.every(({ outcome }) => outcome === 'unchanged')).toBe(true);
  });

  it('knows “me” and “everyone but me” as whom --by names', () => {
    const logging = (value: string, ...whom: string[]) => {
      const told = json(run('users', 'logging', value, '--by', 'u-noor', '--json', ...whom));
      return (told['outcomes'] as Item[]).map(({ id, outcome }) => [id, outcome]);
    };
    logging('off', '--all');
    expect(logging('on', '--me')).toStrictEqual([['u-noor', 'changed']]);
    expect(logging('on', '--all-but-me').map(([id]) => id)).toStrictEqual([
      'u-ines',
      'u-aurel',
      'u-jule',
      'u-tarek',
      'u-emil',
      'u-svea',
    ]);
    expect(logging('on', '--all').filter(([, outcome]) => outcome === 'changed')).toStrictEqual([]);
  });

  it('goes to the devices of a group, and says what was refused', () => {
    const group = run('devices', 'access-control', 'denied', '--group', 'g-servers');
    expect(group.code).toBe(0);
    expect(group.out).toContain(
      '  d-files01  changed\n  d-archive-1  unchanged\n2 items: 1 changed',
    );
    const some = run('devices', 'policy-source', 'group:g-sales', '--only', 'd-lab-02', 'd-9');
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
  ])('%j is told what is wrong', (args, message) => {
    const ended = run(...args);
    expect([ended.code, ended.err]).toStrictEqual([2, expect.stringContaining(message)]);
  });
});

describe('A device', () => {
  const at = (...moment: string[]) => run('device', 'policy', 'd-archive-1', ...moment);

  it('that is told to inherit from a group does so once it is applied there', () => {
    const between = at('--as-of', '2026-06-29T17:00:00+02:00').out;
    expect(between).toContain('what group g-servers has');
    expect(between).toContain('p-enforced version 1 of group g-servers');
    expect(between).toContain('assigned and not yet applied');
    expect(between).toMatch(/Session Insights +off: nothing sets it/);
    expect(between).toContain(
      '2026-05-28 09:16:00 +02:00  Group g-servers given policy p-enforced',
    );
    expect(between).not.toContain('applied: enforced');
    const now = at().out;
    expect(now).toMatch(/Pending +nothing: the device does what is assigned to it/);
    expect(now).toMatch(
      /Session Insights +on: enforced by policy p-enforced version 1, inherited from group g-servers/,
    );
  });

  it('is shown at a position, and for programs', () => {
    const timeline = json(at('--json'))['history'] as readonly { position: number; type: string }[];
    const assigned = timeline.findLast(({ type }) => type === 'DevicePolicySourceSet');
    const position = assigned?.position ?? 0;
    expect(json(at('--at', String(position), '--json'))).toMatchObject({
      position,
      policySource: { source: 'group', groupId: 'g-servers' },
      applied: null,
      pending: { pending: 'apply', groupId: 'g-servers' },
    });
    expect(at('--as-of', '2026-05-01T00:00:00Z').err).toContain('has no device d-archive-1');
    expect(at('--at', '1', '--as-of', '2026-05-01T00:00:00Z').code).toBe(2);
  });
});
