import { visibilityFor, type Visibility } from '@daybook/domain/summaries';
import type { ReadModels } from './read-models.js';
import type { Viewer } from './viewer.js';

type Catalog = Parameters<Parameters<ReadModels['summaryCatalog']['read']>[0]>[0];
type ListRequest = Parameters<Catalog['list']>[1];
type SearchRequest = Parameters<Catalog['search']>[1];
type Summary = NonNullable<ReturnType<Catalog['show']>>;

/** The catalog as one viewer sees it: the same questions, without what is not theirs to see. */
export type VisibleSummaries = Readonly<{
  list: (request: ListRequest) => ReturnType<Catalog['list']>;
  search: (request: SearchRequest) => ReturnType<Catalog['search']>;
  /** Undefined for what there is not, and for what the viewer may not see: nothing tells the two apart. */
  show: (sessionId: string) => Summary | undefined;
  revisions: (sessionId: string) => ReturnType<Catalog['revisions']>;
}>;

const NOTHING = { items: [], next: null } as const;

const narrowed = <Request extends ListRequest>(request: Request, seen: Visibility): Request =>
  seen.of === 'supporter'
    ? { ...request, filter: { ...request.filter, visibleTo: seen.supporterId } }
    : request;

const isVisible = (summary: Summary, seen: Visibility): boolean => {
  switch (seen.of) {
    case 'everybody':
      return true;
    case 'supporter':
      return summary.supporterId === seen.supporterId;
    case 'nobody':
      return false;
  }
};

/**
 * The only way from a person to the catalog (rulebook §4): administrators and auditors of the company see
 * all of its summaries, a supporter their own, nobody another company's. A deleted one is a tombstone
 * to those who could see it, and nothing to others.
 */
export const visibleSummaries = (
  catalog: Catalog,
  company: string,
  viewer: Viewer,
): VisibleSummaries => {
  const seen = visibilityFor(viewer);
  const show: VisibleSummaries['show'] = (sessionId) => {
    const summary = catalog.show(company, sessionId);
    return summary !== undefined && isVisible(summary, seen) ? summary : undefined;
  };
  return {
    show,
    list: (request) =>
      seen.of === 'nobody' ? NOTHING : catalog.list(company, narrowed(request, seen)),
    search: (request) =>
      seen.of === 'nobody' ? NOTHING : catalog.search(company, narrowed(request, seen)),
    revisions: (sessionId) =>
      show(sessionId) === undefined ? [] : catalog.revisions(company, sessionId),
  };
};
