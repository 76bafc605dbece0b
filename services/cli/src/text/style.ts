/** Marks for a terminal; with colour off every one of them leaves the text as it is. */
export type Style = Readonly<
  Record<'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan', (text: string) => string>
>;

const RESET = '\u001B[0m';

export const makeStyle = (colour: boolean): Style => {
  const marked = (code: number) => (text: string) =>
    colour && text !== '' ? `\u001B[${code}m${text}${RESET}` : text;
  return {
    bold: marked(1),
    dim: marked(2),
    red: marked(31),
    green: marked(32),
    yellow: marked(33),
    cyan: marked(36),
  };
};
