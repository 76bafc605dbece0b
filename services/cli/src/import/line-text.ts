import { StringDecoder } from 'node:string_decoder';

export type TextLine = Readonly<{ line: number; bytes: number; text: string }>;

/** A command has some 200 characters; a line of 1 MiB belongs to another kind of file. */
const LINE_CHARACTERS_MAX = 1_048_576;

/** Lines of a UTF-8 text, one at a time; a line that is too long is given cut off, which is not JSON. */
export async function* textLines(source: AsyncIterable<Buffer | string>): AsyncGenerator<TextLine> {
  const decoder = new StringDecoder('utf8');
  let [rest, line, bytes] = ['', 0, 0];
  const lineOf = (text: string): TextLine => {
    line += 1;
    const shown = line === 1 ? text.replace(/^\uFEFF/, '') : text;
    return { line, bytes, text: shown.replace(/\r$/, '') };
  };
  for await (const chunk of source) {
    bytes += Buffer.byteLength(chunk);
    rest += typeof chunk === 'string' ? chunk : decoder.write(chunk);
    const parts = rest.split('\n');
    rest = parts.pop() ?? '';
    for (const part of parts) yield lineOf(part);
    if (rest.length > LINE_CHARACTERS_MAX) rest = rest.slice(0, LINE_CHARACTERS_MAX);
  }
  rest += decoder.end();
  if (rest !== '') yield lineOf(rest);
}
