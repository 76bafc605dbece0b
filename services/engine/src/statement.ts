import { hash } from 'node:crypto';
import type { HandlingFailure, Refusal, Refused } from '@daybook/command-handling';
import {
  creditEvents,
  openStatement,
  statementFormat,
  statementText,
  type CreditEventData,
  type CreditStatement,
} from '@daybook/domain/credits';
import { companyStream, creditsStream, decodeWith, invariant } from '@daybook/domain/kernel';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from './aggregates.js';
import type { Call } from './call.js';
import { senders } from './company-commands.js';
import type { CommandAnswer, CommandDeps } from './deps.js';
import { decodedEvents, stateAt, type StreamReader } from './fold-stream.js';

type Issued = CreditEventData['StatementIssued'];

export type StatementAnswer = Readonly<{
  statement: CreditStatement;
  /** Position of the last event of the account that was read. */
  position: number;
  /** SHA-256 of the statement's canonical bytes (`statementText`), lower-case hex. */
  digest: string;
  /** What was signed, null while the month is open. `digest` differs from its own only after a fault. */
  issued: Issued | null;
  /** Revision and recording of the last event that was read, as a statement that is issued names them. */
  revision: number;
  knownAt: number;
}>;

/** Absent: as known now. Months that were issued later than `knownAt` count as open. */
export type StatementRequest = Readonly<{ company: string; month: string; knownAt?: number }>;

type Read<A> = Promise<E.Either<HandlingFailure, A>>;

/** The issued months of an account. Only their own events are decoded: a first pass over a long stream. */
const issuedMonths = async (
  reader: StreamReader,
  { company, knownAt = Infinity }: StatementRequest,
): Read<ReadonlyMap<string, Issued>> => {
  const issued = new Map<string, Issued>();
  for await (const page of reader.readStream(creditsStream(company))) {
    if (E.isLeft(page)) return page;
    for (const { type, data, recordedAt } of page.right.events) {
      if (type !== 'StatementIssued' || recordedAt > knownAt) continue;
      const decoded = decodeWith(creditEvents.StatementIssued, JSON.parse(data) as unknown);
      invariant(E.isRight(decoded), 'an issued statement in the log has readable data');
      issued.set(decoded.right.month, decoded.right);
    }
  }
  return E.right(issued);
};

const timeZoneOf = async (reader: StreamReader, company: string): Read<string | null> => {
  const at = { stream: companyStream(company), revision: Number.MAX_SAFE_INTEGER };
  const state = await stateAt(reader, aggregates.companies, at);
  if (E.isLeft(state)) return state;
  return E.right(state.right.status === 'registered' ? state.right.timeZone : null);
};

const scopeOf = (
  { company, month, knownAt }: StatementRequest,
  timeZone: string,
  issued: ReadonlyMap<string, Issued>,
): Parameters<typeof openStatement>[0] => ({
  company,
  month,
  timeZone: issued.get(month)?.timeZone ?? timeZone,
  issued: Object.fromEntries(issued),
  ...(knownAt === undefined ? {} : { knownAt }),
});

/**
 * The statement of a company's month from its credit stream, page by page: memory holds the month's
 * lines, the lots and the open holds, however long the history. A month that was issued is the same for
 * ever; what was recorded later is a correction in the first month that was open. Null for a company
 * that is not registered.
 */
const readRequested =
  (reader: StreamReader) =>
  async (request: StatementRequest): Read<StatementAnswer | null> => {
    const { company, month, knownAt: knownUntil = Infinity } = request;
    const timeZone = await timeZoneOf(reader, company);
    if (E.isLeft(timeZone)) return timeZone;
    if (timeZone.right === null) return E.right(null);
    const issued = await issuedMonths(reader, request);
    if (E.isLeft(issued)) return issued;
    const fold = openStatement(scopeOf(request, timeZone.right, issued.right));
    let [position, revision, knownAt] = [0, 0, 0];
    for await (const page of decodedEvents(reader, aggregates.accounts, creditsStream(company))) {
      if (E.isLeft(page)) return page;
      for (const { stored, event } of page.right) {
        if (stored.recordedAt > knownUntil) continue;
        ({ position, revision, recordedAt: knownAt } = stored);
        fold.add({ event, eventId: stored.id, revision, recordedAt: knownAt });
      }
    }
    const statement = fold.close();
    const digest = hash('sha256', statementText(statement), 'hex');
    const signed = issued.right.get(month) ?? null;
    return E.right({ statement, position, digest, issued: signed, revision, knownAt });
  };

/** The statement of a month, as known now or at an instant. */
export const readStatement =
  (reader: StreamReader) =>
  (
    company: string,
    month: string,
    options: Readonly<{ knownAt?: number }> = {},
  ): Read<StatementAnswer | null> =>
    readRequested(reader)({ company, month, ...options });

/**
 * Closes a month: what its statement says now is what it says for ever. Repeated, it changes nothing.
 * The digest is of what had been recorded when it was read; what came between is a correction.
 */
export const issueStatement =
  (deps: CommandDeps) =>
  async (call: Call, month: string): Promise<CommandAnswer> => {
    const read = await readStatement(deps.store)(call.company, month);
    if (E.isLeft(read)) return read;
    const refused: E.Either<Refused<Refusal>, never> = E.left({
      _tag: 'Refused',
      refusal: { _tag: 'CompanyNotRegistered' },
    });
    if (read.right === null) return refused;
    const { statement, digest, revision, knownAt } = read.right;
    const { timeZone, opening, closing } = statement;
    return senders(deps, call).credits({
      type: 'IssueStatement',
      month,
      timeZone,
      format: statementFormat,
      issuedAt: call.at,
      knownAt,
      revision,
      digest,
      opening,
      closing,
    });
  };
