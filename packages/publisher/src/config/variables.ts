import {
  durationForm,
  fileForm,
  type Form,
  serversForm,
  sizeForm,
  textForm,
  wholeForm,
} from './forms.js';

type Setting<A> = Readonly<{
  variable: string;
  form: Form<A>;
  /** For a person who wrote something else. */
  expected: string;
  example: string;
}>;

const setting = <A>(
  variable: string,
  form: Form<A>,
  told: Readonly<{ expected: string; example: string }>,
): Setting<A> => ({ variable, form, ...told });

const file = (variable: string, content: string, example: string): Setting<string> =>
  setting(variable, fileForm, { expected: `a file that can be read, with ${content}`, example });

/** Every setting: its name in a file, its variable, and how it is written. */
export const settingTable = {
  servers: setting('DAYBOOK_NATS_URL', serversForm, {
    expected:
      'nats:// or tls:// addresses of one cluster, separated by commas, without user and password',
    example: 'tls://nats-1.example:4222,tls://nats-2.example:4222',
  }),
  caFile: file(
    'DAYBOOK_NATS_CA_FILE',
    'the certificates to trust (PEM); it asks for TLS',
    '/etc/daybook/nats-ca.pem',
  ),
  certFile: file(
    'DAYBOOK_NATS_CERT_FILE',
    'this client’s certificate (PEM), beside DAYBOOK_NATS_KEY_FILE',
    '/etc/daybook/relay.pem',
  ),
  keyFile: file(
    'DAYBOOK_NATS_KEY_FILE',
    'its private key (PEM), beside DAYBOOK_NATS_CERT_FILE',
    '/etc/daybook/relay-key.pem',
  ),
  credsFile: file('DAYBOOK_NATS_CREDS', 'NATS credentials', '/etc/daybook/relay.creds'),
  nkeyFile: file('DAYBOOK_NATS_NKEY_FILE', 'the seed of a user’s nkey', '/etc/daybook/relay.nk'),
  tokenFile: file('DAYBOOK_NATS_TOKEN_FILE', 'a token', '/run/secrets/nats-token'),
  user: setting('DAYBOOK_NATS_USER', textForm(/^\S{1,200}$/), {
    expected: 'a user’s name, beside DAYBOOK_NATS_PASSWORD_FILE',
    example: 'daybook-relay',
  }),
  passwordFile: file(
    'DAYBOOK_NATS_PASSWORD_FILE',
    'the user’s password, beside DAYBOOK_NATS_USER',
    '/run/secrets/nats-password',
  ),
  stream: setting('DAYBOOK_RELAY_STREAM', textForm(/^[A-Za-z0-9_-]{1,32}$/), {
    expected: '1 to 32 letters, digits, - or _',
    example: 'DAYBOOK',
  }),
  subjectPrefix: setting(
    'DAYBOOK_RELAY_SUBJECTS',
    textForm(/^(?=.{1,60}$)[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*$/),
    { expected: 'the beginning of every subject: words joined by dots', example: 'daybook' },
  ),
  replicas: setting('DAYBOOK_RELAY_REPLICAS', wholeForm(1, 5), {
    expected: 'a whole number from 1 to 5, no more than the cluster has servers',
    example: '3',
  }),
  maxAge: setting('DAYBOOK_RELAY_MAX_AGE', durationForm, {
    expected: 'how long messages are kept: a number with ms, s, m, h or d; 0 keeps them',
    example: '90d',
  }),
  maxBytes: setting('DAYBOOK_RELAY_MAX_BYTES', sizeForm, {
    expected: 'bytes, or a number with KiB, MiB, GiB or TiB, or unlimited',
    example: '20GiB',
  }),
  dedupeWindow: setting('DAYBOOK_RELAY_DEDUPE_WINDOW', durationForm, {
    expected: 'a number with ms, s, m, h or d, not longer than messages are kept',
    example: '2m',
  }),
  window: setting('DAYBOOK_RELAY_WINDOW', wholeForm(1, 1_024), {
    expected: 'messages under way at once: a whole number from 1 to 1024',
    example: '256',
  }),
  retryMax: setting('DAYBOOK_RELAY_RETRY_MAX', durationForm, {
    expected: 'the longest wait before the broker is tried again: a number with ms, s, m or h',
    example: '10s',
  }),
} as const;

export type SettingName = keyof typeof settingTable;

/** Names a JSON file with any of the settings; a variable comes before what the file says. */
export const CONFIG_FILE = 'DAYBOOK_RELAY_CONFIG';

export const settingNames = Object.keys(settingTable) as readonly SettingName[];
