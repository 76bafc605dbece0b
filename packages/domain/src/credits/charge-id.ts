/** The identity of one charge of a session: `<sessionId>:<generation>`, generations from 0. */
export const chargeIdOf = (sessionId: string, generation: number): string =>
  `${sessionId}:${generation}`;

/** The parts of a charge id; undefined for a word that `chargeIdOf` never makes. */
export const partsOfChargeId = (
  chargeId: string,
): Readonly<{ sessionId: string; generation: number }> | undefined => {
  const colon = chargeId.lastIndexOf(':');
  const sessionId = chargeId.slice(0, Math.max(colon, 0));
  const generation = Number(chargeId.slice(colon + 1));
  return chargeIdOf(sessionId, generation) === chargeId ? { sessionId, generation } : undefined;
};
