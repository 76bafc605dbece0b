import type { JournalEntry } from '@daybook/session-journal';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { CompanyCommand } from '../src/company-command.js';
import { consentReceipt, type ConsentReceipt } from '../src/consent-receipt/index.js';
import {
  AT,
  chat,
  COMPANY,
  ended,
  engineOver,
  memoryStore,
  right,
  setUp,
  started,
  type TestEngine,
} from './in-memory-engine.js';

// Goal: a receipt says what the log says of a permission, and that there is no consent where there is
// none. Method: one session of every kind through the engine, each receipt against the published schema.

type Ajv = { compile: (schema: object) => ((value: unknown) => boolean) & { errors?: unknown } };
type AjvModule = Readonly<{ Ajv2020: new (options: object) => Ajv }>;

const root = join(__dirname, '../../..');
// The validator belongs to the HTTP API's tests.
const requireOfApi = createRequire(join(root, 'services/api/package.json'));
const { Ajv2020 } = requireOfApi('ajv/dist/2020.js') as AjvModule;
const formats = requireOfApi('ajv-formats') as (ajv: Ajv) => void;
const ajv = new Ajv2020({ strict: true, strictRequired: false, strictTypes: false });
formats(ajv);
const validate = ajv.compile(
  JSON.parse(
    readFileSync(join(root, 'docs/schemas/consent-receipt.schema.json'), 'utf8'),
  ) as object,
);

type Access = 'allowed' | 'denied' | 'after-confirmation';

const startedWith = (
  session: string,
  given: Readonly<{ supporter?: Access; remote?: Access; attended?: boolean; device?: string }>,
): JournalEntry => {
  const { supporter = 'allowed', remote = 'after-confirmation' } = given;
  const { attended = true, device = null } = given;
  const base = started(session) as Extract<JournalEntry, { entry: 'session-started' }>;
  return {
    ...base,
    attended,
    device,
    direction: device === null ? 'outgoing' : 'both',
    accessControl: { supporter, remote },
  };
};

const answer = (session: string, said: 'allowed' | 'refused'): JournalEntry => ({
  entry: 'prompt-answered',
  session,
  at: AT + 500,
  answer: said,
  by: 'remote-7',
  method: 'pop-up',
  noticeVersion: '2026-05',
  language: 'fr',
});

const takenBack = (session: string): JournalEntry => ({
  entry: 'consent-withdrawn',
  session,
  at: AT + 5_000,
  by: 'remote-7',
  method: 'session-window',
});

const policy: readonly CompanyCommand[] = [
  { command: 'SetSummariesOption', path: 'incoming', enabled: true },
  {
    command: 'DefinePolicy',
    policyId: 'p-1',
    setting: { state: 'enforced', reporting: true, insights: true },
  },
  { command: 'CreateGroup', groupId: 'g-1' },
  { command: 'AssignGroupPolicy', groupId: 'g-1', policyId: 'p-1' },
  { command: 'EnrolDevice', deviceId: 'd-1', platform: 'windows' },
  { command: 'SetDevicePolicySource', deviceId: 'd-1', source: 'group', groupId: 'g-1' },
  { command: 'ApplyPolicy', deviceId: 'd-1' },
  { command: 'SetAccessControl', deviceId: 'd-1', insightsLogging: 'denied' },
];

const sessions: readonly JournalEntry[] = [
  startedWith('s-given', {}),
  answer('s-given', 'allowed'),
  chat('s-given'),
  ended('s-given'),
  startedWith('s-withdrawn', {}),
  answer('s-withdrawn', 'allowed'),
  chat('s-withdrawn'),
  takenBack('s-withdrawn'),
  startedWith('s-refused', {}),
  answer('s-refused', 'refused'),
  startedWith('s-silent', {}),
  { entry: 'prompt-timed-out', session: 's-silent', at: AT + 60_000 },
  startedWith('s-waiting', {}),
  startedWith('s-standing', { remote: 'allowed' }),
  startedWith('s-nobody', { attended: false }),
  startedWith('s-denied', { supporter: 'denied', remote: 'allowed' }),
  startedWith('s-policy', { device: 'd-1' }),
];

let engine: TestEngine;
const receiptOf = async (session: string): Promise<ConsentReceipt> => {
  const receipt = right(await consentReceipt(engine.store)(COMPANY, session));
  if (receipt === null) throw new Error(`no session ${session}`);
  return receipt;
};

beforeAll(async () => {
  engine = engineOver(memoryStore());
  await setUp(engine, 9);
  for (const command of policy) right(await engine.company(command));
  for (const entry of sessions) right(await engine.entry(entry));
});

