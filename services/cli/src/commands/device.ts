import { explainDevice, readDeviceTimeline } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import type { Context } from '../context.js';
import { asking } from '../data/ask.js';
import { idFrom } from '../data/at.js';
import { failureOf } from '../data/failure.js';
import { momentFrom, type MomentOptions } from '../data/moment.js';
import { ExitCode, refusal, type Outcome } from '../outcome.js';
import { deviceJson, deviceTable, timelineTable } from '../report/device.js';

/** `daybook device policy DEVICE [--at POSITION | --as-of TIME | --known-at TIME]` */
export const devicePolicyCommand = async (
  context: Context,
  word: string,
  options: MomentOptions,
): Promise<Outcome> => {
  const id = idFrom('The device', word);
  if (E.isLeft(id)) return id;
  const moment = momentFrom(options);
  if (E.isLeft(moment)) return moment;
  return asking(context, async ({ queries: { reader }, company, when }) => {
    const head = await reader.head()();
    if (E.isLeft(head)) return E.left(failureOf(head.left));
    // One position for all that is read, while a writer goes on beside.
    const upTo = moment.right ?? { axis: 'position', position: head.right };
    const device = await explainDevice(reader)(company.id, id.right, upTo);
    if (E.isLeft(device)) return E.left(failureOf(device.left));
    if (device.right === null) {
      const by = moment.right === null ? 'and never had' : 'at that moment';
      return E.left(refusal(`${company.id} has no device ${id.right}, ${by}.`));
    }
    const timeline = await readDeviceTimeline(reader)(company.id, id.right, upTo);
    if (E.isLeft(timeline)) return E.left(failureOf(timeline.left));
    const { output } = context;
    const shown = { style: output.style, when };
    const position = upTo.axis === 'position' ? Math.min(upTo.position, head.right) : head.right;
    const history = timeline.right;
    output.json({ company: company.id, ...deviceJson(device.right), position, history });
    output.line(output.style.bold(`Device ${id.right} of ${company.id}`));
    output.line(deviceTable(device.right, shown));
    output.line(`\n${output.style.bold('How it came to that')}`);
    output.line(timelineTable(history, shown));
    return E.right(ExitCode.fine);
  });
};
