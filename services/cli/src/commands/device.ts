import type { ReadModels } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { asking } from '../data/ask.js';
import { idFrom } from '../data/at.js';
import { ExitCode, refusal, type Outcome } from '../outcome.js';
import type { Style } from '../text/style.js';
import { table } from '../text/table.js';

type Queries = Parameters<Parameters<ReadModels['devicePolicy']['read']>[0]>[0];
type DeviceView = NonNullable<ReturnType<Queries['device']>>;
type Toggle = DeviceView['effective']['reporting'];

const policyName = ({ policyId, version, groupId }: Toggle): string => {
  const inherited = groupId === undefined ? '' : `, inherited from group ${groupId}`;
  return `policy ${policyId ?? '?'} version ${version ?? '?'}${inherited}`;
};

/** Where a toggle’s value comes from. */
export const originInWords = (toggle: Toggle): string => {
  switch (toggle.from) {
    case 'policy-enforced':
      return `enforced by ${policyName(toggle)}`;
    case 'policy-set':
      return `set by ${policyName(toggle)}; the local user may change it`;
    case 'local':
      return toggle.policyId === undefined
        ? 'the local user'
        : `the local user, who overruled ${policyName(toggle)}`;
    case 'none':
      return 'nothing sets it';
  }
};

const sourceInWords = ({ policySource, managed }: DeviceView): string => {
  if (!managed) return 'none: the device was released';
  const { source, policyId, groupId } = policySource;
  if (source === 'own') return `its own policy ${policyId ?? ''}`;
  return source === 'group' ? `what group ${groupId ?? ''} has` : 'none';
};

const appliedInWords = ({ applied }: DeviceView): string => {
  if (applied === null) return 'nothing yet';
  const { policyId, version, setting } = applied;
  return setting.state === 'absent'
    ? `${policyId} version ${version}, which does not contain the setting`
    : `${policyId} version ${version}, ${setting.state}`;
};

const toggleRow = (name: string, toggle: Toggle, style: Style): string[] => [
  name,
  `${toggle.enabled ? style.green('on') : style.red('off')}: ${originInWords(toggle)}`,
];

const rowsOf = (device: DeviceView, style: Style): string[][] => {
  const { reporting, insights } = device.effective;
  const works = reporting.enabled && insights.enabled;
  return [
    ['Belongs to the company', device.managed ? 'yes' : 'no'],
    ['Platform', device.platform],
    ['Takes its policy from', sourceInWords(device)],
    ['Applied', appliedInWords(device)],
    toggleRow('Connection reporting', reporting, style),
    toggleRow('Session Insights', insights, style),
    [
      'Together',
      works
        ? 'sessions that arrive here may be summarised'
        : insights.enabled
          ? 'insights without reporting has no effect'
          : 'sessions that arrive here are not summarised by policy',
    ],
    ['Access control', device.accessControl],
  ];
};

/** `daybook device policy DEVICE` */
export const devicePolicyCommand = async (context: Context, word: string): Promise<Outcome> => {
  const id = idFrom('The device', word);
  if (E.isLeft(id)) return id;
  return asking(context, async ({ queries, company, when }) => {
    const { answer, position } = queries.models.devicePolicy.read((policy) => ({
      device: policy.device(company.id, id.right),
      history: policy.history(company.id, id.right),
    }));
    const { device, history } = answer;
    if (device === undefined)
      return E.left(refusal(`${company.id} has no device ${id.right}, and never had.`));
    const { output } = context;
    const { style } = output;
    output.json({
      company: company.id,
      ...device,
      changedPosition: device.position,
      position,
      history,
    });
    output.line(style.bold(`Device ${id.right} of ${company.id}`));
    output.line(table(rowsOf(device, style), { indent: '  ' }));
    output.line(`\n${style.bold('How it came to that')}`);
    const rows = history.map((change) => [
      when(change.occurredAt),
      change.what,
      style.dim(`${change.actor.kind} ${change.actor.id}, log position ${change.position}`),
    ]);
    output.line(table(rows, { indent: '  ' }));
    return await Promise.resolve(E.right(ExitCode.fine));
  });
};
