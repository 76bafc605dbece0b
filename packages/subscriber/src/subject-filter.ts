/** A company id as one token: characters that mean something in subjects stand as `_` and two hex digits. */
const tokenOf = (company: string): string =>
  company.replace(
    /[^A-Za-z0-9-]/g,
    (character) => `_${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );

/** Subjects of a company, a context, an event, or any combination; what is left out is every one. */
export const subjectFilter = (
  wanted: Readonly<{ company?: string; context?: string; event?: string; prefix?: string }>,
): string => {
  const { company, context = '*', event = '*', prefix = 'daybook' } = wanted;
  const token = company === undefined ? '*' : tokenOf(company);
  return `${prefix}.${token}.${context}.${event}`;
};
