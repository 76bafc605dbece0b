import { makeRedactor, type FindingKind } from '../src/index.js';

const said = (
  ...turns: readonly (readonly [speaker: string, text: string])[]
): readonly string[] => {
  const redactor = makeRedactor();
  return turns.map(([speaker, text]) => redactor.redact({ speaker, text }).text);
};
/** One turn of a conversation in which both sides have spoken. */
const inDialogue = (text: string): string => said(['a', 'hi'], ['b', text])[1] ?? '';

describe('what has the shape of something personal', () => {
  it.each<[kind: string, text: string, redacted: string]>([
    ['an e-mail address', 'mail me@x.co.uk.', 'mail [email].'],
    ['an address without a dot', 'ssh root@server now', 'ssh [email] now'],
    ['an address said aloud', 'it is john dot doe at mail dot com', 'it is [email]'],
    ['an address hidden from machines', 'jane(at)mail(dot)org', '[email]'],
    ['a place said aloud', 'have a look at example dot com', 'have a look at [url]'],
    ['a URL', 'see https://a.b/c?d=1, please', 'see [url], please'],
    ['a bare domain', 'open contoso.sharepoint.com/sites/x', 'open [url]'],
    ['a card', 'card 4111 1111-1111 1111 exp 12/26', 'card [card] exp 12/26'],
    ['a card in full-width digits', '４１１１１１１１１１１１１１１１', '[card]'],
    ['a card with an invisible cut', '41111111\u200b11111111', '[card]'],
    ['a card amid other digits', 'line 12 4111111111111111', 'line 12 [card]'],
    ['a phone number in Arabic digits', 'is ٩٧٧-٦٢٥-٢٦٦١', 'is [phone]'],
    ['a phone number in Devanagari digits', 'is ९७७-६२५-२६६१', 'is [phone]'],
    ['an IPv4 address and port', 'server 10.20.30.40:8080', 'server [ip]:8080'],
    ['IPv6 addresses', 'fe80::1ff:fe23:4567:890a or ::1', '[ip] or [ip]'],
    ['an international phone number', 'on +49 171 2345678 now', 'on [phone] now'],
    ['a North American one', 'is (977) 625-2661.', 'is [phone].'],
    ['a national one', 'is 030/1234567', 'is [phone]'],
    ['ten digits', '9776252661', '[phone]'],
    ['a short announced number', 'call me at 555-1234', 'call me at [phone]'],
    [
      'a private key',
      '-----BEGIN EC PRIVATE KEY-----\nMIIE\n-----END EC PRIVATE KEY-----\nso',
      '[secret]\nso',
    ],
    ['a private key cut short', 'x -----BEGIN PRIVATE KEY-----\nMIIE\n', 'x [secret]'],
    ['a bearer token', 'Bearer abcdefghijklmnop.qrst', 'Bearer [secret]'],
    ['an issued token', 'ghp_abcdefghijklmnopqrstuvwx', '[secret]'],
    ['a generated word', 'Ab3dEf6hIj9kLm2nOp5qRs8t', '[secret]'],
  ])('hides %s', (_, text, redacted) => {
    expect(inDialogue(text)).toBe(redacted);
  });

  it.each([
    'at 12:30:45 on 2024-02-16 13:10:33',
    'order 3348917502',
    'version 16.0.5.1 of build 19045',
    'error 0x80070005 in setup.exe, node.js and asp.net',
    '{b35110b2-7dc5-4bb9-8d54-ca80953f65f8}',
    'on 01.02.2024 13:10 it cost 1000',
    'no card: 4111 1111 1111 1112',
    'no card: ٤١١١١١١١١١١١١١١٢',
    'std::vector @ 5',
  ])('keeps "%s"', (text) => {
    expect(inDialogue(text)).toBe(text);
  });
});

describe('the Luhn check', () => {
  // Numbers that payment companies publish for tests, and the same with two digits changed.
  it.each(['5555555555554444', '378282246310005', '6011000990139424', '30569309025904'])(
    'knows %s for a card',
    (number) => {
      expect(inDialogue(`it is ${number} ok`)).toBe('it is [card] ok');
    },
  );
  it.each(['5555555555554445', '378282246310015'])('knows %s for none', (number) => {
    expect(inDialogue(`it is ${number} ok`)).toBe(`it is ${number} ok`);
  });
});

