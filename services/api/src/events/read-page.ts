import { companyStream, creditsStream, isId, streamOf } from '@daybook/domain/kernel';
import { toPublishedEvent } from '@daybook/publisher';
import * as E from 'fp-ts/lib/Either.js';
import type { LogReader } from '../log-reader.js';
import { failureProblem, type Problem } from '../problem.js';
import { isWanted, type Wanted } from './wanted.js';

type StoredEvent = Parameters<typeof toPublishedEvent>[0];

export type PublishedPage = Readonly<{
  /** CloudEvents, structured JSON, as they are sent everywhere. */
  bodies: readonly string[];
  /** Everything up to here was looked at. */
  checkpoint: number;
  /** There may be others behind the checkpoint. */
  more: boolean;
}>;

export type PageRequest = Readonly<{
  /** Events after this position of the log. */
  since: number;
  limit: number;
  /** Most events of the log to look at for one page. */
  scanMax: number;
}>;

type Scan = Readonly<{ events: readonly StoredEvent[]; checkpoint: number; caughtUp: boolean }>;

const PAGE = 256;

type Category = Parameters<typeof streamOf>[0];

/** The stream that a subject means; undefined for one that there cannot be. */
const streamNamed = (company: string, subject: string): string | undefined => {
  const [category = '', id = '', ...rest] = subject.split('/');
  if (rest.length > 0 || !isId(id)) return undefined;
  if (category === 'company') return id === company ? companyStream(company) : undefined;
  if (category === 'credits') return id === company ? creditsStream(company) : undefined;
  return ['user', 'policy', 'group', 'device', 'session', 'summary'].includes(category)
    ? streamOf(category as Category, company, id)
    : undefined;
};

/** One thing's events stand in one stream, which is short; the log need not be looked through. */
async function* streamScan(
  reader: LogReader,
  stream: string,
  since: number,
): AsyncGenerator<E.Either<Problem, Scan>, void, undefined> {
  let checkpoint = since;
  for await (const page of reader.readStream(stream)) {
    if (E.isLeft(page)) {
      yield E.left(failureProblem(page.left));
      return;
    }
    checkpoint = Math.max(checkpoint, page.right.events.at(-1)?.position ?? 0);
    const events = page.right.events.filter(({ position }) => position > since);
    yield E.right({ events, checkpoint, caughtUp: false });
  }
}

async function* logScan(
  reader: LogReader,
  wanted: Wanted,
  since: number,
): AsyncGenerator<E.Either<Problem, Scan>, void, undefined> {
  const options = { after: since, filter: { types: wanted.storedTypes }, pageSize: PAGE };
  for await (const page of reader.readAll(options))
    yield E.isLeft(page) ? E.left(failureProblem(page.left)) : page;
}

const scanOf = (
  reader: LogReader,
  wanted: Wanted,
  since: number,
): AsyncIterable<E.Either<Problem, Scan>> => {
  const stream =
    wanted.subject === undefined ? undefined : streamNamed(wanted.company, wanted.subject);
  return stream === undefined ? logScan(reader, wanted, since) : streamScan(reader, stream, since);
};

/** Takes wanted events out of what was read until the page is full or enough was looked at. */
const makeTaker = (wanted: Wanted, { limit, scanMax, since }: PageRequest) => {
  const bodies: string[] = [];
  let checkpoint = since;
  let scanned = 0;
  return {
    /** False when the page ends before this event. */
    take: (event: StoredEvent): boolean => {
      if (scanned >= scanMax) return false;
      const published = toPublishedEvent(event);
      const fits = published !== undefined && isWanted(wanted, published);
      if (fits && bodies.length === limit) return false;
      if (fits) bodies.push(published.body);
      scanned += 1;
      checkpoint = event.position;
      return true;
    },
    passed: (position: number): void => {
      checkpoint = Math.max(checkpoint, position);
    },
    page: (more: boolean): PublishedPage => ({ bodies, checkpoint, more }),
  };
};

/** A page of a company's published events, read from the log itself. Bounded work, however rare they are. */
export const readPublishedPage = async (
  reader: LogReader,
  wanted: Wanted,
  request: PageRequest,
): Promise<E.Either<Problem, PublishedPage>> => {
  if (wanted.storedTypes.length === 0)
    return E.right({ bodies: [], checkpoint: request.since, more: false });
  const taker = makeTaker(wanted, request);
  for await (const page of scanOf(reader, wanted, request.since)) {
    if (E.isLeft(page)) return page;
    for (const event of page.right.events) if (!taker.take(event)) return E.right(taker.page(true));
    taker.passed(page.right.checkpoint);
    if (page.right.caughtUp) break;
  }
  return E.right(taker.page(false));
};
