import {
  type DestinationRules,
  type Network,
  networkOf,
  publicDestinations,
} from '@daybook/webhooks';
import * as E from 'fp-ts/lib/Either.js';
import { usage, type Failure } from '../outcome.js';

/** What an operator allows beyond https to public addresses on ports 443 and 8443. */
export type DestinationFlags = Readonly<{
  allowHttp?: boolean;
  allowNetwork: readonly string[];
  allowPort: readonly string[];
}>;

const HTTP_PORT = 80;
const PORT_MAX = 65_535;

const portFrom = (text: string): E.Either<Failure, number> => {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  return port > 0 && port <= PORT_MAX
    ? E.right(port)
    : E.left(usage('--allow-port takes a port from 1 to 65535.'));
};

const networkFrom = (text: string): E.Either<Failure, Network> => {
  const network = networkOf(text);
  return network === undefined
    ? E.left(usage('--allow-network takes a network such as 10.1.0.0/16, or an address.'))
    : E.right(network);
};

const all = <A>(
  texts: readonly string[],
  from: (text: string) => E.Either<Failure, A>,
): E.Either<Failure, readonly A[]> => {
  const found: A[] = [];
  for (const text of texts) {
    const one = from(text);
    if (E.isLeft(one)) return one;
    found.push(one.right);
  }
  return E.right(found);
};

export const destinationRules = (flags: DestinationFlags): E.Either<Failure, DestinationRules> => {
  const allowHttp = flags.allowHttp === true;
  const ports = all(flags.allowPort, portFrom);
  if (E.isLeft(ports)) return ports;
  const allowedNetworks = all(flags.allowNetwork, networkFrom);
  if (E.isLeft(allowedNetworks)) return allowedNetworks;
  const usual = publicDestinations.ports === 'any' ? [] : publicDestinations.ports;
  return E.right({
    allowHttp,
    ports: [...usual, ...(allowHttp ? [HTTP_PORT] : []), ...ports.right],
    allowedNetworks: allowedNetworks.right,
  });
};
