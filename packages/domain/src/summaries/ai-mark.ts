/** Where a revision's text comes from, as its event says. */
export type Provenance = Readonly<{
  origin: 'ai' | 'human' | 'mixed';
  /** Model and prompt of the AI text in it; null where a person wrote all of it. */
  model: string | null;
  promptVersion: string | null;
}>;

/**
 * The AI marking of a text (rulebook §4): `aiGenerated`, `origin` and `digitalSourceType` for programs,
 * `statement` for people. Every output that carries summary text carries one, made here and nowhere else.
 */
export type AiMark = Readonly<{
  /** A model wrote it, or part of it. */
  aiGenerated: boolean;
  origin: Provenance['origin'];
  /** IPTC digital source type, the vocabulary that readers of other media know already. */
  digitalSourceType: string;
  /** One line, English, without line breaks. */
  statement: string;
}>;

const IPTC = 'http://cv.iptc.org/newscodes/digitalsourcetype';

const sources: Readonly<Record<Provenance['origin'], string>> = {
  ai: `${IPTC}/trainedAlgorithmicMedia`,
  mixed: `${IPTC}/compositeWithTrainedAlgorithmicMedia`,
  human: `${IPTC}/digitalCreation`,
};

const words: Readonly<Record<Provenance['origin'], string>> = {
  ai: 'written by AI',
  mixed: 'written by AI and changed by a person',
  human: 'written by a person',
};

const modelIn = ({ origin, model, promptVersion }: Provenance): string =>
  origin === 'human' || model === null
    ? ''
    : ` (${model}, ${promptVersion ?? 'no prompt version'})`;

export const aiMark = (provenance: Provenance): AiMark => {
  const { origin } = provenance;
  return {
    aiGenerated: origin !== 'human',
    origin,
    digitalSourceType: sources[origin],
    statement: `${words[origin]}${modelIn(provenance)}`,
  };
};
