/** Names of instants everywhere in Daybook: `…At`, and these words. The HTTP API goes by the same rule. */
const INSTANT = /(^|[a-z])At$|^(at|since|from|to)$/;

/** The same value with every instant (epoch milliseconds inside) as an ISO-8601 text in UTC. */
export const withIsoInstants = (value: unknown, name = ''): unknown => {
  if (typeof value === 'number') return INSTANT.test(name) ? new Date(value).toISOString() : value;
  if (Array.isArray(value)) return value.map((item: unknown) => withIsoInstants(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withIsoInstants(item, key)]),
  );
};
