import { createReadStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as E from 'fp-ts/lib/Either.js';
import { entryTypes, parseJournalLine, readJournal, type LineProblem } from '../src/index.js';
import { journalOf } from './reading.js';
import { packageFolder, schemaAccepts } from './schema.js';

const readme = readFileSync(join(packageFolder, 'README.md'), 'utf8');

const blocks = (language: string, text: string): string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    ([, block]) => block ?? '',
  );
const [format = '', problems = ''] = readme.split('### Problems');

const wordsOf = ({ line, column, field, reason }: LineProblem): string => {
  const place = field === undefined && column !== undefined ? `column ${column}` : field;
  return `line ${line}, ${place ?? ''}: ${reason}`;
};

describe('the README', () => {
  it('shows each type of entry, and each example is accepted by codec and schema', () => {
    const lines = blocks('journal', format).flatMap((block) => block.trimEnd().split('\n'));
    const shown = lines.map((line) => {
      const entry = parseJournalLine(line);
      if (E.isLeft(entry)) throw new Error(`${line}: ${entry.left.reason}`);
      expect(schemaAccepts(JSON.parse(line))).toBe(true);
      return entry.right.entry;
    });
    expect([...new Set(shown)].sort()).toStrictEqual([...entryTypes].sort());
  });

  it('says of each refused example what reading says', async () => {
    const [lines = ''] = blocks('journal', problems);
    const [said = ''] = blocks('text', problems);
    const found = (await journalOf([lines])).map((outcome) =>
      'reason' in outcome ? wordsOf(outcome) : outcome.entry,
    );
    expect(found).toStrictEqual(said.trimEnd().split('\n'));
  });

  it('shows code that runs as it stands', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'session-journal-'));
    const file = join(folder, 'example.jsonl');
    writeFileSync(
      file,
      '{"entry":"session-ended","session":"s-1","at":"2026-06-04T10:12:00Z"}\n{}\n',
    );
    // region reading
    const outcomes: string[] = [];
    for await (const { line, bytes, result } of readJournal(createReadStream(file))) {
      outcomes.push(
        E.isRight(result)
          ? `${line} (${bytes} bytes): ${result.right.entry} of ${result.right.session}`
          : `${line}: ${result.left.field ?? ''} ${result.left.reason}`,
      );
    }
    // endregion
    rmSync(folder, { recursive: true });
    expect(outcomes).toStrictEqual(['1 (70 bytes): session-ended of s-1', '2: entry is missing']);
    const source = readFileSync(join(packageFolder, 'test', 'readme.test.ts'), 'utf8');
    const region = /^ {4}\/\/ region reading\n(.*?)^ {4}\/\/ endregion/ms.exec(source)?.[1] ?? '';
    expect(blocks('ts', readme)).toStrictEqual([region.replace(/^ {4}/gm, '')]);
  });
});
