import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/** A range of addresses that may be delivered to although it is not public. */
export type Network = readonly [Address, number];

/** `10.1.0.0/16`, `fd00::/8`, or one address; undefined when it is neither. */
export const networkOf = (text: string): Network | undefined => {
  if (isIP(text) !== 0) {
    const address = ipaddr.parse(text);
    return [address, address.kind() === 'ipv4' ? 32 : 128];
  }
  const [address = ''] = text.split('/');
  return isIP(address) !== 0 && ipaddr.isValidCIDR(text) ? ipaddr.parseCIDR(text) : undefined;
};

// What is handed out for use on the internet. Whatever else is called unicast (`::127.0.0.1`, say) is not.
const globalUnicast = ipaddr.parseCIDR('2000::/3');

const isPublic = (address: Address): boolean =>
  address.range() === 'unicast' && (address.kind() === 'ipv4' || address.match(globalUnicast));

/**
 * May this very address be connected to? Public ones, and those of the allowed networks. Forms that carry
 * an IPv4 address inside an IPv6 one (mapped, compatible, 6to4, NAT64, Teredo) are not public.
 */
export const mayConnectTo = (address: string, allowed: readonly Network[]): boolean => {
  // Only the plain forms: what else a parser would take is not what the socket would.
  if (isIP(address) === 0) return false;
  const parsed = ipaddr.parse(address);
  const isAllowed = allowed.some(
    (network) => network[0].kind() === parsed.kind() && parsed.match(...network),
  );
  return isAllowed || isPublic(parsed);
};
