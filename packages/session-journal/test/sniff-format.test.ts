import { sniffFormat } from '../src/index.js';

const incoming =
  '400500600\tMila Example\t05-06-2026 08:00:00\t05-06-2026 08:20:30\tDESK\tRemoteControl\t{';
const outgoing = `${'400500600'.padEnd(32)}${'05-06-2026 08:00:00'.padEnd(32)}05-06`;

describe('the kind of a file', () => {
  it.each([
    ['{"entry":"chat"', 'export.txt', 'journal'],
    ['\n\n  {"entry":"chat"', 'Connections.txt', 'journal'],
    [`\r\n${incoming}`, 'old.txt', 'teamviewer-incoming'],
    [`\n${outgoing}`, 'connections_incoming.txt', 'teamviewer-outgoing'],
    [outgoing.replace(/ {2,}/g, '\t'), 'old.txt', 'teamviewer-outgoing'],
    ['\n', 'C:\\TeamViewer\\Connections_incoming.txt', 'teamviewer-incoming'],
    ['\n', 'Connections.txt', 'teamviewer-outgoing'],
    ['', 'june.jsonl', 'journal'],
    ['', 'notes.txt', 'unknown'],
    ['hello', 'notes.txt', 'unknown'],
  ])('beginning %j and called %s is %s', (text, name, expected) => {
    expect(sniffFormat(Buffer.from(text), name)).toBe(expected);
    expect(sniffFormat(Buffer.from(`\uFEFF${text}`), name)).toBe(expected);
    expect(sniffFormat(Buffer.from(`\uFEFF${text}`, 'utf16le'), name)).toBe(expected);
  });
});
