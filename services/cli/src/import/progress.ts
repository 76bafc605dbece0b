import { Presets, SingleBar } from 'cli-progress';

export type Progress = Readonly<{ to: (value: number) => void; end: () => void }>;

const silent: Progress = { to: () => undefined, end: () => undefined };

/** A bar on standard error where somebody watches it, and nothing anywhere else. */
export const progressBar = (
  isWatched: boolean,
  shown: Readonly<{ what: string; total: number }>,
): Progress => {
  if (!isWatched || shown.total <= 0) return silent;
  const bar = new SingleBar(
    {
      format: `${shown.what} {bar} {percentage} %  {eta_formatted} left`,
      stream: process.stderr,
      hideCursor: true,
      clearOnComplete: true,
      etaBuffer: 100,
    },
    Presets.shades_classic,
  );
  bar.start(shown.total, 0);
  return { to: (value) => bar.update(Math.min(value, shown.total)), end: () => bar.stop() };
};
