import type { SummaryBody } from '@daybook/domain/summaries';
import { BOUNDS, shortened } from './bounds.js';
import { isFromRemote } from './cues.js';
import { isFollowUp } from './follow-ups.js';
import { notesIn, type Notes } from './notes.js';
import { problemOf } from './problem.js';
import { resultOf, type Result } from './result.js';
import type { Sentence } from './sentences.js';
import { LATER_MAX, stepsOf, stepText } from './steps.js';
import { titleOf } from './title.js';
import { applicationsIn, topicsIn } from './topics.js';
import { asSentence } from './wording.js';

type Told = readonly Sentence[];

const followUpsOf = ({ rest, followUp }: Notes, problem: Told): readonly string[] => [
  ...rest
    .filter(
      (each, index) =>
        !problem.includes(each) && isFollowUp(each, rest.slice(index + 1, index + 1 + LATER_MAX)),
    )
    .map(stepText),
  ...followUp.map(({ text }) => asSentence(text)),
];

const kebab = (word: string): string => word.toLowerCase().replace(/[^a-z0-9]+/g, '-');

const tagsOf = (told: Told, problem: Told): readonly string[] => {
  const source = problem.length > 0 ? problem : told.filter(isFromRemote);
  const topics = topicsIn(source.map((sentence) => sentence.plain).join('\n'));
  const spoken = told.filter((sentence) => sentence.voice !== 'assistant');
  const applications = applicationsIn(spoken.map((sentence) => sentence.text).join('\n'));
  return [...new Set([...topics, ...applications.map(kebab)])];
};

const distinct = (
  texts: readonly string[],
  limits: readonly [count: number, length: number],
): string[] => [...new Set(texts)].slice(0, limits[0]).map((text) => shortened(text, limits[1]));

const joined = (told: Told): string => told.map(({ text }) => asSentence(text)).join(' ');

const endOf = ({ result, rest }: Notes, problem: Told): Result =>
  result.length > 0
    ? { text: `Recorded result: ${joined(result)}`, used: [] }
    : resultOf(rest, problem);

/** Problem → steps with dead ends → result → follow-ups, in the words of the session. */
export const bodyOf = (told: Told): SummaryBody => {
  const notes = notesIn(told);
  const problem = problemOf(notes);
  const tags = tagsOf(told, problem);
  const stated = joined(problem);
  const end = endOf(notes, problem);
  const steps = stepsOf(notes.rest, { problem, result: end.used });
  return {
    title: shortened(titleOf(notes.rest, problem, tags), BOUNDS.titleLength),
    problem: shortened(stated === '' ? 'No problem was stated.' : stated, BOUNDS.problemLength),
    steps: distinct(steps, [BOUNDS.stepsMax, BOUNDS.stepLength]),
    result: shortened(end.text, BOUNDS.resultLength),
    followUps: distinct(followUpsOf(notes, problem), [BOUNDS.followUpsMax, BOUNDS.stepLength]),
    tags: distinct(tags, [BOUNDS.tagsMax, BOUNDS.tagLength]),
  };
};
