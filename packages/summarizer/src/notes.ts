import { plainOf, type Sentence } from './sentences.js';

/** What somebody wrote down under the name of its field, and all the rest of the session. */
export type Notes = Readonly<{
  problem: readonly Sentence[];
  result: readonly Sentence[];
  followUp: readonly Sentence[];
  rest: readonly Sentence[];
}>;

type Field = Exclude<keyof Notes, 'rest'>;

const labelled = (names: string): RegExp => new RegExp(`^(?:${names})\\s*:\\s*(?=\\S)`, 'iu');

const LABELS: readonly (readonly [field: Field, label: RegExp])[] = [
  [
    'problem',
    labelled(
      'problem|issue|symptom|reported problem|störung|fehlerbild|anliegen|problème|incident|problema|incidencia|probleem|storing|guasto',
    ),
  ],
  [
    'result',
    labelled(
      'results?|outcome|resolution|solution|ergebnis|lösung|fazit|résultat|solution|résolution|resultado|solución|solução|risultato|esito|soluzione|resultaat|oplossing|uitkomst',
    ),
  ],
  [
    'followUp',
    labelled(
      'follow[- ]?ups?|next steps?|to[- ]?dos?|still open|open points?|nächste schritte|nächster schritt|folgeaufgaben?|nachverfolgung|wiedervorlage|offen|noch offen|suivi|à faire|prochaines? étapes?|seguimiento|pendientes?|próximos pasos|próximo paso|da fare|prossimi passi|vervolg|te doen|volgende stap(?:pen)?|acompanhamento|a fazer|próximos passos',
    ),
  ],
];

const fieldOf = ({
  voice,
  text,
}: Sentence): Readonly<{ field: Field; text: string }> | undefined => {
  for (const [field, label] of LABELS) {
    if (voice === 'assistant' || (voice === 'remote-side' && field !== 'problem')) continue;
    const found = label.exec(text)?.[0];
    if (found !== undefined) return { field, text: text.slice(found.length) };
  }
  return undefined;
};

/** "Result: …", "Follow-up: …", "Problem: …" and their like in other languages, each to its field. */
export const notesIn = (told: readonly Sentence[]): Notes => {
  const notes: Record<keyof Notes, Sentence[]> = {
    problem: [],
    result: [],
    followUp: [],
    rest: [],
  };
  for (const sentence of told) {
    const noted = fieldOf(sentence);
    if (noted === undefined) notes.rest.push(sentence);
    else notes[noted.field].push({ ...sentence, text: noted.text, plain: plainOf(noted.text) });
  }
  return notes;
};
