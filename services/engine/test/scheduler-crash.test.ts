import type { EventStore } from '@daybook/event-store';
import { memoryNotes } from '../src/notes-file.js';
import { openAgenda, type Agenda } from '../src/scheduler/agenda.js';
import { agendaTypes } from '../src/scheduler/agenda-changes.js';
import { countCalls, crashAt, faultPoints, untilDeath } from './fault-points.js';
import { countOf, memoryCheckpoints, right } from './in-memory-engine.js';
import {
  anAgenda,
  MARCH,
  schedulerOver,
  settingInJanuary,
  streamsOf,
  type Setting,
} from './scheduler-setting.js';

// Goal: exactly one grant a month, one time-out and one lapse, wherever the scheduler is killed and
// however many run. Method: every effect of a run is listed; a scheduler dies on either side of each, and
// another one takes over, with the agenda that was left and with none. The streams are compared byte for byte.

const ports = (store: EventStore, agenda: Agenda) => ({
  store,
  checkpoints: { ...memoryCheckpoints(), agenda },
});

type Ports = ReturnType<typeof ports>;

/** The guard goes through every member, and would make an object of the list. */
const agendaIn = ({ checkpoints }: Ports): Agenda => ({
  ...checkpoints.agenda,
  types: agendaTypes,
});

const runOver = (given: Ports, { now }: Setting) =>
  schedulerOver(given.store, now, { agenda: agendaIn(given) }).runDue();

const counts = async ({ store }: Setting) => ({
  grants: await countOf(store, 'MonthlyCreditsGranted'),
  lapses: await countOf(store, 'CreditsLapsed'),
  releases: await countOf(store, 'HoldReleased'),
  promptTimeOuts: await countOf(store, 'ConsentTimedOut'),
  refusals: await countOf(store, 'CommandRefused'),
});

const ONCE = { grants: 3, lapses: 2, releases: 1, promptTimeOuts: 1, refusals: 0 };

const calmRun = async () => {
  const setting = await settingInJanuary();
  setting.setNow(MARCH);
  const { ports: counted, calls } = countCalls(ports(setting.store, anAgenda()));
  right(await runOver(counted, setting));
  return { setting, calls, streams: await streamsOf(setting.store) };
};

describe('the scheduler', () => {
  it('does everything that is due, once, and nothing when nothing is', async () => {
    const { setting, streams } = await calmRun();
    expect(await counts(setting)).toStrictEqual(ONCE);
    right(await schedulerOver(setting.store, setting.now).runDue());
    expect(await streamsOf(setting.store)).toStrictEqual(streams);
  });

  it('ends the same wherever it is killed', async () => {
    const { calls, streams } = await calmRun();
    const points = faultPoints(calls);
    const died: string[] = [];
    for (const point of points)
      for (const isAgendaLost of [false, true]) {
        const setting = await settingInJanuary();
        setting.setNow(MARCH);
        const notes = memoryNotes();
        const agenda = openAgenda(notes, { expiryAlertDays: [30] });
        const killed = crashAt(point, ports(setting.store, agenda));
        const ended = await untilDeath(killed.died, () => runOver(killed.ports, setting));
        expect(ended).toStrictEqual({ died: point.name });
        const next = isAgendaLost ? anAgenda() : agenda;
        right(await schedulerOver(setting.store, setting.now, { agenda: next }).runDue());
        expect(await counts(setting)).toStrictEqual(ONCE);
        expect(await streamsOf(setting.store)).toStrictEqual(streams);
        notes.close();
        if (!isAgendaLost)
          died.push(`${String(point.call).padStart(3)} ${point.when} ${point.name}`);
      }
    expect(died).toHaveLength(calls.length * 2);
    process.stdout.write(
      `\nThe scheduler was killed at each of these ${died.length} points, with its agenda kept and lost:\n` +
        `  ${died.join('\n  ')}\n`,
    );
  });

  it('ends the same where two of them run over one log at once', async () => {
    const { streams } = await calmRun();
    const setting = await settingInJanuary();
    setting.setNow(MARCH);
    const two = [0, 1].map(() => schedulerOver(setting.store, setting.now).runDue());
    for (const ran of await Promise.all(two)) right(ran);
    expect(await counts(setting)).toStrictEqual(ONCE);
    expect(await streamsOf(setting.store)).toStrictEqual(streams);
  });
});
