import { sniffFormat } from '@daybook/session-journal';
import * as E from 'fp-ts/lib/Either.js';
import { open, type FileHandle } from 'node:fs/promises';
import type { Context } from '../context.js';
import { errorCode } from '../error-code.js';
import { usage, type Failure } from '../outcome.js';
import { looksLikeReports } from './sniff-reports.js';

export const inputFormats = [
  'journal',
  'setup',
  'teamviewer-incoming',
  'teamviewer-outgoing',
  'teamviewer-reports',
  'teamviewer-device-reports',
] as const;
export type InputFormat = (typeof inputFormats)[number];

/** An input that can be read: what it is called, what it is, how long it is (0: not known). */
export type InputFile = Readonly<{
  name: string;
  format: InputFormat;
  bytes: number;
  chunks: AsyncIterable<Buffer | string>;
  close: () => Promise<void>;
}>;

const SNIFFED_BYTES = 65_536;

const isSetup = (head: Buffer): boolean => {
  const line = head
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .split('\n')
    .find((each) => each.trim() !== '');
  // The first field tells: a line that is cut off or broken is still recognised.
  return /^\s*\{\s*"command"\s*:/.test(line ?? '') || /"command"\s*:/.test(line ?? '');
};

/** What a file is, by its first line; null where nothing tells. */
export const formatOf = (head: Buffer, name: string): InputFormat | null => {
  // Which way the connections of a report went does not show in it, and is not guessed.
  if (looksLikeReports(head.toString('utf8'))) return null;
  const sniffed = sniffFormat(head, name);
  if (sniffed === 'journal' && isSetup(head)) return 'setup';
  return sniffed === 'unknown' ? null : sniffed;
};

const unknownFormat = (name: string, head: Buffer): Failure => {
  if (looksLikeReports(head.toString('utf8')))
    return usage(
      `${name} holds reports of TeamViewer, and does not tell of which kind. Say --format teamviewer-reports (connections that the company’s users made) or --format teamviewer-device-reports (connections to its devices).`,
    );
  return usage(
    `${name} is neither a session journal, a setup file nor a TeamViewer log. Say what it is with --format ${inputFormats.join('|')}.`,
  );
};

const why: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a directory',
  EACCES: 'it may not be read',
  EPERM: 'it may not be read',
};

const notReadable = (name: string, thrown: unknown): Failure => {
  const code = errorCode(thrown);
  if (code === '') throw thrown;
  return usage(`${name} cannot be read: ${why[code] ?? code}. Nothing was imported.`);
};

const headOf = async (handle: FileHandle): Promise<Buffer> => {
  const buffer = Buffer.alloc(SNIFFED_BYTES);
  const { bytesRead } = await handle.read(buffer, 0, SNIFFED_BYTES, 0);
  return buffer.subarray(0, bytesRead);
};

const openFile = async (
  name: string,
  given: InputFormat | null,
): Promise<E.Either<Failure, InputFile>> => {
  let handle: FileHandle | undefined;
  try {
    handle = await open(name);
    const head = await headOf(handle);
    const { size } = await handle.stat();
    const format = given ?? (head.length === 0 ? 'journal' : formatOf(head, name));
    if (format === null) {
      await handle.close();
      return E.left(unknownFormat(name, head));
    }
    const chunks = handle.createReadStream({ start: 0, autoClose: false });
    const close = handle.close.bind(handle);
    return E.right({ name, format, bytes: size, chunks, close });
  } catch (thrown) {
    await handle?.close();
    return E.left(notReadable(name, thrown));
  }
};

async function* after(
  head: readonly Buffer[],
  rest: AsyncIterator<Buffer | string>,
): AsyncGenerator<Buffer | string> {
  yield* head;
  for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
}

const openStdin = async (
  stdin: AsyncIterable<Buffer | string>,
  given: InputFormat | null,
): Promise<E.Either<Failure, InputFile>> => {
  const name = '(stdin)';
  const iterator = stdin[Symbol.asyncIterator]();
  const head: Buffer[] = [];
  let bytes = 0;
  while (bytes < SNIFFED_BYTES) {
    const next = await iterator.next();
    if (next.done === true) break;
    const chunk = Buffer.from(next.value);
    head.push(chunk);
    bytes += chunk.length;
    if (chunk.includes(0x0a)) break;
  }
  const format = given ?? (bytes === 0 ? 'journal' : formatOf(Buffer.concat(head), name));
  if (format === null) return E.left(unknownFormat(name, Buffer.concat(head)));
  const chunks = after(head, iterator);
  return E.right({ name, format, bytes: 0, chunks, close: () => Promise.resolve() });
};

/** Opens every input before anything is written, so that a mistyped name changes nothing. */
export const openInputs = async (
  context: Pick<Context, 'stdin'>,
  names: readonly string[],
  format: InputFormat | null,
): Promise<E.Either<Failure, readonly InputFile[]>> => {
  const files: InputFile[] = [];
  for (const name of names) {
    const opened =
      name === '-' ? await openStdin(context.stdin, format) : await openFile(name, format);
    if (E.isLeft(opened)) {
      for (const file of files) await file.close();
      return opened;
    }
    files.push(opened.right);
  }
  return E.right(files);
};
