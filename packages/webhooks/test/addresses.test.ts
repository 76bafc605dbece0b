import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { mayConnectTo } from '../src/destination/networks.js';
import { destinationOf } from '../src/destination/rules.js';
import { type DestinationRules, networkOf, publicDestinations } from '../src/index.js';

const refusal = (url: string, rules: DestinationRules = publicDestinations): string | null => {
  const found = destinationOf(url, rules);
  return E.isLeft(found) ? found.left.reason : null;
};

describe('An address that may not be connected to', () => {
  test.each([
    ['this host', '0.0.0.0'],
    ['this network', '0.1.2.3'],
    ['loopback', '127.0.0.1'],
    ['loopback, another', '127.255.255.254'],
    ['private 10/8', '10.1.2.3'],
    ['private 172.16/12', '172.31.255.255'],
    ['private 192.168/16', '192.168.0.1'],
    ['carrier-grade NAT', '100.64.0.1'],
    ['link-local, the metadata of clouds', '169.254.169.254'],
    ['protocol assignments', '192.0.0.8'],
    ['documentation 1', '192.0.2.1'],
    ['documentation 2', '198.51.100.7'],
    ['documentation 3', '203.0.113.9'],
    ['6to4 relay', '192.88.99.1'],
    ['benchmarks', '198.19.255.255'],
    ['multicast', '224.0.0.1'],
    ['reserved', '240.0.0.1'],
    ['broadcast', '255.255.255.255'],
    ['unspecified in IPv6', '::'],
    ['loopback in IPv6', '::1'],
    ['IPv4-mapped', '::ffff:127.0.0.1'],
    ['IPv4-mapped, hexadecimal', '::ffff:7f00:1'],
    ['IPv4-mapped of a public address', '::ffff:8.8.8.8'],
    ['IPv4-compatible', '::127.0.0.1'],
    ['IPv4-translated', '::ffff:0:127.0.0.1'],
    ['NAT64', '64:ff9b::127.0.0.1'],
    ['NAT64 for local use', '64:ff9b:1::7f00:1'],
    ['6to4', '2002:7f00:1::1'],
    ['Teredo', '2001:0:4136:e378:8000:63bf:3fff:fdd2'],
    ['unique local', 'fd12:3456::1'],
    ['link-local in IPv6', 'fe80::1'],
    ['link-local with its zone', 'fe80::1%eth0'],
    ['site-local', 'fec0::1'],
    ['multicast in IPv6', 'ff02::1'],
    ['documentation in IPv6', '2001:db8::1'],
    ['discard only', '100::1'],
    ['what is no address', 'localhost'],
    ['a decimal form', '2130706433'],
    ['a hexadecimal form', '0x7f.0.0.1'],
    ['an octal form', '0177.0.0.1'],
  ])('%s: %s', (_what, address) => {
    expect(mayConnectTo(address, [])).toBe(false);
  });

  test.each([
    '8.8.8.8',
    '1.1.1.1',
    '93.184.216.34',
    '2606:4700:4700::1111',
    '2a00:1450:4001::200e',
  ])('but %s may', (address) => {
    expect(mayConnectTo(address, [])).toBe(true);
  });

  test('is never found by wrapping an IPv4 address into an IPv6 one', () => {
    const byte = fc.integer({ min: 0, max: 255 });
    fc.assert(
      fc.property(fc.tuple(byte, byte, byte, byte), ([a, b, c, d]) => {
        const hex = [a * 256 + b, c * 256 + d].map((part) => part.toString(16));
        const forms = ['::', '::ffff:', '::ffff:0:', '64:ff9b::'].map(
          (prefix) => `${prefix}${hex.join(':')}`,
        );
        const sixToFour = `2002:${hex.join(':')}::1`;
        expect([...forms, sixToFour].filter((each) => mayConnectTo(each, []))).toStrictEqual([]);
      }),
    );
  });
});

describe('The address in a URL', () => {
  test.each([
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f000001/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://017700000001/',
    'https://127.1/',
    'https://127.0.0.1./',
    'https://１２７.0.0.1/',
    'https://[::1]/',
    'https://[::]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://[::7f00:1]/',
    'https://[64:ff9b::a9fe:a9fe]/',
    'https://[2002:a00:1::1]/',
    'https://[fd00::1]/',
    'https://169.254.169.254/latest/meta-data/',
    'https://0/',
  ])('%s is refused', (url) => {
    expect(refusal(url)).toBe('address');
  });

  test.each([
    ['http://example.com/', 'not-https'],
    ['ftp://example.com/', 'not-https'],
    ['file:///etc/passwd', 'not-https'],
    ['javascript:alert(1)', 'not-https'],
    ['https://example.com@127.0.0.1/', 'credentials-in-url'],
    ['https://user:secret@example.com/', 'credentials-in-url'],
    ['https://127.0.0.1#@example.com/', 'fragment-in-url'],
    ['https://example.com/#there', 'fragment-in-url'],
    ['https://example.com:22/', 'port'],
    ['https://example.com:6379/', 'port'],
    ['//example.com', 'not-a-url'],
    ['https://[fe80::1%25eth0]/', 'not-a-url'],
    [`https://example.com/${'a'.repeat(2_048)}`, 'not-a-url'],
  ])('%s is refused as %s', (url, reason) => {
    expect(refusal(url)).toBe(reason);
  });

  test.each(['https://example.com/hook?tenant=1', 'https://example.com:8443/', 'https://8.8.8.8/'])(
    '%s may be delivered to',
    (url) => {
      expect(refusal(url)).toBeNull();
    },
  );

  test('is allowed where the operator allows its network, and in no other form', () => {
    const network = networkOf('10.1.0.0/16');
    const rules = {
      ...publicDestinations,
      allowedNetworks: network === undefined ? [] : [network],
    };
    expect(refusal('https://10.1.200.3/', rules)).toBeNull();
    expect(refusal('https://10.2.0.1/', rules)).toBe('address');
    expect(refusal('https://[::ffff:10.1.0.1]/', rules)).toBe('address');
  });

  test.each(['10.0.0.0', '10.0.0.0/8', 'fd00::/8', '::1'])('%s is a network', (text) => {
    expect(networkOf(text)).toBeDefined();
  });

  test.each(['', '10.0.0/8', '10.0.0.0/33', '0x0a000000/8', 'localhost', '::/129', '/8'])(
    '“%s” is none',
    (text) => {
      expect(networkOf(text)).toBeUndefined();
    },
  );
});
