import { companyStream, streamOf } from '@daybook/domain/kernel';
import * as E from 'fp-ts/lib/Either.js';
import { refusal, type Failure } from '../outcome.js';
import type { Asking } from './ask.js';

export type Kind = 'session' | 'device' | 'user' | 'company';

const kinds = ['session', 'device', 'user'] as const;

const exists = async ({ queries }: Asking, stream: string): Promise<boolean> => {
  for await (const page of queries.reader.readStream(stream, { limit: 1 }))
    if (E.isRight(page) && page.right.events.length > 0) return true;
  return false;
};

const lists: Readonly<Record<(typeof kinds)[number], string>> = {
  session: 'sessions (daybook session list)',
  device: 'devices',
  user: 'users',
};

/** What to say of an id that is not of the kind that was asked for: what it is, or which kinds there are. */
export const unknownId = async (
  asked: Asking,
  wanted: Readonly<{ kind: Kind; id: string }>,
): Promise<Failure> => {
  const { kind, id } = wanted;
  const company = asked.company.id;
  const none = `${company} has no ${kind} ${id}.`;
  for (const other of kinds) {
    if (other !== kind && (await exists(asked, streamOf(other, company, id))))
      return refusal(`${none} It has a ${other} of that id: daybook explain ${other} ${id}`);
  }
  if (id === company && (await exists(asked, companyStream(company))))
    return refusal(`${none} It is the company itself: daybook explain company`);
  return refusal(
    `${none} What can be explained: ${Object.values(lists).join(', ')}, and the company: daybook explain session|device|user ID, daybook explain company`,
  );
};
