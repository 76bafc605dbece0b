import { explainDevice, type DeviceExplanation, type ExplainedChange } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { asking, type Asking } from '../data/ask.js';
import { idFrom } from '../data/at.js';
import { failureOf } from '../data/failure.js';
import { headOf } from '../data/head.js';
import { unknownId } from '../data/known-kinds.js';
import { momentFrom, type MomentOptions } from '../data/moment.js';
import type { Outcome } from '../outcome.js';
import { changesText, lastSet } from '../report/changes.js';
import { originInWords, pendingInWords } from '../report/device.js';
import { momentInWords } from '../report/moment.js';
import { table } from '../text/table.js';
import { verdict } from './explain.js';

type Toggle = 'reporting' | 'insights';
type Change = DeviceExplanation['changes'][number];

const settingInWords = (policy: NonNullable<DeviceExplanation['appliedVersion']>): string => {
  const { state, reporting, insights } = policy.setting;
  if (state === 'absent') return 'leaves the setting to the device';
  return `${state}, reporting ${reporting ? 'on' : 'off'}, insights ${insights ? 'on' : 'off'}`;
};

const sourceInWords = ({ state }: DeviceExplanation): string => {
  if (state.status !== 'enrolled') return 'none: the device does not belong to the company';
  const { policySource: source } = state;
  if (source.source === 'own') return `its own policy ${source.policyId}`;
  return source.source === 'group' ? `what group ${source.groupId} has` : 'none';
};

const appliedInWords = (found: DeviceExplanation, when: Asking['when']): string => {
  const { state, appliedVersion, changes } = found;
  if (state.status !== 'enrolled' || state.applied === null) return 'nothing';
  const { policyId, version, groupId } = state.applied;
  const from = groupId === null ? '' : `, inherited from group ${groupId}`;
  const what =
    appliedVersion === null
      ? 'a version that its policy does not have'
      : settingInWords(appliedVersion);
  const isApplied = ({ event }: Change): boolean => event.type === 'PolicyApplied';
  return `${policyId} version ${version}${from}: ${what}; ${lastSet(changes, isApplied, when)}`;
};

const togglesOf = (found: DeviceExplanation, when: Asking['when']): string[][] =>
  (['reporting', 'insights'] as const).map((toggle: Toggle) => {
    const effective = found.effective[toggle];
    const isSwitch = ({ event }: Change): boolean =>
      event.type === 'LocalSwitchSet' && event.data.toggle === toggle;
    const by = effective.from === 'local' ? `; ${lastSet(found.changes, isSwitch, when)}` : '';
    const name = toggle === 'reporting' ? 'Connection reporting' : 'Session Insights';
    return [name, `${effective.enabled ? 'on' : 'off'}: ${originInWords(effective)}${by}`];
  });

const togetherInWords = ({ facts }: DeviceExplanation): string => {
  if (!facts.deviceManaged) return 'device-not-managed: the device is not the company’s';
  if (!facts.policyApplied) return 'no-applied-policy: no policy with the setting is applied';
  if (!facts.reportingOn) return 'reporting-off: sessions that arrive here are not summarised';
  if (!facts.insightsOn) return 'insights-off: sessions that arrive here are not summarised';
  if (facts.switchedOffLocally)
    return 'switched-off-locally: the local user switched it off, which the policy does not prevent';
  return 'sessions that arrive here may be summarised, on the basis of policy';
};

const rowsOf = (found: DeviceExplanation, when: Asking['when']): string[][] => {
  const { state, changes } = found;
  const access = state.status === 'not-enrolled' ? 'unknown' : state.insightsLogging;
  const isAccess = ({ event }: Change): boolean => event.type === 'AccessControlSet';
  return [
    ['Belongs to the company', state.status === 'enrolled' ? `yes, ${state.platform}` : 'no'],
    ['Takes its policy from', sourceInWords(found)],
    ['Applied', appliedInWords(found, when)],
    ['Pending', pendingInWords(found, when)],
    ...togglesOf(found, when),
    ['Together (§3)', togetherInWords(found)],
    ['Access control (§2.5)', `${access}; ${lastSet(changes, isAccess, when)}`],
  ];
};

/** Words of the read model for each change, by its place in the log. */
const wordsOf = (asked: Asking, deviceId: string): ((change: ExplainedChange) => string) => {
  const { devicePolicy } = asked.queries.models;
  const history = devicePolicy.read((policy) => policy.history(asked.company.id, deviceId)).answer;
  const words = new Map(history.map(({ position, what }) => [position, what]));
  return ({ position, event }) => words.get(position) ?? event.type;
};

/** Does the read model say the same? Only of the end of the log can it be asked. */
const modelAgrees = (asked: Asking, found: DeviceExplanation): boolean => {
  const { devicePolicy } = asked.queries.models;
  const shown = devicePolicy.read((policy) => policy.device(asked.company.id, found.deviceId));
  return JSON.stringify(shown.answer?.effective) === JSON.stringify(found.effective);
};

/** `daybook explain device ID`: what is in effect, where each part comes from, by which rule. */
export const explainDeviceCommand = async (
  context: Context,
  word: string,
  options: MomentOptions,
): Promise<Outcome> => {
  const id = idFrom('The device', word);
  if (E.isLeft(id)) return id;
  const moment = momentFrom(options);
  if (E.isLeft(moment)) return moment;
  return asking(context, async (asked) => {
    const { company, when, queries } = asked;
    const position = await headOf(asked);
    if (E.isLeft(position)) return position;
    const explained = await explainDevice(queries.reader)(company.id, id.right, moment.right);
    if (E.isLeft(explained)) return E.left(failureOf(explained.left));
    const found = explained.right;
    if (found === null) return E.left(await unknownId(asked, { kind: 'device', id: id.right }));
    const agrees = found.agrees && (moment.right !== null || modelAgrees(asked, found));
    const { output } = context;
    const { style } = output;
    const said = { company: company.id, position: position.right, moment: moment.right };
    output.json({ ...said, ...found, agrees });
    const at = momentInWords(moment.right, { when, end: position.right });
    const title = `What is in effect on device ${id.right} of ${company.id}`;
    output.line(style.bold(at === null ? title : `${title}, ${at}`));
    output.line(table(rowsOf(found, when), { indent: '  ' }));
    output.line(`  ${style.bold('read from')}`);
    const read = found.readFrom.map(({ stream, revision }) => [stream, `revision ${revision}`]);
    output.line(table(read, { indent: '    ' }));
    output.line(style.bold('How it came to that'));
    output.line(changesText(found.changes, { style, when, say: wordsOf(asked, id.right) }));
    output.line(style.dim(`Read at log position ${position.right}.`));
    return E.right(verdict(context, agrees));
  });
};
