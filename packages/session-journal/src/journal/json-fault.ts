/** Where JSON text breaks, and in what way; said without repeating the text. */
export type JsonFault = Readonly<{
  /** 0-based, UTF-16 units. */
  at: number;
  reason: string;
}>;

type Expected = 'value' | 'first-key' | 'key' | 'colon' | 'first-item' | 'comma' | 'nothing';
type Step = Readonly<{ to: number; next: Expected }> | JsonFault;

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const HEX_DIGITS = /[0-9a-fA-F]{0,4}/y;
const LITERALS = ['true', 'false', 'null'];

const reasons: Readonly<Record<Expected, string>> = {
  value: 'a value is expected',
  'first-key': 'a field name in double quotes or "}" is expected',
  key: 'a field name in double quotes is expected',
  colon: '":" is expected',
  'first-item': 'a value or "]" is expected',
  comma: '"," or the closing bracket is expected',
  nothing: 'the line goes on after its end',
};

const endOfMatch = (pattern: RegExp, text: string, from: number): number => {
  pattern.lastIndex = from;
  return from + (pattern.exec(text)?.[0].length ?? 0);
};

const afterEscape = (text: string, at: number): number | JsonFault => {
  const letter = text[at + 1];
  if (letter === undefined) return { at: text.length, reason: 'a string does not end' };
  if (letter !== 'u') {
    return '"\\/bfnrt'.includes(letter) ? at + 2 : { at, reason: 'an escape is not known' };
  }
  const end = endOfMatch(HEX_DIGITS, text, at + 2);
  if (end === at + 6) return end;
  return { at: end === text.length ? end : at, reason: 'an escape needs four hexadecimal digits' };
};

/** `from` is the opening quote. */
const afterString = (text: string, from: number): number | JsonFault => {
  let at = from + 1;
  while (at < text.length) {
    const letter = text[at];
    if (letter === '"') return at + 1;
    if (text.charCodeAt(at) < 0x20) return { at, reason: 'a string holds a control character' };
    const next = letter === '\\' ? afterEscape(text, at) : at + 1;
    if (typeof next !== 'number') return next;
    at = next;
  }
  return { at, reason: 'a string does not end' };
};

const afterScalar = (text: string, from: number): number | JsonFault => {
  const rest = text.slice(from, from + 5);
  for (const literal of LITERALS) {
    if (rest.startsWith(literal)) return from + literal.length;
    if (rest !== '' && literal.startsWith(rest)) {
      return { at: text.length, reason: reasons.value };
    }
  }
  const end = endOfMatch(NUMBER, text, from);
  return end > from ? end : { at: from, reason: reasons.value };
};

/** Walks the text once, with its own stack: a line of a million brackets is no reason to fail. */
class JsonWalk {
  readonly #closers: string[] = [];
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  fault(): JsonFault | undefined {
    let expected: Expected = 'value';
    let at = endOfMatch(SPACE, this.#text, 0);
    while (at < this.#text.length) {
      const step = this.#step(at, expected);
      if ('reason' in step) return step;
      expected = step.next;
      at = endOfMatch(SPACE, this.#text, step.to);
    }
    return expected === 'nothing' ? undefined : { at, reason: reasons[expected] };
  }

  #afterValue(): Expected {
    return this.#closers.length === 0 ? 'nothing' : 'comma';
  }

  #close(at: number): Step {
    this.#closers.pop();
    return { to: at + 1, next: this.#afterValue() };
  }

  #step(at: number, expected: Expected): Step {
    const letter = this.#text[at];
    switch (expected) {
      case 'value':
        return this.#value(at);
      case 'first-item':
        return letter === ']' ? this.#close(at) : this.#value(at);
      case 'first-key':
        return letter === '}' ? this.#close(at) : this.#key(at, expected);
      case 'key':
        return this.#key(at, expected);
      case 'colon':
        return letter === ':' ? { to: at + 1, next: 'value' } : { at, reason: reasons.colon };
      case 'comma':
        return this.#comma(at);
      case 'nothing':
        return { at, reason: reasons.nothing };
    }
  }

  #comma(at: number): Step {
    const letter = this.#text[at];
    const closer = this.#closers.at(-1);
    if (letter === closer) return this.#close(at);
    if (letter === ',') return { to: at + 1, next: closer === '}' ? 'key' : 'value' };
    return { at, reason: reasons.comma };
  }

  #key(at: number, expected: 'first-key' | 'key'): Step {
    if (this.#text[at] !== '"') return { at, reason: reasons[expected] };
    const end = afterString(this.#text, at);
    return typeof end === 'number' ? { to: end, next: 'colon' } : end;
  }

  #value(at: number): Step {
    const letter = this.#text[at];
    if (letter === '{' || letter === '[') {
      this.#closers.push(letter === '{' ? '}' : ']');
      return { to: at + 1, next: letter === '{' ? 'first-key' : 'first-item' };
    }
    const end = letter === '"' ? afterString(this.#text, at) : afterScalar(this.#text, at);
    return typeof end === 'number' ? { to: end, next: this.#afterValue() } : end;
  }
}

/** The first place where the text is not JSON, or nothing when it is. */
export const jsonFault = (text: string): JsonFault | undefined => new JsonWalk(text).fault();
