/**
 * What can go wrong with a delivery. None carries what a remote system wrote into its message: some of them
 * repeat the value that they refuse, and that value is summary text. Codes are words of their own.
 */
export type RemoteFailure =
  /** No answer: nobody knows whether the request had its effect. */
  | Readonly<{ _tag: 'Unreachable'; why: 'timed-out' | 'connection' }>
  /** The remote system is not able to now (5xx), or says that something else has the record. */
  | Readonly<{ _tag: 'ServerFailed'; status: number; code: string | null }>
  /** Too many requests, from us or from all of the remote system's clients together. */
  | Readonly<{ _tag: 'RateLimited'; waitMs: number }>
  /** The credentials are refused, also with a token that was just made. */
  | Readonly<{ _tag: 'AuthRejected'; status: number; code: string | null }>
  /** The integration's user may not do this with this record. */
  | Readonly<{ _tag: 'Forbidden'; code: string | null }>
  | Readonly<{ _tag: 'NotFound'; code: string | null }>
  /** The remote system refuses what was asked; asking again changes nothing. */
  | Readonly<{ _tag: 'Rejected'; status: number; code: string | null }>
  /** An answer that is not of the published shape. */
  | Readonly<{ _tag: 'AnswerUnreadable'; status: number }>;

export type DeliveryFailure =
  | RemoteFailure
  /** No incident or case belongs to the session, yet or at all. */
  | Readonly<{ _tag: 'RecordNotFound' }>
  /** More than one does; which one it is, a person must say. */
  | Readonly<{ _tag: 'RecordAmbiguous' }>
  /** The mapping names none for this session. */
  | Readonly<{ _tag: 'NotMapped' }>
  /** The file of the mapping cannot be read now, or is not what it should be. */
  | Readonly<{ _tag: 'MappingUnreadable' }>
  /** Accepted, and not there afterwards: the integration's user may not write the field. */
  | Readonly<{ _tag: 'NoteNotKept' }>
  /** A note could not be taken back from the record: it is listed as not recalled. */
  | Readonly<{ _tag: 'NotRecalled' }>
  /** An event of the log that should be a summary's and cannot be read. */
  | Readonly<{ _tag: 'SummaryUnreadable' }>
  | Readonly<{ _tag: 'NotVisible' }>;

/**
 * Whom a failure concerns: the whole connector waits and nothing is parked; this delivery is tried again; or
 * asking again is of no use and it is parked at once.
 */
export type Reach = 'connector' | 'again' | 'final';

const reaches: Readonly<Record<DeliveryFailure['_tag'], Reach>> = {
  Unreachable: 'connector',
  RateLimited: 'connector',
  AuthRejected: 'connector',
  ServerFailed: 'again',
  AnswerUnreadable: 'again',
  RecordNotFound: 'again',
  MappingUnreadable: 'again',
  Forbidden: 'final',
  NotFound: 'final',
  Rejected: 'final',
  RecordAmbiguous: 'final',
  NotMapped: 'final',
  NoteNotKept: 'final',
  NotRecalled: 'final',
  SummaryUnreadable: 'final',
  NotVisible: 'final',
};

export const reachOf = ({ _tag }: DeliveryFailure): Reach => reaches[_tag];

/** A word or a few for the delivery record, such as `Rejected 400 STRING_TOO_LONG`. */
export const reasonOf = (failure: DeliveryFailure): string => {
  const status = 'status' in failure ? ` ${failure.status}` : '';
  const code = 'code' in failure && failure.code !== null ? ` ${failure.code}` : '';
  const why = failure._tag === 'Unreachable' ? ` ${failure.why}` : '';
  return `${failure._tag}${status}${code}${why}`;
};

const CODE = /^[A-Z][A-Z0-9_]{1,60}$/;

/** A code of a remote system, when it is one: anything else in its place may be text. */
export const codeFrom = (value: unknown): string | null =>
  typeof value === 'string' && CODE.test(value) ? value : null;
