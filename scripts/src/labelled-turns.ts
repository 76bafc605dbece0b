/**
 * Reads turns whose words carry slot labels: tab-separated columns conversationId, turnNumber,
 * utteranceId, utterance, slot-labels, intent; a quoted field may hold line breaks (RFC 4180).
 */
export type LabelledTurn = Readonly<{
  conversationId: string;
  turnNumber: string;
  text: string;
  words: readonly string[];
  labels: readonly string[];
}>;

const FIELD = /(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/y;

const rowsOf = (content: string): readonly (readonly string[])[] => {
  const rows: string[][] = [];
  let row: string[] = [];
  FIELD.lastIndex = 0;
  while (FIELD.lastIndex < content.length) {
    const match = FIELD.exec(content);
    if (match === null) throw new Error(`Not a row of fields near row ${rows.length + 1}.`);
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '');
    if (match[3] === '\t') continue;
    rows.push(row);
    row = [];
  }
  return rows;
};

const turnOf = (row: readonly string[]): LabelledTurn => {
  const [conversationId = '', turnNumber = '', , text = '', labels = ''] = row;
  return {
    conversationId,
    turnNumber,
    text,
    words: text.split(/\s+/).filter((word) => word !== ''),
    labels: labels.split(' ').filter((label) => label !== ''),
  };
};

export const labelledTurns = (content: string): readonly LabelledTurn[] =>
  rowsOf(content.replaceAll('\r\n', '\n')).slice(1).map(turnOf);
