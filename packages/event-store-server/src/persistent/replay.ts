/**
 * Sends again what a group has parked. What was settled is cut from the stream of parked events only then, so that
 * a server that dies in between sends it once more rather than never.
 */
import type { StoredEvent } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { resolveLink } from '../links.js';
import { lastEventOf } from '../stream-states.js';
import { type DefinitionDeps, parkedStream } from './definitions.js';
import type { Group } from './group.js';
import type { ReplayRequest } from './requests.js';

/** On their way at once; the next ones are read when these are settled. */
const AT_ONCE = 256;

type Replaying = Readonly<{ deps: DefinitionDeps; group: Group; request: ReplayRequest }>;

const pageAt = async (
  { deps, request }: Replaying,
  from: number,
  limit: number,
): Promise<readonly StoredEvent[]> => {
  const stream = parkedStream(request);
  for await (const page of deps.store.readStream(stream, { from, limit, pageSize: limit })) {
    return E.isRight(page) ? page.right.events : [];
  }
  return [];
};

/** Where what is shown of the parked events begins and ends, exclusive. */
const boundsOf = async ({ deps, request }: Replaying): Promise<readonly [number, number]> => {
  const stream = parkedStream(request);
  const [last, metadata] = [
    await lastEventOf(deps.store, stream),
    await deps.states.metadataOf(stream),
  ];
  if (E.isLeft(last) || E.isLeft(metadata) || last.right === undefined) return [0, 0];
  const from = metadata.right.truncateBefore;
  const end = last.right.revision + 1;
  return [from, Math.min(end, from + (request.stopAt ?? end))];
};

/** True when all of them were settled, or point at nothing. */
const sendAgain = async (
  { deps, group }: Replaying,
  links: readonly StoredEvent[],
): Promise<boolean> => {
  const sent: Promise<boolean>[] = [];
  for (const link of links) {
    const target = await resolveLink(deps.store, link);
    if (target !== undefined) sent.push(group.replay(target === 'no-link' ? link : target));
  }
  const answers = await Promise.all(sent);
  return answers.every((isSettled) => isSettled);
};

/** What is parked while it runs is left for the next replay. */
export const replayParked = async (replaying: Replaying): Promise<void> => {
  const { deps, request } = replaying;
  const [from, end] = await boundsOf(replaying);
  for (let next = from; next < end;) {
    const links = await pageAt(replaying, next, Math.min(AT_ONCE, end - next));
    if (links.length === 0 || !(await sendAgain(replaying, links))) return;
    next += links.length;
    const json = JSON.stringify({ $tb: next });
    if (E.isLeft(await deps.writes.writeMetadata(parkedStream(request), json))) return;
  }
};
