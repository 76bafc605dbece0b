import { operator, refusalInWords, viewerFor, visibleSummaries } from '@daybook/engine';
import type { Viewer, VisibleSummaries } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import { refusal, type Failure } from '../outcome.js';
import type { Asking } from './ask.js';
import { failureOf } from './failure.js';

/**
 * Who looks at summaries: the user of `--as` in the role that the log knows them by, else whoever holds
 * the data directory, who can read its files anyway and so is an auditor here.
 */
export const viewerOf = async (
  { queries, company }: Asking,
  userId: string | undefined,
): Promise<E.Either<Failure, Viewer>> => {
  if (userId === undefined) return E.right(operator);
  const viewer = await viewerFor(queries.reader)(company.id, userId);
  if (E.isRight(viewer)) return viewer;
  return viewer.left._tag === 'ViewerUnknown'
    ? E.left(refusal(refusalInWords('ViewerUnknown')))
    : E.left(failureOf(viewer.left));
};

/** Asks the catalog as that viewer. */
export const askCatalog = <A>(
  { queries, company }: Asking,
  viewer: Viewer,
  ask: (visible: VisibleSummaries) => A,
): Readonly<{ answer: A; position: number }> =>
  queries.models.summaryCatalog.read((catalog) =>
    ask(visibleSummaries(catalog, company.id, viewer)),
  );
