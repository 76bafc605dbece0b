import type { Readable } from 'node:stream';
import { callForEntry, type ImportCounts, type InputLine } from '@daybook/engine';
import {
  decodeEntry,
  makeItemNaming,
  readJournal,
  type JournalLine,
  type LineProblem,
} from '@daybook/session-journal';
import type { FastifyRequest } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';
import { at, type Outcome } from '../answer.js';
import type { ApiDeps } from '../deps.js';
import { failureProblem, fieldProblem, problemOf, refusalProblem } from '../problem.js';
import { companyOf } from '../query.js';
import type { Route } from '../route.js';
import { companyParams, positionHeader } from '../schemas/common.js';
import { entryBody, journalAnswer, journalBody } from '../schemas/journal.js';
import { boundedBytes } from '../upload.js';
import { endOfLog } from '../written.js';

const recordOne = async (deps: ApiDeps, company: string, body: unknown): Promise<Outcome> => {
  const written = decodeEntry(body);
  if (E.isLeft(written)) return E.left(fieldProblem(422, written.left));
  const named = makeItemNaming()(written.right);
  if (E.isLeft(named)) return E.left(fieldProblem(422, named.left));
  const call = callForEntry(company, named.right);
  const answer = await deps.engine.entry(call, named.right, 'api');
  if (E.isLeft(answer)) return E.left(failureProblem(answer.left));
  const { position, refusal, repeated } = answer.right;
  if (refusal !== null) return E.left(refusalProblem(refusal));
  return E.right(at(position, { commandId: call.commandId, repeated }));
};

async function* inputLines(journal: AsyncIterable<JournalLine>): AsyncGenerator<InputLine> {
  for await (const { line, bytes, result } of journal) {
    yield { line, bytes, result: E.isRight(result) ? E.right([result.right]) : result };
  }
}

type Imported = Readonly<{ counts: ImportCounts; lineProblems: readonly LineProblem[] }>;

const tooLarge = (bytesMax: number, imported?: Imported) =>
  problemOf('UploadTooLarge', {
    status: 413,
    detail: `A journal may have ${bytesMax} bytes; send it in parts. What was recorded stays recorded.`,
    ...(imported === undefined ? {} : { extensions: { imported: imported.counts } }),
    headers: { connection: 'close' },
  });

const recordJournal = async (deps: ApiDeps, company: string, body: Readable): Promise<Outcome> => {
  const { journalBytes, problemsMax } = deps.limits;
  const upload = boundedBytes(body, journalBytes);
  const lineProblems: LineProblem[] = [];
  const imported = await deps.engine.importEntries({
    company,
    source: 'api',
    lines: inputLines(readJournal(upload.bytes)),
    onProblem: (problem) => {
      if (lineProblems.length < problemsMax) lineProblems.push(problem);
    },
  });
  if (E.isLeft(imported)) return E.left(failureProblem(imported.left));
  const counts = imported.right;
  if (upload.exceeded()) return E.left(tooLarge(journalBytes, { counts, lineProblems }));
  if (upload.cutOff()) {
    const detail = 'The journal ended before it was whole; send it again, what is known is kept.';
    return E.left(problemOf('UploadCutOff', { status: 400, detail }));
  }
  return endOfLog(deps, (head) => E.right(at(head, { ...counts, lineProblems })));
};

/** The parser of `application/x-ndjson` passes the stream on. */
const isStream = (request: FastifyRequest): boolean =>
  request.headers['content-type']?.startsWith('application/x-ndjson') === true;

const recordEntries = async (deps: ApiDeps, request: FastifyRequest): Promise<Outcome> => {
  const company = companyOf(request);
  const registered = await deps.companies.registered(company);
  if (E.isLeft(registered)) return registered;
  if (!isStream(request)) return recordOne(deps, company, request.body);
  const announced = Number(request.headers['content-length'] ?? 0);
  const { journalBytes } = deps.limits;
  return announced > journalBytes
    ? E.left(tooLarge(journalBytes))
    : recordJournal(deps, company, request.body as Readable);
};

export const journalRoutes = (deps: ApiDeps): readonly Route[] => [
  {
    method: 'POST',
    url: '/v1/companies/:company/journal',
    operationId: 'recordJournal',
    summary: 'Record what happened in sessions: one entry of the session journal, or many.',
    description:
      'An entry names its own command, session and actor, so sending it again changes nothing; `Idempotency-Key` and `Daybook-Actor` are not looked at. A journal is answered with counts and with what is wrong with which line; one bad line costs no other. A refused entry of a journal is counted, a single one is a problem. Summaries are made by the engine’s processes after the session has ended.',
    tag: 'sessions',
    params: companyParams,
    body: { 'application/json': entryBody, 'application/x-ndjson': journalBody },
    answer: { 'application/json': journalAnswer },
    answerHeaders: positionHeader,
    problems: [404, 409, 413, 415, 422],
    handlerMs: deps.limits.requestMs,
    handle: (request) => recordEntries(deps, request),
  },
];
