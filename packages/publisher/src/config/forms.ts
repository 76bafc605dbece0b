import * as t from 'io-ts';

/** A setting as it is written, in an environment or a file, and what it means. */
export type Form<A> = t.Type<A, string, string>;

const form = <A>(
  value: t.Type<A, unknown>,
  read: (text: string) => A | undefined,
  write: (value: A) => string = String,
): Form<A> =>
  new t.Type<A, string, string>(
    value.name,
    value.is,
    (text, context) => {
      const meant = read(text);
      return meant === undefined ? t.failure(text, context) : t.success(meant);
    },
    write,
  );

/** A text of a pattern, as it stands. */
export const textForm = (pattern: RegExp): Form<string> =>
  form(t.string, (text) => (pattern.test(text) ? text : undefined));

/** A whole number within both bounds. */
export const wholeForm = (from: number, to: number): Form<number> =>
  form(t.number, (text) => {
    const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    return value >= from && value <= to ? value : undefined;
  });

const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/** A length of time in milliseconds: `500ms`, `45s`, `2m`, `12h`, `30d`; `0` is none. */
export const durationForm: Form<number> = form(
  t.number,
  (text) => {
    if (text === '0') return 0;
    const [, count, unit = ''] = /^(\d{1,6})(ms|s|m|h|d)$/.exec(text) ?? [];
    const size = UNIT_MS[unit];
    return count === undefined || size === undefined ? undefined : Number(count) * size;
  },
  (ms) => `${ms}ms`,
);

const UNIT_BYTES: Readonly<Record<string, number>> = {
  '': 1,
  KiB: 1_024,
  MiB: 1_048_576,
  GiB: 1_073_741_824,
  TiB: 1_099_511_627_776,
};

/** A size in bytes: `500000`, `512MiB`, `20GiB`; `unlimited` is -1, as in NATS. */
export const sizeForm: Form<number> = form(t.number, (text) => {
  if (text === 'unlimited') return -1;
  const [, count, unit = ''] = /^([1-9]\d{0,11})(KiB|MiB|GiB|TiB)?$/.exec(text) ?? [];
  const bytes = count === undefined ? Number.NaN : Number(count) * (UNIT_BYTES[unit] ?? Number.NaN);
  return Number.isSafeInteger(bytes) ? bytes : undefined;
});

/** No user and no password: they would stand in process lists and errors. */
const isServer = (address: string): boolean => {
  if (!/^(nats|tls):\/\/\S+$/.test(address) || !URL.canParse(address)) return false;
  const { hostname, username, password, pathname, search, hash } = new URL(address);
  return (
    hostname !== '' && [username, password, search, hash].join('') === '' && pathname.length < 2
  );
};

/** Addresses of one server or of several of a cluster, separated by commas. */
export const serversForm: Form<readonly string[]> = form(
  t.readonlyArray(t.string),
  (text) => {
    const servers = text.split(',').map((address) => address.trim());
    return servers.every(isServer) ? servers : undefined;
  },
  (servers) => servers.join(','),
);

/** The path of a file; it is read when the configuration is. */
export const fileForm: Form<string> = form(t.string, (text) => (text === '' ? undefined : text));
