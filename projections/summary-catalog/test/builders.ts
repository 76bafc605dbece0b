import type { LogEntry } from '@daybook/projection/contract';
import * as fc from 'fast-check';

type Of<Type extends LogEntry['type']> = Extract<LogEntry, { type: Type }>['data'];
export type Body = Of<'SummaryEdited'>['body']['value'];

export const body = (fields: Partial<Body> = {}): Body => ({
  title: 'Printer offline',
  problem: 'The printer did not answer',
  steps: ['Restarted the spooler'],
  result: 'It prints again',
  followUps: [],
  tags: ['printer'],
  ...fields,
});

const stream = (id: string, company: string): string => `summary-${company}_${id}`;

export const generated = (
  id = 's1',
  fields: Partial<Body> = {},
  data: Partial<Of<'SummaryGenerated'>> & { company?: string } = {},
): LogEntry => {
  const { company = 'acme', ...rest } = data;
  return {
    stream: stream(id, company),
    type: 'SummaryGenerated',
    data: {
      sessionId: `session-${id}`,
      supporterId: 'ann',
      deviceId: 'd1',
      revision: 1,
      origin: 'ai',
      model: 'extractive',
      promptVersion: 'p1',
      language: 'en',
      generatedAt: 1000,
      body: { form: 'plain', value: body(fields) },
      ...rest,
    },
  };
};

export const edited = (
  id = 's1',
  fields: Partial<Body> = {},
  data: Partial<Of<'SummaryEdited'>> = {},
): LogEntry => ({
  stream: stream(id, 'acme'),
  type: 'SummaryEdited',
  data: {
    revision: 2,
    changedRevision: 1,
    origin: 'mixed',
    author: 'ann',
    editedAt: 2000,
    language: 'en',
    body: { form: 'plain', value: body(fields) },
    ...data,
  },
});

export const deleted = (id = 's1', lastRevision = 1): LogEntry => ({
  stream: stream(id, 'acme'),
  type: 'SummaryDeleted',
  data: { by: 'ann', deletedAt: 3000, lastRevision },
});

const anyId = fc.constantFrom('s1', 's2', 's3');
const anyText = fc.constantFrom('printer', 'Printer offline', 'çà et là', 'VPN down', '');
const anyBody = fc.record({
  title: anyText,
  steps: fc.array(anyText, { maxLength: 2 }),
  tags: fc.array(fc.constantFrom('vpn', 'printer'), { maxLength: 3 }),
});
const anyRevision = fc.integer({ min: 1, max: 4 });

/** Well-formed events in any order, as a reader with gaps might see them. */
export const anyLog: fc.Arbitrary<readonly LogEntry[]> = fc.array(
  fc.oneof(
    fc
      .tuple(anyId, anyBody, anyRevision)
      .map(([id, fields, revision]) => generated(id, fields, { revision })),
    fc
      .tuple(anyId, anyBody, anyRevision)
      .map(([id, fields, revision]) => edited(id, fields, { revision })),
    anyId.map((id) => deleted(id)),
  ),
  { maxLength: 30 },
);
