import * as fc from 'fast-check';
import {
  initialState,
  makeRedactor,
  passesLuhn,
  redactConversation,
  redactTurn,
  replayState,
  restoredState,
  storableState,
  type Turn,
} from '../src/index.js';

// Texts are built from what the rules look for, so that rules meet and overlap often.
const fragment = fc.oneof(
  fc.constantFrom(
    'password',
    'is',
    'my',
    'pin',
    'code',
    'user name',
    'one time password',
    'and',
    'to',
    'token=',
    '"',
    ':',
    '?',
    '.',
    ',',
    '\n',
    '[password]',
    '[email]',
    '@',
    'at',
    'dot',
    'com',
    '://',
    'www.',
    '4111111111111111',
    '4111 1111',
    '+49',
    '(977)',
    '625-2661',
    '10.0.0.1',
    'fe80::',
    'call',
    'order',
    'what',
    'rain',
    'x9',
    '１２',
    '\u200b',
    '-----BEGIN X-----',
    'é',
    '🎉',
    '٤',
  ),
  fc.string({ maxLength: 6, unit: 'grapheme' }),
  fc.integer({ min: 0, max: 999_999_999 }).map(String),
  fc.emailAddress(),
  fc.ipV4(),
  fc.ipV6(),
  fc.webUrl(),
);
const text = fc
  .array(fc.tuple(fragment, fc.constantFrom('', ' ', ' ', '-')), { maxLength: 14 })
  .map((parts) => parts.map(([word, gap]) => word + gap).join(''));
const turn: fc.Arbitrary<Turn> = fc.record({ speaker: fc.constantFrom('a', 'b'), text });
const conversation = fc.array(turn, { maxLength: 5 });
const runs = { numRuns: 1000 };

const redacted = (turns: readonly Turn[]): readonly Turn[] => {
  const redactor = makeRedactor();
  return turns.map((each) => ({ speaker: each.speaker, text: redactor.redact(each).text }));
};

const EMAIL = /[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,}/;
const DIGITS = /(?<!\p{Nd})[0-9](?:[ -]?[0-9])*(?!\p{Nd})/gu;

/** Every window of whole digit groups of 13–19 digits that passes the Luhn check. */
const cardsIn = (written: string): readonly string[] =>
  [...written.matchAll(DIGITS)].flatMap(([run]) => {
    const groups = run.split(/[ -]/);
    return groups.flatMap((_, from) =>
      groups
        .map((__, to) => groups.slice(from, to + 1).join(''))
        .filter((digits) => digits.length >= 13 && digits.length <= 19 && passesLuhn(digits)),
    );
  });

describe('laws of redaction', () => {
  it('a redacted conversation redacted again is the same', () => {
    fc.assert(
      fc.property(conversation, (turns) => {
        const once = redacted(turns);
        expect(redacted(once)).toStrictEqual(once);
      }),
      runs,
    );
  });

  it('holds where hiding one thing brings the next into view, several times over', () => {
    const turns = [{ speaker: 'a', text: '00.2.100.101341334 100665155 10000415-10026753::0:0' }];
    expect(redacted(redacted(turns))).toStrictEqual(redacted(turns));
  });

  it('no e-mail address and no card is left', () => {
    fc.assert(
      fc.property(conversation, (turns) => {
        for (const each of redacted(turns)) {
          expect(each.text).not.toMatch(EMAIL);
          expect(cardsIn(each.text)).toStrictEqual([]);
        }
      }),
      runs,
    );
  });

  it('a card number goes whatever stands around it and however it is grouped', () => {
    const digits = fc
      .array(fc.integer({ min: 0, max: 9 }), { minLength: 12, maxLength: 18 })
      .map((body) => {
        const check = Array.from({ length: 10 }, (_, i) => [...body, i].join(''));
        return check.find(passesLuhn) ?? '';
      });
    const card = fc.tuple(digits, fc.constantFrom('', ' ', '-', '.'), fc.constantFrom(3, 4, 6));
    fc.assert(
      fc.property(card, fc.lorem(), ([number, gap, size], words) => {
        const grouped = number.match(new RegExp(`.{1,${size}}`, 'g'))?.join(gap) ?? '';
        const [only] = redacted([{ speaker: 'a', text: `${words} ${grouped} ${words}` }]);
        expect(only?.text).not.toContain(grouped);
      }),
      runs,
    );
  });

  it('a text grows by no more than a placeholder for each finding', () => {
    fc.assert(
      fc.property(turn, (each) => {
        const { text: after, findings } = redactTurn(initialState, each);
        expect(after.length).toBeLessThanOrEqual(each.text.length + findings.length * 10);
      }),
      runs,
    );
  });

  it('the same turns give the same answers, also from a state that was stored in between', () => {
    fc.assert(
      fc.property(conversation, (turns) => {
        expect(redacted(turns)).toStrictEqual(redacted(turns));
        const redactor = makeRedactor();
        const done = turns.map((each) => ({ ...each, text: redactor.redact(each).text }));
        const stored: unknown = JSON.parse(JSON.stringify(storableState(redactor.state())));
        expect(storableState(replayState(done))).toStrictEqual(stored);
        const restored = restoredState(storableState(redactor.state()));
        expect(restored.secretWords).toStrictEqual([]);
      }),
      runs,
    );
  });

  it('a conversation redacted as a whole hides no less than turn by turn', () => {
    fc.assert(
      fc.property(conversation, (turns) => {
        const whole = redactConversation(turns);
        expect(whole.length).toBe(turns.length);
        for (const { text: after } of whole) expect(after).not.toMatch(EMAIL);
      }),
      runs,
    );
  });
});

describe('a word that turns out to be part of a secret', () => {
  it('is hidden in earlier turns when the conversation is redacted as a whole', () => {
    const turns = [
      { speaker: 'a', text: 'this is anna bell' },
      { speaker: 'a', text: 'my password is bell 8799' },
    ];
    expect(redactConversation(turns).map((each) => each.text)).toStrictEqual([
      'this is anna [password]',
      'my password is [password]',
    ]);
  });
});

describe('a long text', () => {
  // A quadratic rule needs hours for these; a linear one a second. The test's own time-out decides.
  it.each([
    'a',
    '1',
    '1 ',
    '@',
    'a@',
    'a.',
    '::',
    'password is ',
    'x at ',
    'x dot ',
    '://',
    'password "',
    '-',
    '-----BEGIN ',
    'a=',
    '(',
    '[password] ',
    'call ',
    '+1-',
    ' ',
    'eyJ',
  ])('of 500,000 characters made of "%s" is redacted', (part) => {
    const long = part.repeat(Math.ceil(500_000 / part.length));
    const { text: after, findings } = redactTurn(initialState, { speaker: 'a', text: long });
    expect(after.length).toBeLessThanOrEqual(long.length + findings.length * 10);
  });
});