describe('a secret announced in words', () => {
  it.each([
    ['my password is hunter2, thanks', 'my password is [password], thanks'],
    ['anna and password is anna 1234', '[password] and password is [password]'],
    ['password siva3597 please', 'password [password] please'],
    ['password for the work laptop is rain', 'password for the work laptop is [password]'],
    ['one time password 598422', 'one time password [password]'],
    ['I changed my password to Winter!25', 'I changed my password to [password]'],
    ['tree 22 is my password', '[password] is my password'],
    ['q 7 rsv my password', '[password] my password'],
    ['pin number 4711', 'pin number [password]'],
    ['wifi password "correct horse staple" ok', 'wifi password "[password]" ok'],
    ['use DB_PASSWORD=hunter2! now', 'use DB_PASSWORD=[password] now'],
    ['Server=x;User Id=sa;Password=abc;', 'Server=x;User Id=sa;Password=[password];'],
    ['{"user":"bob","password":"x y"}', '{"user":"bob","password":"[password]"}'],
    ['api_key: abcd-1234', 'api_key: [password]'],
    ['password:\nhunter2\nIt still fails', 'password:\n[password]\nIt still fails'],
    ['password is me@x.org rain', 'password is [password]'],
    ['Mein Passwort ist Sommer24', 'Mein Passwort ist [password]'],
    ['la contraseña es perro99', 'la contraseña es [password]'],
    ['Username: jdoe', 'Username: [username]'],
  ])('is hidden in "%s"', (text, redacted) => {
    expect(inDialogue(text)).toBe(redacted);
  });

  it.each([
    'My password is not working. The password is expired. Password reset did not help.',
    'The password manager crashed, the password prompt keeps coming back',
    'promo code SUMMER20, error code 1603',
    'pin the icon to the taskbar',
  ])('is not seen in "%s"', (text) => {
    expect(inDialogue(text)).toBe(text);
  });
});

describe('a secret given in a later turn than its announcement', () => {
  it('is the short answer to a question for it', () => {
    expect(
      said(['a', 'hi'], ['b', 'hello'], ['a', 'What is your password?'], ['b', "it's rain"]),
    ).toStrictEqual(['hi', 'hello', 'What is your password?', "it's [password]"]);
  });
  it('is still awaited after one turn that does not give it', () => {
    expect(said(['a', 'the passcode?'], ['b', 'let me check'], ['b', '44 12'])).toStrictEqual([
      'the passcode?',
      'let me check',
      '[password]',
    ]);
  });
  it('is not looked for in the words of who asked', () => {
    expect(said(['b', 'hi'], ['a', 'your password?'], ['a', 'Outlook I mean'])[2]).toBe(
      'Outlook I mean',
    );
  });
  it('is not looked for after talk of a forgotten one', () => {
    expect(said(['a', 'hi'], ['b', 'I forgot my password'], ['a', 'rebooting now'])[2]).toBe(
      'rebooting now',
    );
  });
  it.each([
    ['Set a temporary password: Kranich-4417!', 'Set a temporary password: [password]'],
    ['The initial password is Kranich77', 'The initial password is [password]'],
    ['Web shop password: Kranich77', 'Web shop password: [password]'],
    ['the wifi pin is 4711', 'the wifi pin is [password]'],
    ['rain, new password: hail', '[password], new password: [password]'],
    ['rain77 password: hail', '[password] password: [password]'],
  ])('is not the words that say which password "%s" gives', (text, redacted) => {
    expect(said(['b', 'hi'], ['a', 'your password?'], ['b', text])[2]).toBe(redacted);
  });
  it.each(['please never tell anyone your password', "Don't share your password with us"])(
    'is not looked for after the advice "%s"',
    (text) => {
      expect(said(['b', 'hi'], ['a', text], ['b', 'Kranich, I mean'])[2]).toBe('Kranich, I mean');
    },
  );
  it('is looked for after a question with a negation elsewhere', () => {
    const asked = 'I do not know your password, can you tell it?';
    expect(said(['b', 'hi'], ['a', asked], ['b', 'kranich'])[2]).toBe('[password]');
  });
  it('hides its words when they come up again', () => {
    expect(said(['b', 'my password is rain'], ['a', 'I typed rain'])[1]).toBe('I typed [password]');
  });
  it('lets an order number asked for stand, and hides a phone number asked for', () => {
    expect(said(['a', 'your order ID please?'], ['b', '7916676427'])[1]).toBe('7916676427');
    expect(said(['a', 'your phone number please?'], ['b', '625 266'])[1]).toBe('[phone]');
  });
  it('hides a user name asked for', () => {
    expect(said(['a', 'name or account ID?'], ['b', 'Anna Bell'], ['b', 'abell939'])).toStrictEqual(
      ['name or account ID?', 'Anna Bell', '[username]'],
    );
  });
});

describe('a number without its question, where one side alone is on record', () => {
  it('is hidden once, as the number by which somebody identifies himself', () => {
    expect(said(['c', 'hai'], ['c', 'anna 65624'], ['c', '4431'])).toStrictEqual([
      'hai',
      'anna [secret]',
      '4431',
    ]);
  });
  it.each([
    '150',
    '1000',
    'total 4431',
    'my account number is 4431',
    '4431 usd',
    'hotel 40 food 10',
  ])('stays in "%s", an amount or a number that says what it is', (text) => {
    expect(said(['c', 'hai'], ['c', text])[1]).toBe(text);
  });
  it('stays when both sides are on record', () => {
    expect(inDialogue('4431')).toBe('4431');
  });
});

describe('a finding', () => {
  it('names the kind and nothing else', () => {
    const { findings } = makeRedactor().redact({
      speaker: 'a',
      text: 'a@b.cd, 10.0.0.1, password is rain',
    });
    const kinds: readonly FindingKind[] = ['email', 'ip', 'password'];
    expect(findings).toStrictEqual(kinds.map((kind) => ({ kind })));
  });
});
