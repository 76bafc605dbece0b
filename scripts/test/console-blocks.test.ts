import { examplesIn, outputOf, withOutputs } from '../src/readme/console-blocks.js';

const document = [
  '# Title',
  '```console',
  '$ echo one',
  'one',
  '',
  '$ echo two; echo three',
  'two',
  'three',
  '```',
  '```',
  '$ not a console block',
  '```',
].join('\n');

describe('console blocks of a document', () => {
  it('are found with their lines, commands and outputs', () => {
    expect(examplesIn(document)).toStrictEqual([
      { line: 3, command: 'echo one', expected: 'one' },
      { line: 6, command: 'echo two; echo three', expected: 'two\nthree' },
    ]);
  });

  it('are left as they are when their commands print what they say', () => {
    const outputs = new Map(
      examplesIn(document).map(({ line, command }) => [
        line,
        outputOf(command, { cwd: '/', env: process.env }),
      ]),
    );
    expect(withOutputs(document, outputs)).toBe(document);
  });

  it('take the new output of a command that prints something else', () => {
    const written = withOutputs(document, new Map([[3, 'uno']]));
    expect(examplesIn(written)[0]).toStrictEqual({ line: 3, command: 'echo one', expected: 'uno' });
    expect(written.split('\n').slice(5)).toStrictEqual(document.split('\n').slice(5));
  });
});
