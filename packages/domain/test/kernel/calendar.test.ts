import fc from 'fast-check';
import {
  addCalendarMonths,
  isMonth,
  isTimeZone,
  monthAfter,
  monthBounds,
  monthOf,
  monthStart,
} from '../../src/kernel/index.js';

const at = (iso: string): number => Date.parse(iso);
const iso = (instant: number): string => new Date(instant).toISOString();

describe('time zones', () => {
  it('are IANA names in any case, links among them, and fixed offsets', () => {
    for (const word of ['UTC', 'Europe/Paris', 'europe/paris', 'US/Eastern', 'Etc/GMT+5', '+05:30'])
      expect([word, isTimeZone(word)]).toStrictEqual([word, true]);
  });
  it('are nothing else, a date-time with a zone in it included', () => {
    const words = [
      ...['', 'Z', 'Mars/Olympus', 'T12Z', '+25:00', '+01:00:30', '12:00', ' UTC'],
      ...['2020-01-01T00:00Z', '2020-01-01T00:00+01:00[Europe/Paris]', '+002020-01-01T00:00Z'],
    ];
    for (const word of words) expect([word, isTimeZone(word)]).toStrictEqual([word, false]);
  });
});

describe('months', () => {
  it('are four digits, a dash and 01 to 12', () => {
    for (const word of ['2026-01', '2026-12', '0000-10']) expect(isMonth(word)).toBe(true);
    for (const word of ['2026-00', '2026-13', '2026-1', '26-01', '2026-01-01', ' 2026-01'])
      expect([word, isMonth(word)]).toStrictEqual([word, false]);
  });
  it('follow each other over the end of a year', () => {
    expect(monthAfter('2026-01')).toBe('2026-02');
    expect(monthAfter('2026-12')).toBe('2027-01');
  });
  it('are those of the company’s clocks, not of UTC', () => {
    const newYear = at('2026-01-01T00:00:00Z');
    expect(monthOf(newYear, 'UTC')).toBe('2026-01');
    expect(monthOf(newYear - 1, 'UTC')).toBe('2025-12');
    expect(monthOf(newYear, 'America/St_Johns')).toBe('2025-12');
    expect(monthOf(newYear - 1, 'Europe/Paris')).toBe('2026-01');
  });
});

describe('the first instant of a month', () => {
  it('is local midnight of the 1st', () => {
    expect(iso(monthStart('2026-03', 'UTC'))).toBe('2026-03-01T00:00:00.000Z');
    expect(iso(monthStart('2026-01', 'Europe/Paris'))).toBe('2025-12-31T23:00:00.000Z');
    expect(iso(monthStart('2026-07', 'Europe/Paris'))).toBe('2026-06-30T22:00:00.000Z');
    expect(iso(monthStart('2026-01', 'America/St_Johns'))).toBe('2026-01-01T03:30:00.000Z');
    expect(iso(monthStart('2026-07', 'America/St_Johns'))).toBe('2026-07-01T02:30:00.000Z');
    expect(iso(monthStart('2026-01', '+05:30'))).toBe('2025-12-31T18:30:00.000Z');
  });
  it('is the first that exists where the clocks skip midnight', () => {
    // Amman went from 31 March 23:59 to 1 April 01:00, Cairo the same in August 2014.
    expect(iso(monthStart('2016-04', 'Asia/Amman'))).toBe('2016-03-31T22:00:00.000Z');
    expect(iso(monthStart('2014-08', 'Africa/Cairo'))).toBe('2014-07-31T22:00:00.000Z');
    expect(iso(monthStart('2023-10', 'America/Asuncion'))).toBe('2023-10-01T04:00:00.000Z');
  });
  it('is the earlier one where the clocks show midnight twice', () => {
    // Havana's clocks went back from 01:00 to 00:00 on 1 November 2026, St John's at 00:01 in 2009.
    expect(iso(monthStart('2026-11', 'America/Havana'))).toBe('2026-11-01T04:00:00.000Z');
    expect(iso(monthStart('2009-11', 'America/St_Johns'))).toBe('2009-11-01T02:30:00.000Z');
  });
  it('ends the month before, also in a month that lacks a day', () => {
    // Samoa crossed the date line: 30 December 2011 never was in Apia.
    const { start, end } = monthBounds('2011-12', 'Pacific/Apia');
    expect([iso(start), iso(end)]).toStrictEqual([
      '2011-12-01T10:00:00.000Z',
      '2011-12-31T10:00:00.000Z',
    ]);
    expect((end - start) / 86_400_000).toBe(30);
  });
  it('counts the hours that daylight saving takes and gives', () => {
    const hours = (month: string): number => {
      const { start, end } = monthBounds(month, 'Europe/Paris');
      return (end - start) / 3_600_000;
    };
    expect(hours('2026-03')).toBe(31 * 24 - 1);
    expect(hours('2026-10')).toBe(31 * 24 + 1);
    expect(hours('2024-02')).toBe(29 * 24);
  });
});

