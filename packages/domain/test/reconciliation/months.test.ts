import { reconcileMonths, type Activation, type Scope } from '../../src/reconciliation/index.js';
import { ref } from './builders.js';

// Goal: exactly the months in which AI was active and that were not granted, in the company's zone.

const timeZone = 'Europe/Berlin';
const local = (text: string): number => Date.parse(`${text}+02:00`);
const turned = (position: number, at: number, active: boolean): Activation => ({
  ref: ref(position, 'company-acme'),
  at,
  active,
});
const on = turned(1, local('2026-04-10T09:00'), true);
const now = local('2026-07-01T00:00');

type Given = Readonly<{
  activations?: readonly Activation[];
  granted?: readonly string[];
  scope?: Scope;
  at?: number;
}>;
const missing = ({ activations = [on], granted = [], scope = {}, at = now }: Given) =>
  reconcileMonths({ activations, granted: new Set(granted) }, { timeZone, scope, now: at });
const monthsOf = (given: Given) =>
  missing(given).map((finding) => ('month' in finding ? finding.month : ''));

describe('A month without its grant', () => {
  it('is found from the activation on, and in the first instant of the month of now', () => {
    const granted = ['2026-05', '2026-06'];
    expect(missing({ granted })).toStrictEqual([
      { class: 'month-without-grant', month: '2026-04', dueAt: on.at, lines: [], events: [on.ref] },
      { class: 'month-without-grant', month: '2026-07', dueAt: now, lines: [], events: [on.ref] },
    ]);
    expect(monthsOf({ granted: ['2026-04', ...granted], at: now - 1 })).toStrictEqual([]);
  });

  it('is none where AI was off the whole month, the last instant before it included', () => {
    const off = turned(2, local('2026-05-01T00:00'), false);
    const again = turned(3, local('2026-06-30T23:59'), true);
    expect(monthsOf({ activations: [off, again, on], granted: ['2026-04'] })).toStrictEqual([
      '2026-06',
      '2026-07',
    ]);
  });

  it('is due once, also when AI went off and on within it or was activated twice', () => {
    const off = turned(2, local('2026-04-12T00:00'), false);
    const again = turned(3, local('2026-04-13T00:00'), true);
    const twice = turned(4, local('2026-04-14T00:00'), true);
    const found = missing({ activations: [on, off, again, twice], at: local('2026-04-30T00:00') });
    expect(found).toMatchObject([{ month: '2026-04', events: [on.ref] }]);
    const later = turned(2, local('2026-05-05T00:00'), true);
    const granted = ['2026-05', '2026-06', '2026-07'];
    expect(monthsOf({ activations: [on, later], granted })).toStrictEqual(['2026-04']);
  });

  it('is none without an activation, and none before or after the period', () => {
    expect(monthsOf({ activations: [] })).toStrictEqual([]);
    expect(monthsOf({ activations: [turned(1, on.at, false)] })).toStrictEqual([]);
    const scope = { from: local('2026-05-01T00:00'), to: local('2026-06-01T00:00') };
    expect(monthsOf({ scope })).toStrictEqual(['2026-05']);
  });
});
