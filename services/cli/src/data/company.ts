import { companyStream, decodeWith, isId, partsOf } from '@daybook/domain/kernel';
import { companyEvents } from '@daybook/domain/organization';
import type { Engine, StoredEvent } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import { dataProblem, usage, type Failure } from '../outcome.js';
import { failureOf } from './failure.js';

export type KnownCompany = Readonly<{ id: string; timeZone: string }>;

type LogReader = Pick<Engine['store'], 'readAll' | 'readStream'>;

const knownFrom = (event: StoredEvent): KnownCompany => {
  const id = partsOf(event.stream).company;
  const data = decodeWith(companyEvents.CompanyRegistered, JSON.parse(event.data) as unknown);
  return { id, timeZone: E.isRight(data) ? data.right.timeZone : 'UTC' };
};

/** Every company of the data directory, in the order of their registration. */
export const companiesOf = async (
  reader: Pick<LogReader, 'readAll'>,
): Promise<E.Either<Failure, readonly KnownCompany[]>> => {
  const companies: KnownCompany[] = [];
  const filter = { categories: ['company'], types: ['CompanyRegistered'] };
  for await (const page of reader.readAll({ filter })) {
    if (E.isLeft(page)) return E.left(failureOf(page.left));
    for (const event of page.right.events) companies.push(knownFrom(event));
  }
  return E.right(companies);
};

const named = async (
  reader: LogReader,
  id: string,
): Promise<E.Either<Failure, KnownCompany | null>> => {
  for await (const page of reader.readStream(companyStream(id))) {
    if (E.isLeft(page)) return E.left(failureOf(page.left));
    const registered = page.right.events.find(({ type }) => type === 'CompanyRegistered');
    if (registered !== undefined) return E.right(knownFrom(registered));
  }
  return E.right(null);
};

const notAnId =
  'A company’s id has 1 to 100 letters, digits, “.”, “:”, “~” or “-”, first a letter or digit.';

/** The company that a command is about: the one named, else the only one there is. */
export const chooseCompany = async (
  reader: LogReader,
  wanted: string | null,
): Promise<E.Either<Failure, KnownCompany>> => {
  if (wanted !== null && !isId(wanted)) return E.left(usage(notAnId));
  if (wanted !== null) {
    const found = await named(reader, wanted);
    if (E.isLeft(found)) return found;
    if (found.right !== null) return E.right(found.right);
  }
  const companies = await companiesOf(reader);
  if (E.isLeft(companies)) return companies;
  const ids = companies.right.map(({ id }) => id).join(', ');
  const [only, ...others] = companies.right;
  if (only === undefined)
    return E.left(
      dataProblem(
        'No company is registered here. Register one: daybook init --company ID --plan business --time-zone Europe/Berlin',
      ),
    );
  if (wanted !== null)
    return E.left(usage(`Company ${wanted} is not registered here; there is: ${ids}.`));
  return others.length === 0
    ? E.right(only)
    : E.left(usage(`There are several companies here; name one with --company: ${ids}.`));
};
