import { partsOf } from '@daybook/domain/kernel';
import type { Engine } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';

export type CompaniesNow = Readonly<{ ids: () => readonly string[]; stop: () => void }>;

/** The companies of a log as they are registered, for work that is due because time passes. Starts with all that there are. */
export const companiesNow = async (
  store: Pick<Engine['store'], 'subscribe'>,
): Promise<CompaniesNow> => {
  const ids: string[] = [];
  const stop = new AbortController();
  const filter = { categories: ['company'], types: ['CompanyRegistered'] };
  await new Promise<void>((ready) => {
    const follow = async (): Promise<void> => {
      for await (const page of store.subscribe({ after: 0, filter, signal: stop.signal })) {
        // The processes read the same log and say what is wrong with it.
        if (E.isLeft(page)) break;
        for (const { stream } of page.right.events) ids.push(partsOf(stream).company);
        if (page.right.caughtUp) ready();
      }
      ready();
    };
    void follow();
  });
  return { ids: () => ids, stop: () => stop.abort() };
};
