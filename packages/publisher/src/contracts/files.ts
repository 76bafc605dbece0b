import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { type ContractProblem, contractProblems, type Documents } from './check.js';

/** The JSON documents of a folder of contracts; none when it does not exist yet. */
export const readContractFolder = (folder: string): Documents => {
  if (!existsSync(folder)) return new Map();
  const files = readdirSync(folder, { recursive: true, withFileTypes: true });
  const documents = new Map<string, string>();
  for (const file of files) {
    if (!file.isFile() || !file.name.endsWith('.json')) continue;
    const path = join(file.parentPath, file.name);
    documents.set(relative(folder, path).split(sep).join('/'), readFileSync(path, 'utf8'));
  }
  return documents;
};

/**
 * Writes the documents that changed. When a released shape is broken it writes nothing and answers with
 * the problems.
 */
export const writeContractFolder = (
  folder: string,
  generated: Documents,
): readonly ContractProblem[] => {
  const committed = readContractFolder(folder);
  const broken = contractProblems(committed, generated).filter(({ kind }) => kind === 'broken');
  if (broken.length > 0) return broken;
  for (const [file, text] of generated) {
    if (committed.get(file) === text) continue;
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
  return [];
};
