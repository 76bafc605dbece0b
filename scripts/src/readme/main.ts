/**
 * Keeps the console blocks of README.md true: runs them in a fresh data directory and compares, or with
 * `--write` puts what they print now into the file.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { examplesIn, outputOf, withOutputs } from './console-blocks.js';

/** The data directory of the tour; a temporary one stands in for it when the blocks are run. */
const TOUR = 'data/tour';

const main = (): void => {
  const { values, positionals } = parseArgs({
    options: {
      write: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
    allowPositionals: true,
  });
  if (values.help) {
    console.log(
      'Usage: npm run readme -- [--write] [FILE]   (default README.md; without --write only compares)',
    );
    return;
  }
  const root = resolve('.');
  const path = resolve(positionals[0] ?? 'README.md');
  const markdown = readFileSync(path, 'utf8');
  const directory = mkdtempSync(join(tmpdir(), 'daybook-readme-'));
  const env = {
    ...process.env,
    NO_COLOR: '1',
    // What npm itself has to say is not part of the tour.
    npm_config_loglevel: 'error',
    PATH: `${join(root, 'node_modules', '.bin')}${delimiter}${process.env['PATH'] ?? ''}`,
  };
  const outputs = new Map<number, string>();
  let different = 0;
  for (const { line, command, expected } of examplesIn(markdown)) {
    const fresh = command.replaceAll(TOUR, join(directory, 'tour'));
    const output = outputOf(fresh, {
      cwd: root,
      env: { ...env, DAYBOOK_DATA: join(directory, 'tour') },
    }).replaceAll(join(directory, 'tour'), TOUR);
    outputs.set(line, output);
    if (output === expected || values.write) continue;
    different += 1;
    console.error(`${path}:${line} $ ${command}\n--- says\n${expected}\n--- prints\n${output}\n`);
  }
  rmSync(directory, { recursive: true });
  if (values.write) writeFileSync(path, withOutputs(markdown, outputs));
  console.log(
    `${outputs.size} commands run, ${values.write ? 'outputs written' : `${different} differ`}`,
  );
  process.exitCode = different === 0 ? 0 : 1;
};

main();
