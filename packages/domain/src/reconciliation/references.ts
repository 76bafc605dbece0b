import type { EventRef } from './facts.js';

/** The lines of these facts, ascending, so that the order of the facts does not show. */
export const linesOf = (facts: readonly Readonly<{ line: number }>[]): readonly number[] =>
  facts.map(({ line }) => line).sort((a, b) => a - b);

/** The events of these facts in the order of the log. */
export const eventsOf = (facts: readonly Readonly<{ ref: EventRef }>[]): readonly EventRef[] =>
  facts.map(({ ref }) => ref).sort((a, b) => a.position - b.position);
