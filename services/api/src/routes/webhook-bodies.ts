import * as E from 'fp-ts/lib/Either.js';
import { saidIn, type Fields } from '../call.js';
import { fieldProblem, type Problem } from '../problem.js';

type Read<A> = E.Either<Problem, A>;
export type Body<A> = Readonly<{ by: unknown; asked: A }>;

const IDS_MAX = 1_000;
const TYPES_MAX = 100;
const OVERLAP_HOURS_MAX = 720;
const USUAL_OVERLAP_HOURS = 24;
const HOUR_MS = 3_600_000;

const wrong = (field: string, reason: string): Read<never> =>
  E.left(fieldProblem(422, { field, reason }));

/** A body of known fields; an absent one is an empty object. */
const bodyOf = <A>(
  body: unknown,
  names: readonly string[],
  read: (fields: Fields) => Read<A>,
): Read<Body<A>> => {
  const said = saidIn(body ?? {});
  if (E.isLeft(said)) return said;
  const { by, at, fields } = said.right;
  const known = [...names, 'by'];
  const unknown = [...Object.keys(fields), ...(at === undefined ? [] : ['at'])].find(
    (name) => !known.includes(name),
  );
  if (unknown !== undefined) return wrong(unknown.slice(0, 100), 'is not known here');
  const asked = read(fields);
  return E.isLeft(asked) ? asked : E.right({ by, asked: asked.right });
};

const areTexts = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');

const isWhole = (value: unknown, max: number): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= max;

const secretOf = ({ secret }: Fields): Read<Readonly<{ secret?: string }>> => {
  if (secret === undefined) return E.right({});
  return typeof secret === 'string' ? E.right({ secret }) : wrong('secret', 'is not text');
};

export type From = 'start' | 'now' | number;
export type Addition = Readonly<{
  url: string;
  types: readonly string[];
  from: From;
  secret?: string;
}>;

const additionIn = (fields: Fields): Read<Addition> => {
  const { url, types = [], from = 'now' } = fields;
  if (typeof url !== 'string') return wrong('url', 'is not text');
  if (!areTexts(types) || types.length > TYPES_MAX)
    return wrong('types', `is not a list of texts, ${TYPES_MAX} at most`);
  if (from !== 'start' && from !== 'now' && !isWhole(from, Number.MAX_SAFE_INTEGER))
    return wrong('from', 'is not “start”, “now” or a position');
  const secret = secretOf(fields);
  return E.isLeft(secret) ? secret : E.right({ url, types, from, ...secret.right });
};

export const additionOf = (body: unknown): Read<Body<Addition>> =>
  bodyOf(body, ['url', 'types', 'from', 'secret'], additionIn);

export type RotationAsked = Readonly<{ overlapMs: number; secret?: string }>;

export const rotationOf = (body: unknown): Read<Body<RotationAsked>> =>
  bodyOf(body, ['overlapHours', 'secret'], (fields) => {
    const { overlapHours = USUAL_OVERLAP_HOURS } = fields;
    if (!isWhole(overlapHours, OVERLAP_HOURS_MAX))
      return wrong('overlapHours', `is not a whole number from 0 to ${OVERLAP_HOURS_MAX}`);
    const secret = secretOf(fields);
    if (E.isLeft(secret)) return secret;
    return E.right({ overlapMs: overlapHours * HOUR_MS, ...secret.right });
  });

export const switchOf = (body: unknown): Read<Body<boolean>> =>
  bodyOf(body, ['enabled'], ({ enabled }) =>
    typeof enabled === 'boolean' ? E.right(enabled) : wrong('enabled', 'is not true or false'),
  );

export const retryOf = (body: unknown): Read<Body<readonly string[] | 'all'>> =>
  bodyOf<readonly string[] | 'all'>(body, ['all', 'events'], ({ all, events }) => {
    if (all === true && events === undefined) return E.right('all');
    const isList = areTexts(events) && events.length > 0 && events.length <= IDS_MAX;
    if (all === undefined && isList) return E.right(events);
    return wrong('', `expected {"all": true}, or events, the ids of 1 to ${IDS_MAX}`);
  });

export const replayOf = (body: unknown): Read<Body<number>> =>
  bodyOf(body, ['after'], ({ after }) =>
    isWhole(after, Number.MAX_SAFE_INTEGER) ? E.right(after) : wrong('after', 'is not a position'),
  );