describe('A consent receipt', () => {
  it.each([
    ['s-given', 'ended', true, 'https://w3id.org/dpv#ConsentExpired', false],
    ['s-withdrawn', 'withdrawn', true, 'https://w3id.org/dpv#ConsentWithdrawn', false],
    ['s-refused', 'refused', false, 'https://w3id.org/dpv#ConsentRefused', false],
    ['s-silent', 'timed-out', false, 'https://w3id.org/dpv#ConsentRefused', false],
    ['s-waiting', 'requested', false, 'https://w3id.org/dpv#ConsentRequested', false],
    ['s-standing', 'standing-permission', false, null, true],
    ['s-nobody', 'nobody-to-ask', false, null, false],
    ['s-denied', 'denied', false, null, false],
    ['s-policy', 'denied', false, null, true],
  ])('of %s fits the published schema and says %s', async (session, ...says) => {
    const receipt = await receiptOf(session);
    expect({ valid: validate(receipt), errors: validate.errors }).toStrictEqual({
      valid: true,
      errors: null,
    });
    const { consent } = receipt;
    expect([consent.state, consent.exists, consent.status, consent.in_force]).toStrictEqual(says);
  });

  it('keeps the notice that was shown, who said it, how and when, and what was destroyed', async () => {
    const { event, destroyed, pii_processing: processing } = await receiptOf('s-withdrawn');
    expect(processing.privacy_notice).toStrictEqual({
      version: '2026-05',
      language: 'fr',
      shown: 'answered',
    });
    const said = event.map((each) => ({ ...each, provenance: 'told elsewhere' }));
    const iso = (after: number): string => new Date(AT + after).toISOString();
    expect(said).toStrictEqual([
      {
        event_type: 'requested',
        event_state: 'https://w3id.org/dpv#ConsentRequested',
        event_time: iso(0),
        indicated_by: null,
        method: null,
        notice: { version: '2026-01', language: 'en' },
        valid_until: iso(60_000),
        provenance: 'told elsewhere',
      },
      {
        event_type: 'granted',
        event_state: 'https://w3id.org/dpv#ConsentGiven',
        event_time: iso(500),
        indicated_by: 'remote-7',
        method: 'pop-up',
        notice: { version: '2026-05', language: 'fr' },
        valid_until: null,
        provenance: 'told elsewhere',
      },
      {
        event_type: 'withdrawn',
        event_state: 'https://w3id.org/dpv#ConsentWithdrawn',
        event_time: iso(5_000),
        indicated_by: 'remote-7',
        method: 'session-window',
        notice: null,
        valid_until: null,
        provenance: 'told elsewhere',
      },
    ]);
    expect(destroyed.map(({ items, at }) => [items, at])).toStrictEqual([[1, iso(5_000)]]);
  });

  it('names the policy where it is the basis, and that it is no consent', async () => {
    const { consent, event } = await receiptOf('s-policy');
    expect(consent.lawful_bases.map(({ basis, is_consent: is }) => [basis, is])).toStrictEqual([
      ['policy', false],
    ]);
    expect(consent.policy).toStrictEqual({
      policy_id: 'p-1',
      version: 1,
      group_id: 'g-1',
      device_id: 'd-1',
      enforced: true,
    });
    expect(consent.statement).toContain('There is no consent.');
    expect(consent.statement).toContain('policy p-1 version 1, inherited from group g-1');
    expect(event.map(({ event_type: type }) => type)).toStrictEqual(['denied']);
  });

  it.each([
    ['s-given', 1],
    ['s-policy', 1],
    ['s-refused', 1],
    ['s-denied', 0],
  ])(
    'of %s names %i purposes: none where nothing could be processed and nobody was asked',
    async (session, count) => {
      expect((await receiptOf(session)).pii_processing.purposes).toHaveLength(count);
    },
  );

  it('shows both ends, the device’s own setting, and that the most restrictive holds', async () => {
    const ends = async (session: string) => {
      const { access_control: access } = (await receiptOf(session)).consent;
      const { supporter_end, remote_end, device, holds } = access;
      return { supporter_end, remote_end, device, holds };
    };
    expect(await ends('s-denied')).toStrictEqual({
      supporter_end: 'denied',
      remote_end: 'allowed',
      device: null,
      holds: 'denied',
    });
    expect(await ends('s-policy')).toStrictEqual({
      supporter_end: 'allowed',
      remote_end: 'after-confirmation',
      device: 'denied',
      holds: 'denied',
    });
  });

  it('has the id of the event that opened it, and points at every event by place and id', async () => {
    const { record_header: header, event, decisions, provenance } = await receiptOf('s-given');
    expect(header.record_id).toBe(`urn:uuid:${event[0]?.provenance.event_id ?? ''}`);
    const places = [...event, ...decisions].map(({ provenance: { revision } }) => revision);
    expect([...places].sort((a, b) => a - b)).toStrictEqual([1, 2, 3, 4, 6]);
    expect(provenance.last_position - provenance.first_position).toBe(6);
  });

  it('is none of a session that the company does not have', async () => {
    expect(right(await consentReceipt(engine.store)(COMPANY, 's-none'))).toBeNull();
  });
});

describe('The schema of a receipt', () => {
  it.each<[string, (receipt: ConsentReceipt) => object]>([
    ['a field that it does not know', (receipt) => ({ ...receipt, name: 'Rita' })],
    ['no provenance', (receipt) => ({ ...receipt, provenance: undefined })],
    ['a consent that nobody gave', (receipt) => ({ ...receipt, event: [] })],
    [
      'an event at no instant',
      (receipt) => ({
        ...receipt,
        event: receipt.event.map((each) => ({ ...each, event_time: '10 March' })),
      }),
    ],
  ])('refuses %s', async (_, spoil) => {
    expect(validate(spoil(await receiptOf('s-given')))).toBe(false);
  });
});
