/**
 * The machine-readable line that every note ends with: the AI marking (rulebook §4) and what the note is
 * about, so that it is found again without any table of ours. One line, `key=value`, values percent-encoded.
 */
export type NoteMarker = Readonly<{
  kind: 'summary' | 'retraction';
  company: string;
  session: string;
  /** Of the summary; a retraction names the last one. */
  revision: number;
  /** Id of the event that the note is for: there is one note for each. */
  event: string;
  origin: 'ai' | 'human' | 'mixed';
  aiGenerated: boolean;
  digitalSourceType: string;
  model: string | null;
  promptVersion: string | null;
}>;

const START = '[daybook-note v=1';
/** Model names come from outside; a marker stays short enough for every field. */
const WORD_LENGTH_MAX = 120;

/** A lone half of a character cannot be encoded; a quote could end a string in somebody's query. */
const encoded = (value: string): string =>
  encodeURIComponent(
    value.slice(0, WORD_LENGTH_MAX).replace(/\p{Surrogate}/gu, '\uFFFD'),
  ).replaceAll("'", '%27');

/** By what a marker's line of one event is found in a text: no sign in it needs escaping anywhere. */
export const eventWord = (event: string): string => `event=${event} `;

export const markerLine = (marker: NoteMarker): string => {
  const { kind, company, session, revision, event, origin, aiGenerated } = marker;
  const { digitalSourceType, model, promptVersion } = marker;
  const words = [
    START,
    `kind=${kind}`,
    `company=${encoded(company)}`,
    `session=${encoded(session)}`,
    `revision=${revision}`,
    `event=${encoded(event)}`,
    `origin=${origin}`,
    `ai-generated=${aiGenerated}`,
    `source=${encoded(digitalSourceType)}`,
    ...(model === null ? [] : [`model=${encoded(model)}`]),
    ...(promptVersion === null ? [] : [`prompt=${encoded(promptVersion)}`]),
  ];
  return `${words.join(' ')} ]`;
};

const decoded = (value: string | undefined): string | null => {
  if (value === undefined) return null;
  try {
    return decodeURIComponent(value);
  } catch {
    return null;
  }
};

const originFrom = (value: string | undefined): NoteMarker['origin'] | null =>
  value === 'ai' || value === 'human' || value === 'mixed' ? value : null;

const kindFrom = (value: string | undefined): NoteMarker['kind'] | null =>
  value === 'summary' || value === 'retraction' ? value : null;

/** The marker at the end of a note; null for what nobody of ours wrote. Text above the last line is not looked at. */
export const markerOf = (text: string): NoteMarker | null => {
  const line = text.trimEnd().split(/\r?\n/).at(-1) ?? '';
  if (!line.startsWith(`${START} `) || !line.endsWith(' ]')) return null;
  const words = new Map(
    line
      .slice(START.length + 1, -2)
      .split(' ')
      .map((word) => {
        const at = word.indexOf('=');
        return [word.slice(0, at), word.slice(at + 1)] as const;
      }),
  );
  const [kind, origin] = [kindFrom(words.get('kind')), originFrom(words.get('origin'))];
  const [company, session] = [decoded(words.get('company')), decoded(words.get('session'))];
  const event = decoded(words.get('event'));
  const revision = Number(words.get('revision') ?? Number.NaN);
  if (kind === null || origin === null || company === null || session === null) return null;
  if (event === null || !Number.isSafeInteger(revision)) return null;
  return {
    kind,
    company,
    session,
    revision,
    event,
    origin,
    aiGenerated: words.get('ai-generated') === 'true',
    digitalSourceType: decoded(words.get('source')) ?? '',
    model: decoded(words.get('model')),
    promptVersion: decoded(words.get('prompt')),
  };
};
