/**
 * The receipt of a session's consent, from the log alone: an authoritative copy of its record (GDPR 7(1),
 * ISO/IEC TS 27560). For a session that rests on a policy it says that there is no consent.
 */
import type { HandlingFailure } from '@daybook/command-handling';
import type { DeviceState } from '@daybook/domain/device-policy';
import { streamOf } from '@daybook/domain/kernel';
import * as E from 'fp-ts/lib/Either.js';
import { explainSummary } from '../explain/summary.js';
import type { StreamReader } from '../fold-stream.js';
import { deviceAt, endsOf, gatherSession, type Gathered } from './gather.js';
import type { ConsentReceipt, PolicyBasis } from './receipt.js';
import {
  handling,
  lawfulBases,
  operations,
  personalData,
  purpose,
  rights,
  schemaVersion,
  statuses,
} from './vocabulary.js';

export type { ConsentReceipt, PolicyBasis, ReceiptDecision, ReceiptEvent } from './receipt.js';

const policyOf = (gathered: Gathered, device: DeviceState | null): PolicyBasis | null => {
  if (device?.status !== 'enrolled' || device.applied === null) return null;
  const { policyId, version, groupId, setting } = device.applied;
  return {
    policy_id: policyId,
    version,
    group_id: groupId,
    device_id: gathered.started?.deviceId ?? null,
    enforced: setting.state === 'enforced',
  };
};

const policyInWords = (policy: PolicyBasis | null): string =>
  policy === null
    ? 'a policy'
    : `policy ${policy.policy_id} version ${policy.version}${policy.group_id === null ? '' : `, inherited from group ${policy.group_id},`} applied on device ${policy.device_id ?? 'unknown'}`;

const states: Readonly<Record<keyof typeof statuses, string>> = {
  requested: 'The remote side is being asked; nothing is captured before it agrees.',
  granted: 'The remote side was asked and agreed, for this session alone.',
  refused: 'The remote side was asked and refused. There is no consent.',
  'timed-out':
    'The remote side was asked and did not answer in time, which is a refusal. There is no consent.',
  withdrawn: 'The remote side took its permission back.',
  ended:
    'The remote side was asked and agreed, for this session alone; with its end the consent ended.',
  'standing-permission':
    'There is no consent of this session: access control said Allowed before it, and nobody was asked.',
  'nobody-to-ask': 'Confirmation was needed and nobody sat at the device. There is no consent.',
  denied: 'Access control of one end says Denied, so nobody was asked. There is no consent.',
  'not-asked': 'Nobody was asked. There is no consent.',
};

const statementOf = (gathered: Gathered, policy: PolicyBasis | null): string => {
  const byPolicy = gathered.decisions.some(({ bases }) => bases.includes('policy'));
  const destroyed = gathered.destroyed.reduce((sum, { items }) => sum + items, 0);
  const after = destroyed === 0 ? '' : ` What was captured is destroyed: ${destroyed} in all.`;
  const said = `${states[gathered.state]}${after}`;
  return byPolicy
    ? `${said} The session rests on ${policyInWords(policy)}, which is another legal basis and no consent.`
    : said;
};

const consentOf = (gathered: Gathered, device: DeviceState | null): ConsentReceipt['consent'] => {
  const bases = [...new Set(gathered.decisions.flatMap((decision) => decision.bases))];
  const policy = bases.includes('policy') ? policyOf(gathered, device) : null;
  const ends = endsOf(gathered, device);
  const last = gathered.decisions.at(-1);
  return {
    exists: gathered.events.some(({ event_type: type }) => type === 'granted'),
    state: gathered.state,
    status: statuses[gathered.state],
    in_force: gathered.endedAt === null && (last?.bases.length ?? 0) > 0,
    statement: statementOf(gathered, policy),
    lawful_bases: bases.map((basis) => lawfulBases[basis]),
    policy,
    access_control: {
      supporter_end: ends.supporter,
      remote_end: ends.remote,
      device: ends.device,
      holds: ends.holds,
      rule: 'rulebook §2.5: the more restrictive end wins',
    },
  };
};

