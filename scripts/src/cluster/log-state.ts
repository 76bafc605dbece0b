/** What a log and the read models of a node come to, whatever store holds the log. */
import { inspectReadModels, logContentDigest, openLogReader, type Place } from '@daybook/engine';
import { right } from '../synthetic/company.js';

export type LogShape = Readonly<{ head: number; events: number; gaps: number }>;

export const shapeOf = async (place: Place): Promise<LogShape> => {
  const log = right(await openLogReader(place));
  const next = new Map<string, number>();
  let [events, gaps, head] = [0, 0, 0];
  for await (const page of log.readAll()) {
    for (const event of right(page).events) {
      if (event.revision !== (next.get(event.stream) ?? 0)) gaps += 1;
      next.set(event.stream, event.revision + 1);
      events += 1;
      head = event.position;
    }
  }
  await log.close();
  return { head, events, gaps };
};

/** Digests of contents, without positions and times of recording, by name. */
export const contentDigestsOf = async (place: Place): Promise<Readonly<Record<string, string>>> => {
  const log = right(await openLogReader(place));
  const digests: Record<string, string> = { log: right(await logContentDigest(log)) };
  await log.close();
  for (const [name, condition] of right(await inspectReadModels(place, Date.now())))
    digests[name] = condition?.contentDigest ?? 'missing';
  return digests;
};
