import { contracts, publishedTypes, unpublishable, type PublishedEvent } from '@daybook/publisher';
import * as E from 'fp-ts/lib/Either.js';
import { fieldProblem, type Problem } from '../problem.js';

/** Which published events of a company a caller wants. */
export type Wanted = Readonly<{
  company: string;
  /** Stored types to read; the store filters by them. */
  storedTypes: readonly string[];
  /** Published types; undefined is every one. */
  types: ReadonlySet<string> | undefined;
  context: string | undefined;
  /** `<category>/<id>`, the CloudEvents subject. */
  subject: string | undefined;
}>;

const known: ReadonlySet<string> = new Set(publishedTypes.map(({ type }) => type));
const contexts: readonly string[] = [...new Set(publishedTypes.map(({ context }) => context))];

type Named = Pick<Wanted, 'types' | 'context'>;

const fits = (
  { types, context }: Named,
  event: Readonly<{ type: string; context: string }>,
): boolean =>
  (types === undefined || types.has(event.type)) &&
  (context === undefined || context === event.context);

/** Any published type may have left its place to `event-unpublishable`. */
const storedTypesOf = (named: Named): readonly string[] =>
  contracts
    .filter((contract) => fits(named, unpublishable) || fits(named, contract))
    .map(({ storedType }) => storedType);

type Words = Readonly<{ type?: string; context?: string; subject?: string }>;

/** What a query string asks for; a word that is no published type is a mistake and not an empty answer. */
export const wantedIn = (company: string, words: Words): E.Either<Problem, Wanted> => {
  const { context, subject } = words;
  const types = words.type === undefined ? undefined : new Set(words.type.split(','));
  if (types !== undefined && ![...types].every((type) => known.has(type)))
    return E.left(fieldProblem(400, { field: 'type', reason: 'is not a list of published types' }));
  if (context !== undefined && !contexts.includes(context))
    return E.left(
      fieldProblem(400, { field: 'context', reason: `is not one of ${contexts.join(', ')}` }),
    );
  const named = { types, context };
  return E.right({ company, ...named, subject, storedTypes: storedTypesOf(named) });
};

const subjectOf = ({ body }: PublishedEvent): unknown =>
  (JSON.parse(body) as Readonly<{ subject?: unknown }>).subject;

/** The border between companies: an event goes to nobody but the company that it says it is of. */
export const isWanted = (wanted: Wanted, event: PublishedEvent): boolean => {
  if (event.company !== wanted.company || !fits(wanted, event)) return false;
  if (wanted.subject === undefined) return true;
  return subjectOf(event) === wanted.subject;
};
