import type { SnapshotHead, SnapshotProblem, SnapshotStore } from '../src/index.js';

type Kept = { head: SnapshotHead; texts: string[] };

/** Snapshots that a test can lose, damage and swap. */
export type Shelf = Readonly<{
  store: SnapshotStore;
  kept: Kept[];
  problems: SnapshotProblem[];
  onProblem: (problem: SnapshotProblem) => void;
}>;

export const newShelf = (): Shelf => {
  const kept: Kept[] = [];
  const problems: SnapshotProblem[] = [];
  const parts = new Map<string, string[]>();
  const keyOf = ({ stream, revision }: Readonly<{ stream: string; revision: number }>): string =>
    `${stream} ${revision}`;
  return {
    kept,
    problems,
    onProblem: (problem) => void problems.push(problem),
    store: {
      latest: (stream, before) =>
        kept
          .map(({ head }) => head)
          .filter((head) => head.stream === stream && head.revision < before)
          .reduce<SnapshotHead | null>(
            (last, head) => (last === null || head.revision > last.revision ? head : last),
            null,
          ),
      parts: (head) => kept.find((one) => keyOf(one.head) === keyOf(head))?.texts ?? [],
      addPart: (key, { ordinal, text }) => {
        const texts = ordinal === 0 ? [] : (parts.get(keyOf(key)) ?? []);
        texts[ordinal] = text;
        parts.set(keyOf(key), texts);
      },
      finish: (head) => {
        const same = kept.findIndex((one) => keyOf(one.head) === keyOf(head));
        if (same >= 0) kept.splice(same, 1);
        kept.push({ head, texts: parts.get(keyOf(head)) ?? [] });
      },
    },
  };
};
