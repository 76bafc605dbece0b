/**
 * Runs the console blocks of a document and compares what they print. A block is fenced as `console`;
 * lines that begin with `$ ` are commands, the lines after each are its output.
 */
import { spawnSync } from 'node:child_process';

export type Example = Readonly<{
  /** 1-based line of the command in the document. */
  line: number;
  command: string;
  expected: string;
}>;

const FENCE = /^```(\w*)$/;

/** Every command of every console block, in the order of the document. */
export const examplesIn = (markdown: string): readonly Example[] => {
  const examples: { line: number; command: string; expected: string[] }[] = [];
  let inConsole = false;
  let inOther = false;
  for (const [index, text] of markdown.split('\n').entries()) {
    const fence = FENCE.exec(text);
    if (fence !== null) {
      const opens: boolean = !inConsole && !inOther;
      inConsole = opens && fence[1] === 'console';
      inOther = opens && fence[1] !== 'console';
      continue;
    }
    if (!inConsole) continue;
    if (text.startsWith('$ '))
      examples.push({ line: index + 1, command: text.slice(2), expected: [] });
    else examples.at(-1)?.expected.push(text);
  }
  return examples.map((example) => ({
    ...example,
    expected: example.expected.join('\n').trimEnd(),
  }));
};

/** What a command prints, both streams, without trailing space. */
export const outputOf = (
  command: string,
  options: Readonly<{ cwd: string; env: NodeJS.ProcessEnv }>,
): string => {
  const run = spawnSync('bash', ['-c', `${command} 2>&1`], { ...options, encoding: 'utf8' });
  return run.stdout
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd();
};

/** The document with the outputs that its commands print now. */
export const withOutputs = (markdown: string, outputs: ReadonlyMap<number, string>): string => {
  const lines = markdown.split('\n');
  const written: string[] = [];
  let skipping = false;
  for (const [index, text] of lines.entries()) {
    const output = outputs.get(index + 1);
    if (output !== undefined) {
      written.push(text);
      if (output !== '') written.push(output);
      skipping = true;
      continue;
    }
    if (skipping && !FENCE.test(text) && !text.startsWith('$ ')) {
      // A blank line before the next command is the author's.
      if (text === '' && lines[index + 1]?.startsWith('$ ') === true) written.push('');
      continue;
    }
    skipping = false;
    written.push(text);
  }
  return written.join('\n');
};
