/**
 * A made-up journal of any length, for benchmarks and crash loops: the same seed gives the same lines.
 * Its sessions take every way through the rules: consent given, refused, timed out and withdrawn,
 * standing permission, an assistant, and sessions that are not eligible at all.
 */
import { writeEntry, type WrittenEntry } from '@daybook/session-journal';

const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

type Kind = 'consent' | 'allowed' | 'refused' | 'silent' | 'withdrawn' | 'unattended' | 'assistant';
const kinds: readonly Kind[] = [
  'consent',
  'allowed',
  'consent',
  'refused',
  'assistant',
  'allowed',
  'silent',
  'consent',
  'withdrawn',
  'unattended',
];

const lines = [
  'The printer on the second floor does not print any more.',
  'Let me look at the queue and restart the spooler.',
  'My password is hunter2-synthetic, does that help?',
  'I have restarted the service, please try again.',
  'It still shows the same error as before.',
  'Then I will reinstall the driver from the server.',
  'Now the test page comes out, thank you very much.',
  'I will check the update settings again tomorrow.',
];

/** A small generator of numbers in [0, 1), so that nothing depends on the platform's randomness. */
export const seeded = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
};

const openings = (kind: Kind, session: string, at: number): readonly WrittenEntry[] => {
  const answered = { entry: 'prompt-answered', session, at: at + SECOND_MS } as const;
  switch (kind) {
    case 'consent':
    case 'withdrawn':
    case 'assistant':
      return [{ ...answered, answer: 'allowed', by: 'remote-side' }];
    case 'refused':
      return [{ ...answered, answer: 'refused', by: 'remote-side' }];
    case 'silent':
      return [{ entry: 'prompt-timed-out', session, at: at + MINUTE_MS }];
    case 'allowed':
    case 'unattended':
      return [];
  }
};

const started = (kind: Kind, session: string, at: number): WrittenEntry => ({
  entry: 'session-started',
  session,
  at,
  direction: 'outgoing',
  supporter: 'u-lena',
  signedIn: true,
  device: null,
  module: 'full',
  platform: 'windows',
  method: 'session-code',
  attended: kind !== 'unattended',
  ...(kind === 'allowed'
    ? { accessControl: { supporter: 'allowed' as const, remote: 'allowed' as const } }
    : {}),
});

const contentOf = (
  kind: Kind,
  session: string,
  talk: Readonly<{ at: number; length: number }>,
): readonly WrittenEntry[] =>
  Array.from({ length: talk.length }, (_, index): WrittenEntry => {
    const at = talk.at + index * 5 * SECOND_MS;
    const text = lines[index % lines.length] ?? '';
    if (kind === 'assistant' && index % 4 === 3)
      return { entry: 'assistant-message', session, at, text };
    return index % 3 === 2
      ? { entry: 'action', session, at, text }
      : {
          entry: 'chat',
          session,
          at,
          speaker: index % 2 === 0 ? 'remote-side' : 'supporter',
          text,
        };
  });

const sessionEntries = (
  index: number,
  startsAt: number,
  random: () => number,
): readonly WrittenEntry[] => {
  const session = `syn-${String(index).padStart(7, '0')}`;
  const kind = kinds[Math.floor(random() * kinds.length)] ?? 'consent';
  const talk = { at: startsAt + 2 * MINUTE_MS, length: 4 + Math.floor(random() * 8) };
  const endsAt = talk.at + talk.length * 5 * SECOND_MS;
  const withdrawn: readonly WrittenEntry[] =
    kind === 'withdrawn'
      ? [{ entry: 'consent-withdrawn', session, at: endsAt, by: 'remote-side' }]
      : [];
  return [
    started(kind, session, startsAt),
    ...openings(kind, session, startsAt),
    ...contentOf(kind, session, talk),
    ...withdrawn,
    { entry: 'session-ended', session, at: endsAt + SECOND_MS },
  ];
};

export type SyntheticJournal = Readonly<{
  sessions: number;
  seed: number;
  /** First session's start, epoch milliseconds. */
  from: number;
}>;

/** The journal as text, one session a chunk. */
export async function* syntheticJournal(options: SyntheticJournal): AsyncGenerator<string> {
  const random = seeded(options.seed);
  for (let index = 0; index < options.sessions; index += 1) {
    const entries = sessionEntries(index, options.from + index * MINUTE_MS, random);
    yield await Promise.resolve(`${entries.map(writeEntry).join('\n')}\n`);
  }
}
