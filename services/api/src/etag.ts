import * as E from 'fp-ts/lib/Either.js';
import { problemOf, type Problem } from './problem.js';

/** The entity tag of a summary: its revision. A deleted one has another, so that no cache keeps its text. */
export const etagOf = (
  summary: Readonly<{ status: 'active' | 'deleted'; revision: number }>,
): string => (summary.status === 'deleted' ? '"deleted"' : `"${summary.revision}"`);

const REVISION = /^"(0|[1-9]\d{0,14})"$/;

/**
 * The revision that `If-Match` names. It must name one: an edit of whatever is current could lose what
 * somebody else wrote. A tag that no revision has matches nothing (RFC 9110 §13.1.1).
 */
export const revisionIn = (ifMatch: string | undefined): E.Either<Problem, number> => {
  if (ifMatch === undefined || ifMatch.trim() === '*')
    return E.left(
      problemOf('RevisionRequired', {
        status: 428,
        detail: 'Name the revision that you read in If-Match, as its ETag said.',
      }),
    );
  const named = REVISION.exec(ifMatch.trim());
  return named === null
    ? E.left(
        problemOf('StaleRevision', {
          status: 412,
          detail: 'If-Match names no revision of the summary; read the current one and edit that.',
        }),
      )
    : E.right(Number(named[1]));
};
