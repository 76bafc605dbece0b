/** A text that is one record of a document, or what is outside of all records. */
export type Piece =
  | Readonly<{ kind: 'record'; text: string; line: number }>
  /** The document with `0` for each record: JSON again, with all that stands beside the records. */
  | Readonly<{ kind: 'frame'; text: string; line: number; hasArray: boolean }>
  | Readonly<{ kind: 'too-long' | 'truncated'; line: number }>;

/** A report has some 500 characters. */
const RECORD_CHARACTERS_MAX = 1_048_576;
/** A page has at most 1,000 records, a file of all of them two characters for each. */
const FRAME_CHARACTERS_MAX = 16_777_216;

/**
 * Cuts JSON documents, one after the other, into the objects that stand in their arrays, as the text comes:
 * memory does not grow with the text, and every record knows its line. It does not judge: whoever parses the
 * pieces does.
 */
export class RecordCutter {
  private line = 1;
  private frame = '';
  private frameLine = 1;
  private hasArray = false;
  private record = '';
  private recordLine = 0;
  /** Open brackets; inside a record those since its first. */
  private readonly open: string[] = [];
  private recordDepth = 0;
  private isString = false;
  private isEscaped = false;
  private isTooLong = false;

  *push(text: string): Generator<Piece> {
    for (const sign of text) {
      if (this.isTooLong) return;
      if (sign === '\n') this.line += 1;
      if (this.isString) this.inString(sign);
      else yield* this.outside(sign);
      if (this.record.length > RECORD_CHARACTERS_MAX || this.frame.length > FRAME_CHARACTERS_MAX) {
        this.isTooLong = true;
        yield { kind: 'too-long', line: this.recordDepth > 0 ? this.recordLine : this.frameLine };
      }
    }
  }

  *end(): Generator<Piece> {
    if (this.isTooLong) return;
    if (this.open.length > 0 || this.isString) yield { kind: 'truncated', line: this.line };
    else if (this.frame.trim() !== '') yield this.finishFrame();
  }

  private keep(text: string): void {
    if (this.recordDepth > 0) this.record += text;
    else {
      if (this.frame === '') this.frameLine = this.line;
      this.frame += text;
    }
  }

  private inString(sign: string): void {
    this.keep(sign);
    if (this.isEscaped) this.isEscaped = false;
    else if (sign === '\\') this.isEscaped = true;
    else if (sign === '"') this.isString = false;
  }

  private *outside(sign: string): Generator<Piece> {
    switch (sign) {
      case '{':
      case '[':
        this.opened(sign);
        return;
      case '}':
      case ']':
        yield* this.closed(sign);
        return;
      case '"':
        this.isString = true;
        this.keep(sign);
        return;
      default:
        if (this.recordDepth > 0 || !/\s|\uFEFF/.test(sign)) this.keep(sign);
    }
  }

  private opened(sign: string): void {
    if (this.recordDepth === 0 && sign === '{' && this.open.at(-1) === '[') {
      this.recordDepth = this.open.length + 1;
      this.recordLine = this.line;
    }
    if (sign === '[' && this.recordDepth === 0) this.hasArray = true;
    this.open.push(sign);
    this.keep(sign);
  }

  private *closed(sign: string): Generator<Piece> {
    this.keep(sign);
    const depth = this.open.length;
    this.open.pop();
    if (this.recordDepth > 0 && depth === this.recordDepth) {
      this.recordDepth = 0;
      yield { kind: 'record', text: this.record, line: this.recordLine };
      this.record = '';
      this.keep('0');
    }
    if (this.open.length === 0) yield this.finishFrame();
  }

  private finishFrame(): Piece {
    const { frame: text, frameLine: line, hasArray } = this;
    this.frame = '';
    this.hasArray = false;
    return { kind: 'frame', text, line, hasArray };
  }
}
