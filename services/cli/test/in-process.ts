import { Readable, Writable } from 'node:stream';
import { runProgram } from '../src/run.js';
import type { Ended, Place } from './program.js';

/** A stream that keeps what is written to it. */
const kept = (): Readonly<{ stream: NodeJS.WriteStream; text: () => string }> => {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      chunks.push(chunk);
      done();
    },
  });
  return {
    stream: stream as unknown as NodeJS.WriteStream,
    text: () => Buffer.concat(chunks).toString(),
  };
};

/**
 * Runs a command line in this process: all of the program but its start, which takes longer than most
 * commands. For suites of many questions; that the built program answers the same is proven by others.
 */
export const runHere = async (
  place: Place,
  args: readonly string[],
  given: Readonly<{ input?: string; env?: Readonly<Record<string, string>> }> = {},
): Promise<Ended> => {
  const out = kept();
  const err = kept();
  const code = await runProgram({
    arguments: args,
    environment: { DAYBOOK_DATA: place.data, ...given.env },
    version: '0.0.0',
    stdin: Readable.from(
      given.input === undefined ? [] : [Buffer.from(given.input)],
    ) as unknown as NodeJS.ReadStream,
    stdout: out.stream,
    stderr: err.stream,
    clock: Date.now,
    stopped: new AbortController().signal,
  });
  return { code, out: out.text(), err: err.text() };
};
