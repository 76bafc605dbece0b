import { verifySqliteLog, type LogVerification } from '@daybook/event-store-sqlite';
import * as E from 'fp-ts/lib/Either.js';
import { logDirectory, type Place } from './config.js';
import { withLogReader, type LogReader, type SourceProblem } from './log-source.js';

type Problem = LogVerification['problems'][number];
type Verified = E.Either<SourceProblem, LogVerification>;

const PROBLEMS_MAX = 20;

/** What a reader can see of a log that is kept elsewhere: whether each stream has all its revisions. */
const verifyByReading = async (directory: string, reader: LogReader): Promise<Verified> => {
  const next = new Map<string, number>();
  const problems: Problem[] = [];
  let events = 0;
  for await (const page of reader.readAll()) {
    if (E.isLeft(page)) return page;
    for (const { stream, revision } of page.right.events) {
      events += 1;
      const wanted = next.get(stream) ?? 0;
      if (revision !== wanted && problems.length < PROBLEMS_MAX)
        problems.push({ kind: 'revision-gap', stream, events: wanted, lastRevision: revision });
      next.set(stream, revision + 1);
    }
  }
  return E.right({ directory, events, streams: next.size, problems });
};

/** Examines the log: an embedded one down to the pages of its file, one in an event store as far as it can be read. */
export const verifyLog = (place: Place): Promise<Verified> =>
  place.source?.kind === 'esdb'
    ? withLogReader<SourceProblem, LogVerification>(place, (reader) =>
        verifyByReading(place.directory, reader),
      )
    : verifySqliteLog({ directory: logDirectory(place.directory) })();
