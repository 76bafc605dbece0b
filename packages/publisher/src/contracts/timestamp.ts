const DAY_MS = 86_400_000;
const END_OF_YEAR_9999 = 253_402_300_799_999;

const digits = (length: number, width: number): readonly string[] =>
  Array.from({ length }, (_, number) => String(number).padStart(width, '0'));
const TWO = digits(60, 2);
const THREE = digits(1_000, 3);

/** Days that were asked for last, by place: events that stand together mostly share their days. */
const DAYS = 64;
const days: { day: number; text: string }[] = Array.from({ length: DAYS }, () => ({
  day: -1,
  text: '',
}));

const dateOf = (day: number): string => {
  const kept = days[day % DAYS];
  if (kept?.day === day) return kept.text;
  const text = new Date(day * DAY_MS).toISOString().slice(0, 11);
  days[day % DAYS] = { day, text };
  return text;
};

/**
 * Epoch milliseconds of a stored event as the published instant, `2026-06-30T21:59:59.000Z`. The same as
 * `Date.toISOString`, which is a seventh of the work of publishing when it is asked for each of an event's instants.
 */
export const timestamp = (instant: number): string => {
  if (!Number.isInteger(instant) || instant < 0 || instant > END_OF_YEAR_9999)
    return new Date(instant).toISOString();
  const day = Math.floor(instant / DAY_MS);
  const ms = instant - day * DAY_MS;
  const seconds = Math.floor(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return `${dateOf(day)}${TWO[hours]}:${TWO[minutes - hours * 60]}:${TWO[seconds - minutes * 60]}.${THREE[ms - seconds * 1_000]}Z`;
};