describe('calendar months later', () => {
  const later = (from: string, months: number, zone = 'UTC'): string =>
    iso(addCalendarMonths(at(from), months, zone));

  it('is the same day and time', () => {
    expect(later('2026-05-17T08:15:00.001Z', 12)).toBe('2027-05-17T08:15:00.001Z');
    expect(later('2026-05-17T08:15:00Z', 0)).toBe('2026-05-17T08:15:00.000Z');
  });
  it('is the last day of a shorter month', () => {
    expect(later('2024-02-29T09:30:00Z', 12)).toBe('2025-02-28T09:30:00.000Z');
    expect(later('2024-02-29T09:30:00Z', 48)).toBe('2028-02-29T09:30:00.000Z');
    expect(later('2026-01-31T09:30:00Z', 1)).toBe('2026-02-28T09:30:00.000Z');
    expect(later('2024-01-31T09:30:00Z', 1)).toBe('2024-02-29T09:30:00.000Z');
    expect(later('2026-03-31T09:30:00Z', 1)).toBe('2026-04-30T09:30:00.000Z');
  });
  it('keeps the local time across a change of the clocks', () => {
    // 12:00 in Paris on 15 January is 11:00 UTC, on 15 July 10:00 UTC.
    expect(later('2026-01-15T11:00:00Z', 6, 'Europe/Paris')).toBe('2026-07-15T10:00:00.000Z');
    expect(later('2026-01-15T15:30:00Z', 6, 'America/St_Johns')).toBe('2026-07-15T14:30:00.000Z');
  });
  it('judges the day in the company’s zone, not in UTC', () => {
    // 28 February 2023 23:30 UTC is 1 March in Paris; a year later that is 29 February in UTC.
    expect(later('2023-02-28T23:30:00Z', 12, 'Europe/Paris')).toBe('2024-02-29T23:30:00.000Z');
    expect(later('2023-02-28T23:30:00Z', 12)).toBe('2024-02-28T23:30:00.000Z');
  });
  it('moves a time in the gap forward, and takes the earlier of a time that comes twice', () => {
    // Paris 2026: 02:30 on 29 March does not exist; 02:30 on 25 October exists twice.
    expect(later('2026-02-28T01:30:00Z', 1, 'Europe/Paris')).toBe('2026-03-28T01:30:00.000Z');
    expect(later('2026-01-29T01:30:00Z', 2, 'Europe/Paris')).toBe('2026-03-29T01:30:00.000Z');
    expect(later('2026-09-25T00:30:00Z', 1, 'Europe/Paris')).toBe('2026-10-25T00:30:00.000Z');
  });
  it('moves past a day that never was', () => {
    // 30 November 10:00 in Apia; 30 December 2011 was skipped there, so the 31st at 10:00.
    expect(later('2011-11-30T20:00:00Z', 1, 'Pacific/Apia')).toBe('2011-12-30T20:00:00.000Z');
  });
});

describe('in every zone', () => {
  const zone = fc.constantFrom(
    ...['UTC', 'Europe/Paris', 'America/St_Johns', 'Pacific/Apia', 'Asia/Amman', 'Africa/Cairo'],
    ...['America/Havana', 'America/Asuncion', 'Asia/Kathmandu', 'Australia/Lord_Howe', '-09:30'],
  );
  const month = fc
    .tuple(fc.integer({ min: 1971, max: 2060 }), fc.integer({ min: 1, max: 12 }))
    .map(([year, ordinal]) => `${String(year)}-${String(ordinal).padStart(2, '0')}`);

  it('months are half-open, follow without gap, and contain exactly their instants', () => {
    fc.assert(
      fc.property(zone, month, fc.double({ min: 0, max: 1, noNaN: true }), (z, m, share) => {
        const { start, end } = monthBounds(m, z);
        expect(monthBounds(monthAfter(m), z).start).toBe(end);
        const inside = Math.min(end - 1, Math.floor(start + share * (end - start)));
        expect([start, inside, end - 1].map((i) => monthOf(i, z))).toStrictEqual([m, m, m]);
        expect([monthOf(start - 1, z), monthOf(end, z)]).not.toContain(m);
      }),
    );
  });
  it('a purchase lives longer the more months it has, and 12 months are a year', () => {
    const instant = fc.integer({ min: at('1995-01-01'), max: at('2060-01-01') });
    fc.assert(
      fc.property(zone, instant, fc.integer({ min: 0, max: 36 }), (z, i, months) => {
        expect(addCalendarMonths(i, months + 1, z)).toBeGreaterThan(
          addCalendarMonths(i, months, z),
        );
        const days = (addCalendarMonths(i, 12, z) - i) / 86_400_000;
        expect(days).toBeGreaterThan(363.9);
        expect(days).toBeLessThan(366.1);
      }),
    );
  });
});
