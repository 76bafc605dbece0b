import { stripVTControlCharacters } from 'node:util';

export type Column = 'left' | 'right';
export type TableOptions = Readonly<{
  /** Alignment by column; the ones not named are `left`. */
  align?: readonly Column[];
  /** Stands before every line. */
  indent?: string;
}>;

const GAP = '  ';

/** Signs that a terminal shows, whatever marks of colour stand between them. */
export const widthOf = (text: string): number => [...stripVTControlCharacters(text)].length;

const padded = (text: string, width: number, column: Column): string => {
  const space = ' '.repeat(Math.max(0, width - widthOf(text)));
  return column === 'right' ? space + text : text + space;
};

/** Rows under each other in columns as wide as their widest cell; no spaces at the ends of lines. */
export const table = (rows: readonly (readonly string[])[], options: TableOptions = {}): string => {
  const { align = [], indent = '' } = options;
  const widths: number[] = [];
  for (const row of rows)
    for (const [index, cell] of row.entries())
      widths[index] = Math.max(widths[index] ?? 0, widthOf(cell));
  return rows
    .map((row) => {
      const cells = row.map((cell, index) =>
        padded(cell, widths[index] ?? 0, align[index] ?? 'left'),
      );
      return (indent + cells.join(GAP)).trimEnd();
    })
    .join('\n');
};

/** Text in lines of at most `width` signs, each after `indent`; a longer word stays whole. */
export const wrap = (text: string, width: number, indent = ''): string => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/).filter((each) => each !== '')) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > width - widthOf(indent)) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  if (line !== '') lines.push(line);
  return lines.map((each) => indent + each).join('\n');
};
