/** How many of a stream's latest events are remembered by id; older repeats are the decider's to recognise. */
const REMEMBERED_MAX = 16_384;

/**
 * Ids of the latest events of a stream. A command's first event id is derived from the command id, so
 * finding it here means that the command has been answered. Bounded: a busy account has no end.
 */
export class KnownCommands {
  private readonly revisions = new Map<string, number>();

  remember(eventId: string, revision: number): void {
    this.revisions.set(eventId, revision);
    if (this.revisions.size <= REMEMBERED_MAX) return;
    const oldest = this.revisions.keys().next();
    if (oldest.done !== true) this.revisions.delete(oldest.value);
  }

  revisionOf(eventId: string): number | undefined {
    return this.revisions.get(eventId);
  }
}
