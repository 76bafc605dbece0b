/**
 * A company id as one token of a subject. Ids may hold `.`, `:` and `~`, which mean something in subjects or
 * may one day; they stand as `_` and two hex digits. No id holds `_`, so two companies never share a token.
 */
export const companyToken = (company: string): string =>
  company.replace(
    /[^A-Za-z0-9-]/g,
    (character) => `_${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );

/** `<prefix>.<company>.<context>.<event>` */
export const subjectOf = (
  prefix: string,
  event: Readonly<{ company: string; name: string }>,
): string => `${prefix}.${companyToken(event.company)}.${event.name}`;
