import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The samples stand at the root of the checkout that the program belongs to. */
export const samplesDirectory = (from: string = process.argv[1] ?? process.cwd()): string => {
  for (let directory = from; ; directory = dirname(directory)) {
    const samples = join(directory, 'samples');
    if (existsSync(join(samples, 'company.jsonl'))) return samples;
    if (directory === dirname(directory)) return samples;
  }
};
