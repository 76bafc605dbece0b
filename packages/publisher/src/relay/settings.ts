import type { Position } from '@daybook/event-store';

export type RelaySettings = Readonly<{
  /** Messages under way at once. 64 to 256; more gains nothing. */
  window: number;
  /** First and longest wait before the broker is tried again. */
  backoffMs: Readonly<{ first: number; longest: number }>;
  /** How long another relay may be silent before this one takes over. */
  standBackMs: number;
  /** The same for one that publishes more types than this one: a newer version, while both run. */
  standBackFromNewerMs: number;
  /** After which position to go on when the stream's last message is gone, or the stream is new. */
  assumedPosition?: Position;
}>;

export const defaultRelaySettings: RelaySettings = {
  window: 256,
  backoffMs: { first: 100, longest: 10_000 },
  standBackMs: 2_000,
  standBackFromNewerMs: 60_000,
};
