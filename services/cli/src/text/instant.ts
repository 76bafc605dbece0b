const FIXED_OFFSET = /^([+-])(\d{2}):?(\d{2})?$/;
const MINUTE_MS = 60_000;

type Local = Readonly<{ date: string; time: string; offset: string }>;

const shifted = (instant: number, sign: string, [hours, minutes]: readonly [string, string]) => {
  const offset = (Number(hours) * 60 + Number(minutes)) * MINUTE_MS * (sign === '-' ? -1 : 1);
  const iso = new Date(instant + offset).toISOString();
  return { date: iso.slice(0, 10), time: iso.slice(11, 19), offset: `${sign}${hours}:${minutes}` };
};

const formats = new Map<string, Intl.DateTimeFormat>();

const formatFor = (timeZone: string): Intl.DateTimeFormat => {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'longOffset',
  });
  formats.set(timeZone, format);
  return format;
};

const localTime = (instant: number, timeZone: string): Local => {
  const [, sign, hours, minutes = '00'] = FIXED_OFFSET.exec(timeZone) ?? [];
  if (sign !== undefined && hours !== undefined) return shifted(instant, sign, [hours, minutes]);
  const parts = new Map(
    formatFor(timeZone)
      .formatToParts(instant)
      .map(({ type, value }) => [type, value]),
  );
  const joined = (between: string, ...types: readonly Intl.DateTimeFormatPartTypes[]): string =>
    types.map((type) => parts.get(type) ?? '').join(between);
  const offset = joined('', 'timeZoneName').replace('GMT', '');
  return {
    date: joined('-', 'year', 'month', 'day'),
    time: joined(':', 'hour', 'minute', 'second'),
    offset: offset === '' ? '+00:00' : offset,
  };
};

/** An instant where the clocks show `timeZone`, with its offset: `2026-06-04 10:02:00 +02:00`. */
export const instantIn =
  (timeZone: string) =>
  (instant: number): string => {
    const { date, time, offset } = localTime(instant, timeZone);
    return `${date} ${time} ${offset}`;
  };

/** Only the time of day, for events of one session: `10:02:00`. */
export const timeIn =
  (timeZone: string) =>
  (instant: number): string =>
    localTime(instant, timeZone).time;

const MINUTE_S = 60;
const HOUR_S = 3600;

/** `47 s`, `12 min 3 s`, `2 h 5 min`. */
export const durationInWords = (milliseconds: number): string => {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < MINUTE_S) return `${seconds} s`;
  if (seconds < HOUR_S) return `${Math.floor(seconds / MINUTE_S)} min ${seconds % MINUTE_S} s`;
  return `${Math.floor(seconds / HOUR_S)} h ${Math.floor((seconds % HOUR_S) / MINUTE_S)} min`;
};
