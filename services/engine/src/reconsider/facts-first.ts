import type { EventStore } from '@daybook/event-store';
import * as E from 'fp-ts/lib/Either.js';
import { isAccountCommand } from '../credit-commands.js';
import type { Call } from '../call.js';
import type { CompanyCommand } from '../company-command.js';
import type { CommandAnswer } from '../deps.js';
import type { ProcessFailure, ProcessRunner } from '../process-runner.js';
import type { FactTurns } from './fact-turns.js';

type CompanyRun = (call: Call, command: CompanyCommand) => Promise<CommandAnswer>;
type Decided = E.Either<ProcessFailure, void>;

/** Facts before what rests on them: what the engine does around commands and entries. */
export type FactsFirst = Readonly<{
  /** The same, answered when every session that rests on a changed fact has been decided again. */
  company: (run: CompanyRun) => CompanyRun;
  /** Runs an entry of a session when everything that has changed before has been decided. */
  entry: <L, A>(
    company: string,
    entry: () => Promise<E.Either<L, A>>,
  ) => Promise<E.Either<L | ProcessFailure, A>>;
}>;

type Parts = Readonly<{
  store: Pick<EventStore, 'head'>;
  turns: FactTurns;
  reconsider: ProcessRunner;
  /** Other processes write to this log: every entry then looks whether they have changed a fact. */
  manyWriters: boolean;
}>;

/**
 * Brings the decisions of running sessions up to every fact, before the command that changed it is
 * answered and before the next entry is looked at. A crash in between is made up for before the first
 * entry after it.
 */
export const makeFactsFirst = ({ store, turns, reconsider, manyWriters }: Parts): FactsFirst => {
  let isCaughtUp = false;
  let last: Promise<Decided> = Promise.resolve(E.right(undefined));
  /** One run after another: those who asked meanwhile find theirs done. */
  const inTurn = (run: () => Promise<Decided>): Promise<Decided> => {
    last = last.then(run);
    return last;
  };
  const decideUpTo = (position: number): Promise<Decided> =>
    inTurn(() => reconsider.runUntil(position));
  const decideAll = async (): Promise<Decided> => {
    const head = await store.head()();
    if (E.isLeft(head)) return head;
    const decided = await reconsider.runUntil(head.right);
    isCaughtUp = E.isRight(decided) && !manyWriters;
    return decided;
  };
  /** The run that has not begun: all who ask before it does share it, for it looks at the log after them. */
  let coming: Promise<Decided> | null = null;
  const catchUp = (): Promise<Decided> => {
    coming ??= inTurn(() => {
      coming = null;
      return decideAll();
    });
    return coming;
  };
  const change = async (run: () => Promise<CommandAnswer>): Promise<CommandAnswer> => {
    const before = isCaughtUp ? E.right(undefined) : await catchUp();
    if (E.isLeft(before)) return before;
    const answer = await run();
    if (E.isLeft(answer)) {
      // Only a refusal says for sure that nothing was written.
      if (answer.left._tag !== 'Refused') isCaughtUp = false;
      return answer;
    }
    const decided = await decideUpTo(answer.right.position);
    if (E.isRight(decided)) return answer;
    // The fact stands, its decisions do not: no entry is looked at before they do.
    isCaughtUp = false;
    return decided;
  };
  return {
    company: (run) => (call, command) =>
      isAccountCommand(command)
        ? run(call, command)
        : turns.changing(call.company, () => change(() => run(call, command))),
    entry: (company, entry) =>
      turns.reading(company, async () => {
        const before = isCaughtUp ? E.right(undefined) : await catchUp();
        return E.isLeft(before) ? before : entry();
      }),
  };
};
