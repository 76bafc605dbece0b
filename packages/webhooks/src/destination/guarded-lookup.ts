import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import type { LookupFunction } from 'node:net';
import { mayConnectTo, type Network } from './networks.js';

/** All addresses of a name. */
export type Resolve = (hostname: string) => Promise<readonly LookupAddress[]>;

/** As the system resolves names, its hosts file included. */
export const systemResolve: Resolve = (hostname) => lookup(hostname, { all: true });

export const ADDRESS_REFUSED = 'DAYBOOK_ADDRESS_REFUSED';

const failure = (code: string): NodeJS.ErrnoException =>
  Object.assign(new Error(`The name cannot be used (${code}).`), { code });

const chosen = async (
  given: Readonly<{ resolve: Resolve; allowedNetworks: readonly Network[] }>,
  hostname: string,
  family: number,
): Promise<LookupAddress[]> => {
  const all = await given.resolve(hostname);
  // A name with one forbidden address is not trusted with its others either.
  if (!all.every(({ address }) => mayConnectTo(address, given.allowedNetworks)))
    throw failure(ADDRESS_REFUSED);
  const fitting = all.filter((each) => family === 0 || each.family === family);
  if (fitting.length === 0) throw failure('ENOTFOUND');
  return fitting;
};

const familyNumber = (family: unknown): number => {
  if (family === 4 || family === 'IPv4') return 4;
  return family === 6 || family === 'IPv6' ? 6 : 0;
};

/**
 * Name resolution for a socket: what it answers is what is connected to, so that a name cannot stand for
 * one address when it is checked and for another when it is used.
 */
export const guardedLookup =
  (given: Readonly<{ resolve: Resolve; allowedNetworks: readonly Network[] }>): LookupFunction =>
  (hostname, options, callback) => {
    chosen(given, hostname, familyNumber(options.family)).then(
      (addresses) => {
        const [first] = addresses;
        if (options.all === true || first === undefined) callback(null, addresses);
        else callback(null, first.address, first.family);
      },
      (thrown: unknown) => {
        callback(thrown instanceof Error ? thrown : failure('ENOTFOUND'), []);
      },
    );
  };
