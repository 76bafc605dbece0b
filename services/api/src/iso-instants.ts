/** Names of instants everywhere in Daybook: `…At`, and these words. */
const INSTANT = /(^|[a-z])At$|^(at|asOf|since|from|to)$/;

/**
 * The same value with every instant (epoch milliseconds inside) as an ISO-8601 string in UTC. Which
 * numbers are instants follows from their names, because names end in their unit or qualifier
 * (`expiresAt`); a number under any other name, and any text, stays as it is.
 */
export const withIsoInstants = (value: unknown, name = ''): unknown => {
  if (typeof value === 'number') return INSTANT.test(name) ? new Date(value).toISOString() : value;
  if (Array.isArray(value)) return value.map((item: unknown) => withIsoInstants(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withIsoInstants(item, key)]),
  );
};
