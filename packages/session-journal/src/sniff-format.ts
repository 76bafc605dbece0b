import { encodingOf } from './lines/line-splitter.js';

export type FileFormat = 'journal' | 'teamviewer-incoming' | 'teamviewer-outgoing' | 'unknown';

const OUTGOING_LINE = /^\d+\s+\d{2}-\d{2}-\d{2,4}\s/;
const INCOMING_LINE = /^\d+\t[^\t]*\t\s*\d/;
const byName: readonly (readonly [RegExp, FileFormat])[] = [
  [/connections_incoming[^/\\]*\.txt$/i, 'teamviewer-incoming'],
  [/connections[^/\\]*\.txt$/i, 'teamviewer-outgoing'],
  [/\.(jsonl|ndjson)$/i, 'journal'],
];

const firstLine = (firstBytes: Buffer): string => {
  const { encoding, bomBytes } = encodingOf(firstBytes);
  const text = new TextDecoder(encoding).decode(firstBytes.subarray(bomBytes));
  return text.split('\n').find((line) => line.trim() !== '') ?? '';
};

/**
 * What kind of file this is, by its first line that is not blank (some 500 bytes are enough), and by
 * its name where the line does not tell.
 */
export const sniffFormat = (firstBytes: Buffer, fileName: string): FileFormat => {
  const line = firstLine(firstBytes);
  if (line.trimStart().startsWith('{')) return 'journal';
  if (OUTGOING_LINE.test(line)) return 'teamviewer-outgoing';
  if (INCOMING_LINE.test(line)) return 'teamviewer-incoming';
  return byName.find(([pattern]) => pattern.test(fileName))?.[1] ?? 'unknown';
};
