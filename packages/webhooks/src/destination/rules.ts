import { isIP } from 'node:net';
import * as E from 'fp-ts/lib/Either.js';
import { mayConnectTo, type Network } from './networks.js';

/** Where webhooks may be sent to: the operator's decision, never a company's. */
export type DestinationRules = Readonly<{
  /** Without encryption anybody on the way reads along: for tests and closed networks. */
  allowHttp: boolean;
  ports: readonly number[] | 'any';
  /** Networks that are not public and still may be delivered to. */
  allowedNetworks: readonly Network[];
}>;

/** The internet, over https. */
export const publicDestinations: DestinationRules = {
  allowHttp: false,
  ports: [443, 8443],
  allowedNetworks: [],
};

export type DestinationRefused = Readonly<{
  _tag: 'DestinationRefused';
  reason: 'not-a-url' | 'not-https' | 'credentials-in-url' | 'fragment-in-url' | 'port' | 'address';
}>;

const URL_LENGTH_MAX = 2_048;

const refused = (reason: DestinationRefused['reason']): E.Either<DestinationRefused, never> =>
  E.left({ _tag: 'DestinationRefused', reason });

const portOf = ({ port, protocol }: URL): number => {
  if (port !== '') return Number(port);
  return protocol === 'https:' ? 443 : 80;
};

/** Host of a URL as an address, when it is written as one. */
const literalAddress = ({ hostname }: URL): string | undefined => {
  const bare = hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
  return isIP(bare) === 0 ? undefined : bare;
};

/**
 * The URL that is meant, when it may be delivered to as it stands. The parser of the WHATWG standard has
 * already turned decimal, octal, hexadecimal and short forms into the plain address. What a name stands for
 * is checked when it is connected to, each time.
 */
export const destinationOf = (
  text: string,
  rules: DestinationRules,
): E.Either<DestinationRefused, URL> => {
  if (text.length > URL_LENGTH_MAX || !URL.canParse(text)) return refused('not-a-url');
  const url = new URL(text);
  const schemes = rules.allowHttp ? ['https:', 'http:'] : ['https:'];
  if (!schemes.includes(url.protocol)) return refused('not-https');
  if (url.username !== '' || url.password !== '') return refused('credentials-in-url');
  if (url.hash !== '') return refused('fragment-in-url');
  if (rules.ports !== 'any' && !rules.ports.includes(portOf(url))) return refused('port');
  const address = literalAddress(url);
  const isForbidden = address !== undefined && !mayConnectTo(address, rules.allowedNetworks);
  return isForbidden ? refused('address') : E.right(url);
};
