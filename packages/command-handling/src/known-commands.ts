/** How many of a stream's latest commands are remembered; older repeats are the decider's to recognise. */
const REMEMBERED_MAX = 16_384;

/**
 * The latest commands of a stream, each by the id of its first event, which derives from the command
 * id: finding it here means that the command has been answered. Bounded: a busy account has no end.
 */
export class KnownCommands {
  private readonly revisions = new Map<string, number>();

  remember(firstEventId: string, revision: number): void {
    this.revisions.set(firstEventId, revision);
    if (this.revisions.size <= REMEMBERED_MAX) return;
    const oldest = this.revisions.keys().next();
    if (oldest.done !== true) this.revisions.delete(oldest.value);
  }

  revisionOf(firstEventId: string): number | undefined {
    return this.revisions.get(firstEventId);
  }
}
