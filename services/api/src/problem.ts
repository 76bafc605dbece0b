import { refusalInWords } from '@daybook/engine';
import { withIsoInstants } from './iso-instants.js';

/** RFC 9457: what went wrong, in words for people and with a stable type for programs. */
export type Problem = Readonly<{
  type: string;
  title: string;
  status: number;
  detail: string;
  /** Members that go with the type. */
  extensions?: Readonly<Record<string, unknown>>;
  headers?: Readonly<Record<string, string>>;
}>;

/** What the engine answers when it is not an acceptance: a refusal of the rules, or a failure. */
export type Failure = Readonly<{ _tag: string }>;
type RefusedFailure = Readonly<{ _tag: 'Refused'; refusal: Failure }>;

const kebab = (tag: string): string => tag.replace(/([a-z0-9])([A-Z])/g, '$1-$2').toLowerCase();

const titleOf = (tag: string): string => {
  const words = kebab(tag).replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

const statuses: Readonly<Record<number, readonly string[]>> = {
  403: ['AdministratorRequired', 'OwnRoleUnchangeable', 'SummaryNotTheirs'],
  404: [
    'CompanyNotRegistered',
    'UserNotRegistered',
    'PolicyNotDefined',
    'DeviceGroupNotCreated',
    'DeviceNotEnrolled',
    'OrderUnknown',
    'SessionNotStarted',
    'SummaryNotFound',
  ],
  412: ['StaleRevision'],
  422: [
    'UnknownTimeZone',
    'AbsentSettingWithValues',
    'PolicySourceIncomplete',
    'PolicyVersionUnknown',
    'AmountTooLarge',
    'RefundBeforePurchase',
    'EndBeforeStart',
  ],
};

const statusByTag: ReadonlyMap<string, number> = new Map(
  Object.entries(statuses).flatMap(([status, tags]) =>
    tags.map((tag): [string, number] => [tag, Number(status)]),
  ),
);

/** A problem whose type and title follow from a name in words, `UploadTooLarge`. */
export const problemOf = (
  tag: string,
  said: Readonly<Pick<Problem, 'status' | 'detail'> & Partial<Problem>>,
): Problem => ({ type: `urn:daybook:problem:${kebab(tag)}`, title: titleOf(tag), ...said });

/** Of everything that the caller cannot see: unknown, or another company's. It never says which. */
export const notFound = (): Problem =>
  problemOf('NotFound', { status: 404, detail: 'There is nothing here under this address.' });

/** The rules said no. States of things are conflicts unless the table above knows better. */
export const refusalProblem = (refusal: Failure): Problem => {
  const { _tag: tag, ...data } = refusal;
  if (tag === 'CompanyNotRegistered') return notFound();
  return problemOf(tag, {
    status: statusByTag.get(tag) ?? 409,
    detail: refusalInWords(tag),
    extensions: { refusal: { name: tag, ...(withIsoInstants(data) as object) } },
  });
};

const RETRY = { 'retry-after': '1' } as const;

/** The engine could not do it. What a failure says of itself goes to the log and not to the caller. */
export const failureProblem = (failure: Failure): Problem => {
  switch (failure._tag) {
    case 'TooManyConflicts':
      return problemOf(failure._tag, {
        status: 503,
        detail: 'Others kept changing the same thing; nothing was written. Send it again.',
        headers: RETRY,
      });
    case 'StoreUnavailable':
      return problemOf(failure._tag, {
        status: 503,
        detail: 'The log cannot be used now; nothing was acknowledged. Send it again.',
        headers: RETRY,
      });
    default:
      return problemOf('InternalError', {
        status: 500,
        detail: 'The log could not be read as it should; the operator’s log says more.',
      });
  }
};

const isRefused = (answer: Failure): answer is RefusedFailure => answer._tag === 'Refused';

export const commandProblem = (answer: Failure): Problem =>
  isRefused(answer) ? refusalProblem(answer.refusal) : failureProblem(answer);

/** A field of the request is not as it must be; `field` is empty for the whole. */
export const fieldProblem = (
  status: 400 | 422,
  problem: Readonly<{ field?: string; reason: string; remedy?: string }>,
): Problem => {
  const { field = '', reason, remedy } = problem;
  const words = `${field === '' ? 'The request' : `“${field}”`}: ${reason}`;
  return problemOf('InvalidRequest', {
    status,
    detail: remedy === undefined ? `${words}.` : `${words}; ${remedy}.`,
    extensions: { errors: [{ field, reason }] },
  });
};

/** The JSON object that is sent. */
export const problemDocument = (problem: Problem): Readonly<Record<string, unknown>> => {
  const { type, title, status, detail, extensions } = problem;
  return { type, title, status, detail, ...extensions };
};
