/**
 * Who may look at a company's facts, and who may change them, at one time. Entries of sessions go side
 * by side, and so do changes of facts; the two take turns, each waiting for those of the other kind that
 * were there before. So in this process no entry is ever decided on facts that have been replaced, and
 * none is written between a fact and the decisions that follow from it.
 */
export type FactTurns = Readonly<{
  /** For an entry of a session: it reads the company's facts, and rests on decisions made from them. */
  reading: <A>(company: string, entry: () => Promise<A>) => Promise<A>;
  /** For a command that may change a fact, with everything that follows from it. */
  changing: <A>(company: string, change: () => Promise<A>) => Promise<A>;
}>;

type Kind = 'reading' | 'changing';

/** The turns of one company; they are forgotten when nobody is there. */
class Turns {
  private kind: Kind | null = null;
  private inside = 0;
  private readonly waiting: Readonly<{ kind: Kind; start: () => void }>[] = [];

  get isIdle(): boolean {
    return this.inside === 0;
  }

  async take<A>(kind: Kind, act: () => Promise<A>): Promise<A> {
    // Where nobody of the other kind is there, an entry begins at once: lines keep their order.
    if (!this.mayEnter(kind)) await this.wait(kind);
    else this.enter(kind);
    try {
      return await act();
    } finally {
      this.leave();
    }
  }

  private mayEnter(kind: Kind): boolean {
    return this.waiting.length === 0 && (this.inside === 0 || this.kind === kind);
  }

  private enter(kind: Kind): void {
    this.kind = kind;
    this.inside += 1;
  }

  private wait(kind: Kind): Promise<void> {
    return new Promise((start) => {
      this.waiting.push({ kind, start });
    });
  }

  /** The last one out lets in those who have waited longest, as far as they are of one kind. */
  private leave(): void {
    this.inside -= 1;
    if (this.inside > 0) return;
    const kind = this.waiting[0]?.kind;
    for (
      let [next] = this.waiting;
      next !== undefined && next.kind === kind;
      [next] = this.waiting
    ) {
      this.waiting.shift();
      this.enter(next.kind);
      next.start();
    }
  }
}

export const makeFactTurns = (): FactTurns => {
  const companies = new Map<string, Turns>();
  const take = async <A>(company: string, kind: Kind, act: () => Promise<A>): Promise<A> => {
    const turns = companies.get(company) ?? new Turns();
    companies.set(company, turns);
    try {
      return await turns.take(kind, act);
    } finally {
      if (turns.isIdle) companies.delete(company);
    }
  };
  return {
    reading: (company, entry) => take(company, 'reading', entry),
    changing: (company, change) => take(company, 'changing', change),
  };
};
