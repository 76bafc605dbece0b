import { isUtf8 } from 'node:buffer';

/** One line as it stands in the file; `content` is valid only until the next line is asked for. */
export type RawLine = Readonly<{
  /** 1-based. */
  line: number;
  /** Offset in the file after this line and its line break. */
  bytes: number;
  /** Without line feed, perhaps with carriage return; `too-long` when it was skipped unread. */
  content: Buffer | 'too-long';
  /** False for a last line without line feed. */
  terminated: boolean;
}>;

export type TextEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

const LINE_FEED: Readonly<Record<TextEncoding, Buffer>> = {
  'utf-8': Buffer.from([0x0a]),
  'utf-16le': Buffer.from([0x0a, 0x00]),
  'utf-16be': Buffer.from([0x00, 0x0a]),
};
const BOM_BYTES_MAX = 3;

/** Encoding named by a byte order mark, and the mark's length; UTF-8 without one. */
export const encodingOf = (
  head: Buffer,
): Readonly<{ encoding: TextEncoding; bomBytes: number }> => {
  if (head[0] === 0xff && head[1] === 0xfe) return { encoding: 'utf-16le', bomBytes: 2 };
  if (head[0] === 0xfe && head[1] === 0xff) return { encoding: 'utf-16be', bomBytes: 2 };
  const marked = head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf;
  return { encoding: 'utf-8', bomBytes: marked ? BOM_BYTES_MAX : 0 };
};

const utf16Text = (content: Buffer, encoding: TextEncoding): string | undefined => {
  try {
    return new TextDecoder(encoding, { fatal: true, ignoreBOM: true }).decode(content);
  } catch {
    return undefined;
  }
};

/** The text of a line without its carriage return, or undefined where the bytes are not text. */
export const textOf = (content: Buffer, encoding: TextEncoding): string | undefined => {
  if (encoding === 'utf-8' && !isUtf8(content)) return undefined;
  const text = encoding === 'utf-8' ? content.toString('utf8') : utf16Text(content, encoding);
  return text?.endsWith('\r') === true ? text.slice(0, -1) : text;
};

/**
 * Cuts a stream of chunks into lines. Holds at most one line of `lineBytesMax`; what is longer is
 * passed over without being kept, so memory stays flat whatever the file holds.
 */
export class LineSplitter {
  #encoding: TextEncoding | undefined;
  #head: Buffer = Buffer.alloc(0);
  #carry: Buffer = Buffer.alloc(0);
  #carried = 0;
  #skipped = 0;
  #skipping = false;
  #line = 0;
  #bytes = 0;
  readonly #lineBytesMax: number;

  constructor(lineBytesMax: number) {
    this.#lineBytesMax = lineBytesMax;
  }

  /** Known once the first bytes have been seen; UTF-8 until then. */
  get encoding(): TextEncoding {
    return this.#encoding ?? 'utf-8';
  }

  *feed(chunk: Buffer): Generator<RawLine> {
    const bytes = this.#aligned(chunk);
    const feed = LINE_FEED[this.encoding];
    let from = 0;
    for (;;) {
      const at = this.#lineFeedAt(bytes, from);
      if (at < 0) break;
      yield this.#finish(bytes.subarray(from, at), feed.length);
      from = at + feed.length;
    }
    this.#keep(bytes.subarray(from));
  }

  /** The last line, when the file does not end with a line feed. */
  *end(): Generator<RawLine> {
    const rest = this.#head;
    this.#head = Buffer.alloc(0);
    // A file of less than three bytes ends before its encoding is settled.
    if (this.#encoding === undefined) yield* this.feed(rest.subarray(this.#settle(rest)));
    else this.#keep(rest);
    if (this.#carried + this.#skipped > 0) yield this.#finish(Buffer.alloc(0), 0);
  }

  #settle(head: Buffer): number {
    const { encoding, bomBytes } = encodingOf(head);
    this.#encoding = encoding;
    this.#bytes = bomBytes;
    return bomBytes;
  }

  /** Whole UTF-16 units only, and nothing before the encoding is known; the rest waits in `#head`. */
  #aligned(chunk: Buffer): Buffer {
    const bytes = this.#head.length === 0 ? chunk : Buffer.concat([this.#head, chunk]);
    this.#head = Buffer.alloc(0);
    if (this.#encoding === undefined && bytes.length < BOM_BYTES_MAX) {
      this.#head = bytes;
      return Buffer.alloc(0);
    }
    const from = this.#encoding === undefined ? this.#settle(bytes) : 0;
    const odd = this.encoding === 'utf-8' ? 0 : (bytes.length - from) % 2;
    if (odd > 0) this.#head = Buffer.from(bytes.subarray(bytes.length - odd));
    return bytes.subarray(from, bytes.length - odd);
  }

  #lineFeedAt(bytes: Buffer, from: number): number {
    const encoding = this.encoding;
    if (encoding === 'utf-8') return bytes.indexOf(0x0a, from);
    let at = bytes.indexOf(LINE_FEED[encoding], from);
    // A match between two units is not a line feed but the halves of its neighbours.
    while (at >= 0 && at % 2 !== 0) at = bytes.indexOf(LINE_FEED[encoding], at + 1);
    return at;
  }

  #keep(piece: Buffer): void {
    if (this.#skipping || this.#carried + piece.length > this.#lineBytesMax) {
      this.#skipping = true;
      this.#skipped += this.#carried + piece.length;
      this.#carried = 0;
      return;
    }
    const needed = this.#carried + piece.length;
    if (needed > this.#carry.length) {
      const grown = Buffer.allocUnsafe(Math.max(needed, this.#carry.length * 2));
      this.#carry.copy(grown, 0, 0, this.#carried);
      this.#carry = grown;
    }
    piece.copy(this.#carry, this.#carried);
    this.#carried = needed;
  }

  #finish(piece: Buffer, feedBytes: number): RawLine {
    const tooLong = this.#skipping || this.#carried + piece.length > this.#lineBytesMax;
    const length = this.#skipped + this.#carried + piece.length;
    let content = piece;
    if (!tooLong && this.#carried > 0) {
      this.#keep(piece);
      content = this.#carry.subarray(0, this.#carried);
    }
    this.#carried = 0;
    this.#skipped = 0;
    this.#skipping = false;
    this.#line += 1;
    this.#bytes += length + feedBytes;
    return {
      line: this.#line,
      bytes: this.#bytes,
      content: tooLong ? 'too-long' : content,
      terminated: feedBytes > 0,
    };
  }
}
