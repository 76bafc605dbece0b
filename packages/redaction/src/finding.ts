/** What was taken out of a turn. A finding never carries the text itself. */
export type FindingKind =
  'password' | 'secret' | 'username' | 'email' | 'phone' | 'card' | 'ip' | 'url';

export type Finding = Readonly<{ kind: FindingKind }>;

/** A half-open range `[start, end)` of UTF-16 units that a placeholder replaces. */
export type Span = Readonly<{ start: number; end: number; kind: FindingKind }>;

/** A stage finds spans, in order and apart from each other, in a text of plain (folded) characters. */
export type Stage = (folded: string) => readonly Span[];

export const PLACEHOLDER = /\[(password|secret|username|email|phone|card|ip|url)\]/;

export const replaceSpans = (text: string, spans: readonly Span[]): string => {
  const parts: string[] = [];
  let from = 0;
  for (const span of spans) {
    parts.push(text.slice(from, span.start), `[${span.kind}]`);
    from = span.end;
  }
  parts.push(text.slice(from));
  return parts.join('');
};
