import { decodeWith } from '@daybook/domain/kernel';
import type { SummaryBody } from '@daybook/domain/summaries';
import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { BOUNDS } from './bounds.js';
import type { Summary } from './summarizer.js';

const text = (name: string, max: number, min = 0): t.Type<string> =>
  new t.Type<string>(
    name,
    t.string.is,
    (u, context) =>
      typeof u === 'string' && u.length <= max && u.trim().length >= min
        ? t.success(u.trim())
        : t.failure(u, context),
    t.identity,
  );

const list = (name: string, item: t.Type<string>, max: number): t.Type<string[]> => {
  const items = t.array(item);
  return new t.Type<string[]>(
    name,
    items.is,
    (u, context) =>
      Array.isArray(u) && u.length <= max ? items.validate(u, context) : t.failure(u, context),
    t.identity,
  );
};

/** What a model must answer, with bounded sizes; further fields are dropped. */
const Reply = t.strict({
  title: text('title', BOUNDS.titleLength, 1),
  problem: text('problem', BOUNDS.problemLength),
  steps: list('steps', text('step', BOUNDS.stepLength, 1), BOUNDS.stepsMax),
  result: text('result', BOUNDS.resultLength),
  followUps: list('follow-ups', text('follow-up', BOUNDS.stepLength, 1), BOUNDS.followUpsMax),
  tags: list('tags', text('tag', BOUNDS.tagLength, 1), BOUNDS.tagsMax),
  language: new t.Type<string>(
    'language',
    t.string.is,
    (u, context) =>
      typeof u === 'string' && /^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/.test(u)
        ? t.success(u)
        : t.failure(u, context),
    t.identity,
  ),
});

const stringSchema = { type: 'string' } as const;
const listSchema = { type: 'array', items: stringSchema } as const;

/** The same shape for the service; `strict` structured output allows no length keywords. */
export const REPLY_SCHEMA = {
  type: 'object',
  additionalProperties: false,
  required: ['title', 'problem', 'steps', 'result', 'followUps', 'tags', 'language'],
  properties: {
    title: stringSchema,
    problem: stringSchema,
    steps: listSchema,
    result: stringSchema,
    followUps: listSchema,
    tags: listSchema,
    language: stringSchema,
  },
};

const parsed = (content: string): unknown => {
  try {
    return JSON.parse(content) as unknown;
  } catch {
    return undefined;
  }
};

/** The summary in an answer, or the names of the fields that are wrong, never their content. */
export const decodeReply = (content: string): E.Either<string, Summary> => {
  const value = parsed(content);
  if (value === undefined) return E.left('not JSON');
  const decoded = decodeWith(Reply, value);
  if (E.isLeft(decoded)) return decoded;
  const { language, ...body } = decoded.right;
  return E.right({ body: body satisfies SummaryBody, language });
};
