/**
 * Lets appends into the store in the order in which they came, however long each had to look around first: a client
 * that has many in flight finds them in the log as it sent them, as with the protocol's own server.
 */
export type Turn = Readonly<{
  /** Undefined when nobody is before it, or it has passed; otherwise resolves when they have passed. */
  come: () => Promise<void> | undefined;
  /** It was handed to the store, or never will be. Again is nothing. */
  pass: () => void;
}>;

export type Turns = Readonly<{ take: () => Turn }>;

const nothing = (): void => undefined;

/** Of a write that has no place in the order. */
export const outOfTurn: Turn = { come: () => undefined, pass: nothing };

type Place = { hasPassed: boolean; wake: () => void };

export const makeTurns = (): Turns => {
  const places = new Set<Place>();

  /** One may pass before those before it, because it failed: then nobody behind it comes sooner for that. */
  const moveUp = (): void => {
    for (const place of places) {
      if (!place.hasPassed) {
        place.wake();
        return;
      }
      places.delete(place);
    }
  };

  const isFirst = (place: Place): boolean => places.values().next().value === place;

  return {
    take: () => {
      const place: Place = { hasPassed: false, wake: nothing };
      places.add(place);
      return {
        come: () =>
          place.hasPassed || isFirst(place)
            ? undefined
            : new Promise((resolve) => {
                place.wake = resolve;
              }),
        pass: () => {
          if (place.hasPassed) return;
          place.hasPassed = true;
          moveUp();
        },
      };
    },
  };
};