/** What was shown with the answer counts; without one, what was asked with. */
const noticeOf = ({
  answer,
  asked,
}: Gathered): ConsentReceipt['pii_processing']['privacy_notice'] => {
  if (answer !== null)
    return { version: answer.noticeVersion, language: answer.language, shown: 'answered' };
  if (asked === null) return null;
  return { version: asked.noticeVersion, language: asked.language, shown: 'asked' };
};

type Parties = ConsentReceipt['party_identification'];

const partiesOf = (ids: Ids, models: readonly string[]): Parties => [
  { party_id: ids.controller, party_role: 'controller', note: 'the company of the supporter' },
  {
    party_id: ids.principal,
    party_role: 'pii principal',
    note: 'whoever sat at the device; known here by the session alone',
  },
  ...models.map((model) => ({
    party_id: model,
    party_role: 'processor' as const,
    note: 'the model that made a summary, as its revision names it',
  })),
];

type Ids = Readonly<{ controller: string; principal: string; stream: string }>;

type Purposes = ConsentReceipt['pii_processing']['purposes'];

/** None where nothing could be processed and nobody was asked for it: no basis, and no notice that names a purpose. */
const purposesOf = ({ asked, answer, decisions }: Gathered, controller: string): Purposes => {
  const hadBasis = decisions.some(({ bases }) => bases.length > 0);
  if (!hadBasis && asked === null && answer === null) return [];
  return [
    {
      ...purpose,
      pii_information: personalData,
      processing_operations: operations,
      pii_controllers: [controller],
    },
  ];
};

const receiptOf = (
  gathered: Gathered,
  ids: Ids,
  found: Readonly<{ device: DeviceState | null; models: readonly string[] }>,
): ConsentReceipt => ({
  record_header: {
    schema_version: schemaVersion,
    structure: 'ISO/IEC TS 27560:2023',
    vocabulary: 'https://w3id.org/dpv',
    record_id: `urn:uuid:${gathered.recordId ?? gathered.decisions[0]?.provenance.event_id ?? ''}`,
    pii_principal_id: ids.principal,
  },
  consent: consentOf(gathered, found.device),
  pii_processing: {
    privacy_notice: noticeOf(gathered),
    purposes: purposesOf(gathered, ids.controller),
    ...handling,
    privacy_rights: rights,
  },
  party_identification: partiesOf(ids, found.models),
  event: gathered.events,
  destroyed: gathered.destroyed,
  decisions: gathered.decisions,
  provenance: {
    stream: ids.stream,
    first_position: gathered.firstPosition,
    last_position: gathered.lastPosition,
  },
});

/** The decision whose policy the receipt names: the last one with that basis, else the last. */
const telling = ({ decisions }: Gathered) =>
  [...decisions].reverse().find(({ bases }) => bases.includes('policy')) ?? decisions.at(-1);

/** Null when the company has no such session. */
export const consentReceipt =
  (reader: StreamReader) =>
  async (
    company: string,
    sessionId: string,
  ): Promise<E.Either<HandlingFailure, ConsentReceipt | null>> => {
    const gathered = await gatherSession(reader, company, sessionId);
    if (E.isLeft(gathered)) return gathered;
    if (gathered.right === null) return E.right(null);
    const decision = telling(gathered.right);
    const device = decision === undefined ? E.right(null) : await deviceAt(reader, decision);
    if (E.isLeft(device)) return device;
    const summary = await explainSummary(reader)(company, sessionId);
    if (E.isLeft(summary)) return summary;
    const models = summary.right.revisions.flatMap(({ model }) => (model === null ? [] : [model]));
    const ids: Ids = {
      controller: `urn:daybook:company:${company}`,
      principal: `urn:daybook:session:${company}:${sessionId}:remote-side`,
      stream: streamOf('session', company, sessionId),
    };
    const found = { device: device.right, models: [...new Set(models)] };
    return E.right(receiptOf(gathered.right, ids, found));
  };
