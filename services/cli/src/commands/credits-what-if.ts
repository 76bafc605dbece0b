import { decodeScenario, runScenario } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';
import { readFileSync } from 'node:fs';
import type { Context } from '../context.js';
import { ExitCode, usage, type Failure, type Outcome } from '../outcome.js';
import { tellWhatIf } from '../report/what-if.js';
import { instantIn } from '../text/instant.js';

const codeOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : 'EIO';

const readText = async (context: Context, file: string): Promise<E.Either<Failure, string>> => {
  if (file === '-') {
    const chunks: Buffer[] = [];
    for await (const chunk of context.stdin) chunks.push(Buffer.from(chunk));
    return E.right(Buffer.concat(chunks).toString('utf8'));
  }
  try {
    return E.right(readFileSync(file, 'utf8'));
  } catch (thrown) {
    return E.left(
      usage(
        `${file} cannot be read (${codeOf(thrown)}). Name a file that exists, or - for standard input.`,
      ),
    );
  }
};

/** Where the parser stopped, if it says so; never what stands there. */
const placeIn = (text: string, thrown: unknown): string => {
  const [, digits] = /position (\d+)/.exec(String(thrown)) ?? [];
  if (digits === undefined) return '';
  const before = text.slice(0, Number(digits)).split('\n');
  return `:${before.length}:${(before.at(-1)?.length ?? 0) + 1}`;
};

const parsed = (file: string, text: string): E.Either<Failure, unknown> => {
  try {
    return E.right(JSON.parse(text) as unknown);
  } catch (thrown) {
    return E.left(
      usage(
        `${file}${placeIn(text, thrown)} is not JSON — write one object as docs/schemas/what-if.schema.json describes.`,
      ),
    );
  }
};

/** `daybook credits what-if FILE.json`: nothing is read but the file, nothing is written. */
export const whatIfCommand = async (context: Context, file: string): Promise<Outcome> => {
  const text = await readText(context, file);
  if (E.isLeft(text)) return text;
  const json = parsed(file, text.right);
  if (E.isLeft(json)) return json;
  const scenario = decodeScenario(json.right);
  if (E.isLeft(scenario)) {
    const { path, reason, remedy } = scenario.left;
    return E.left(usage(`${file} ${path === '' ? 'the whole value' : path} ${reason} — ${remedy}`));
  }
  const { output } = context;
  const { timeZone = 'UTC' } = scenario.right;
  if (output.isJson) output.json(runScenario(scenario.right));
  else tellWhatIf(scenario.right, { output, when: instantIn(timeZone) });
  return E.right(ExitCode.fine);
};
