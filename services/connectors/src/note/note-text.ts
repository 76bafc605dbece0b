import { aiMark, type SummaryBody } from '@daybook/domain/summaries';
import type { Note } from '../remote.js';
import { markerLine, type NoteMarker } from './marker.js';

/** A revision of a summary, as it is read when its note is written and not before. */
export type RevisionText = Readonly<{
  revision: number;
  origin: 'ai' | 'human' | 'mixed';
  /** Of the AI text in it. */
  model: string | null;
  promptVersion: string | null;
  body: SummaryBody;
}>;

/** What the note is about. */
export type NoteAbout = Readonly<{ company: string; sessionId: string; eventId: string }>;

export type NoteForm = Readonly<{
  /** Most bytes of UTF-8 that the remote field takes. */
  bytesMax: number;
  /** Where notes cannot be changed, a later one says which it replaces. */
  namesReplaced: boolean;
}>;

const SHORTENED = '\n… (shortened to fit; the whole summary is in Daybook)';

/** The longest beginning of a text in so many bytes; never half a character. */
const within = (text: string, bytesMax: number): string => {
  const bytes = Buffer.from(text, 'utf8');
  if (bytes.length <= bytesMax) return text;
  const room = Math.max(0, bytesMax - Buffer.byteLength(SHORTENED));
  const cut = new TextDecoder('utf-8').decode(bytes.subarray(0, room), { stream: true });
  return `${cut}${SHORTENED}`;
};

const listed = (title: string, items: readonly string[]): readonly string[] =>
  items.length === 0 ? [] : [title, ...items.map((item) => `- ${item}`)];

const stated = (title: string, text: string): readonly string[] =>
  text === '' ? [] : [`${title}: ${text}`];

const bodyText = ({ title, problem, steps, result, followUps, tags }: SummaryBody): string =>
  [
    title,
    ...stated('Problem', problem),
    ...listed('Steps', steps),
    ...stated('Result', result),
    ...listed('Follow-ups', followUps),
    ...stated('Tags', tags.join(', ')),
  ].join('\n');

const markerFor = (about: NoteAbout, text: Omit<RevisionText, 'body'>): NoteMarker => {
  const { origin, revision, model, promptVersion } = text;
  const { aiGenerated, digitalSourceType } = aiMark(text);
  const isModels = aiGenerated && model !== null;
  return {
    kind: 'summary',
    company: about.company,
    session: about.sessionId,
    event: about.eventId,
    revision,
    origin,
    aiGenerated,
    digitalSourceType,
    model: isModels ? model : null,
    promptVersion: isModels ? promptVersion : null,
  };
};

const joined = (
  head: readonly string[],
  body: string,
  end: Readonly<{ line: string; bytesMax: number }>,
) => {
  const opening = `${head.join('\n')}\n\n`;
  const closing = `\n\n${end.line}`;
  const room = end.bytesMax - Buffer.byteLength(opening) - Buffer.byteLength(closing);
  return `${opening}${within(body, room)}${closing}`;
};

/** The note of a revision: a line that people read, the summary, the marker. */
export const summaryNote = (about: NoteAbout, text: RevisionText, form: NoteForm): Note => {
  const { aiGenerated, statement } = aiMark(text);
  const marker = markerFor(about, text);
  const replaces =
    form.namesReplaced && text.revision > 1
      ? [`It replaces revision ${text.revision - 1}, which stands above and no longer holds.`]
      : [];
  const head = [
    `${aiGenerated ? 'AI session summary' : 'Session summary'} of ${about.sessionId}, revision ${text.revision}`,
    `This text was ${statement.slice(0, 300)}.`,
    ...replaces,
  ];
  const end = { line: markerLine(marker), bytesMax: form.bytesMax };
  return { marker, text: joined(head, bodyText(text.body), end) };
};

/** What is said in the place of a deleted summary. It holds no text of any summary. */
export const retractionNote = (about: NoteAbout, lastRevision: number): Note => {
  const marker: NoteMarker = {
    ...markerFor(about, {
      revision: lastRevision,
      origin: 'human',
      model: null,
      promptVersion: null,
    }),
    kind: 'retraction',
  };
  const text = [
    `Session summary of ${about.sessionId}: retracted`,
    'The summary was deleted in Daybook. Notes with its text no longer hold and should not be used or copied.',
    '',
    markerLine(marker),
  ].join('\n');
  return { marker, text };
};
