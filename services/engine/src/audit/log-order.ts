import { eventIdOf } from '@daybook/command-handling';
import { partsOf } from '@daybook/domain/kernel';
import type { StoredEvent } from '@daybook/event-store';
import { placeOf, type Findings } from './findings.js';

const commandIdOf = (metadata: string): string | null => {
  try {
    const parsed: unknown = JSON.parse(metadata);
    if (typeof parsed !== 'object' || parsed === null || !('commandId' in parsed)) return null;
    return typeof parsed.commandId === 'string' ? parsed.commandId : null;
  } catch {
    return null;
  }
};

export type LogOrder = Readonly<{ check: (stored: StoredEvent) => void; streams: () => number }>;

/**
 * Revisions without gaps, and ids that derive from commands. The events of one command are written in
 * one append, so they stand beside each other in the log: that gives each its place in its command.
 */
export const makeLogOrder = (findings: Findings): LogOrder => {
  const nextRevisions = new Map<string, number>();
  let previous: Readonly<{ stream: string; commandId: string | null; index: number }> = {
    stream: '',
    commandId: null,
    index: 0,
  };

  const checkRevision = (stored: StoredEvent): void => {
    const { stream, revision } = stored;
    const expected = nextRevisions.get(stream) ?? 0;
    nextRevisions.set(stream, revision + 1);
    if (revision === expected) return;
    findings.add({
      class: 'revision-gap',
      company: partsOf(stream).company,
      subject: stream,
      detail: `expected revision ${expected}, found ${revision}`,
      events: [placeOf(stored)],
    });
  };

  const checkId = (stored: StoredEvent): void => {
    const { stream, id } = stored;
    const commandId = commandIdOf(stored.metadata);
    const isSame = previous.stream === stream && previous.commandId === commandId;
    const index = isSame ? previous.index + 1 : 0;
    previous = { stream, commandId, index };
    if (commandId !== null && eventIdOf(stream, commandId, index) === id) return;
    findings.add({
      class: 'event-id-not-derived',
      company: partsOf(stream).company,
      subject: id,
      detail: commandId === null ? 'no command id' : `event ${index} of its command`,
      events: [placeOf(stored)],
    });
  };

  return {
    check: (stored) => {
      checkRevision(stored);
      checkId(stored);
    },
    streams: () => nextRevisions.size,
  };
};
