/** The header's separator: the sign that parts the most fields there, outside quotes; else a comma. */
export const separatorOf = (header: string): string => {
  const counts = new Map([',', ';', '\t'].map((sign) => [sign, 0]));
  let isQuoted = false;
  for (const sign of header) {
    if (sign === '"') isQuoted = !isQuoted;
    const count = counts.get(sign);
    if (count !== undefined && !isQuoted) counts.set(sign, count + 1);
  }
  let found = ',';
  for (const [sign, count] of counts) if (count > (counts.get(found) ?? 0)) found = sign;
  return found;
};
