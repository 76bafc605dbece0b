import { withIsoInstants } from './text/iso-instants.js';
import { makeStyle, type Style } from './text/style.js';

type Sink = Readonly<{ write: (text: string) => unknown }>;

/** Where a command speaks: results on standard output, everything else on standard error. */
export type Output = Readonly<{
  style: Style;
  isJson: boolean;
  /** Is somebody watching standard error, for whom a progress bar moves? */
  isWatched: boolean;
  /** A line of the result; silent with `--json`. */
  line: (text?: string) => void;
  /** The result for programs; silent without `--json`. */
  json: (value: unknown) => void;
  /** The result as it is, in either form. */
  raw: (text: string) => void;
  /** A message beside the result. */
  note: (text: string) => void;
}>;

export const makeOutput = (
  sinks: Readonly<{ out: Sink; err: Sink }>,
  options: Readonly<{ isJson: boolean; colour: boolean; isWatched: boolean }>,
): Output => {
  const { out, err } = sinks;
  const { isJson, colour, isWatched } = options;
  return {
    style: makeStyle(colour && !isJson),
    isJson,
    isWatched: isWatched && !isJson,
    line: (text = '') => {
      if (!isJson) out.write(`${text}\n`);
    },
    json: (value) => {
      if (isJson) out.write(`${JSON.stringify(withIsoInstants(value), null, 2)}\n`);
    },
    raw: (text) => void out.write(text),
    note: (text) => void err.write(`${text}\n`),
  };
};
