import * as E from 'fp-ts/lib/Either.js';
import * as fc from 'fast-check';
import { SummaryBody } from '@daybook/domain/summaries';
import {
  makeExtractiveSummarizer,
  type Summary,
  type SummaryInput,
  type SummaryItem,
} from '../src/index.js';

const summarizer = makeExtractiveSummarizer();

type Said = readonly [speaker: string, text: string, kind?: SummaryItem['kind']];
const session = (...said: readonly Said[]): SummaryInput => ({
  sessionId: 's-1',
  items: said.map(([speaker, text, kind = 'chat'], at) => ({ kind, speaker, at, text })),
});
const summaryOf = async (input: SummaryInput): Promise<Summary> => {
  const made = await summarizer.summarize(input)();
  if (E.isLeft(made)) throw new Error(made.left._tag);
  return made.right;
};

describe('a summary of a dialogue', () => {
  it('tells problem, steps with dead ends, result and follow-ups', async () => {
    const input = session(
      ['supporter', 'Hello, how can I help you?'],
      ['remote-side', 'Hi, outlook crashes every time I open an attachment. It started yesterday.'],
      ['remote-side', 'I already restarted the computer but it did not help.'],
      ['supporter', 'Please start Outlook in safe mode.'],
      ['remote-side', 'It still crashes'],
      ['supporter', 'Could you repair Office from the control panel?'],
      ['remote-side', 'no luck, same error'],
      ['system', 'File transfer: fix.zip sent', 'action'],
      ['supporter', "I've renewed the add-in."],
      ['remote-side', 'Great, it works now!'],
      ['supporter', 'I will call you tomorrow to check.'],
      ['remote-side', 'thanks bye'],
    );
    expect(await summaryOf(input)).toStrictEqual({
      language: 'en',
      body: {
        title: 'Outlook crashes every time I open an attachment',
        problem: 'Outlook crashes every time I open an attachment. It started yesterday.',
        steps: [
          'Customer: I already restarted the computer but it did not help.',
          'Supporter: Start Outlook in safe mode → did not help: “It still crashes.”',
          'Supporter: Repair Office from the control panel → did not help: “No luck, same error.”',
          'File transfer: fix.zip sent.',
          "Supporter: I've renewed the add-in.",
        ],
        result: 'The customer confirmed: “Great, it works now!”',
        followUps: ['Supporter: I will call you tomorrow to check.'],
        tags: ['crash', 'outlook'],
      },
    });
  });

  it('says so when the problem is not solved', async () => {
    const { body } = await summaryOf(
      session(
        ['remote-side', 'vpn keeps disconnecting'],
        ['assistant', 'Restart the VPN client.', 'assistant'],
        ['remote-side', 'still disconnecting after 2 minutes'],
      ),
    );
    expect(body).toStrictEqual({
      title: 'VPN keeps disconnecting',
      problem: 'VPN keeps disconnecting.',
      steps: [
        'Assistant: Restart the VPN client → did not help: “Still disconnecting after 2 minutes.”',
      ],
      result: 'Not solved; last heard: “Still disconnecting after 2 minutes.”',
      followUps: [],
      tags: ['connectivity', 'vpn'],
    });
  });

  it('keeps a refusal as the result', async () => {
    const { body } = await summaryOf(
      session(
        ['remote-side', 'I need to return an item, can you help me with that?'],
        ['supporter', 'Unfortunately we cannot accept the return.'],
        ['remote-side', 'ok bye'],
      ),
    );
    expect([body.title, body.result]).toStrictEqual([
      'Return an item',
      'Not possible, the supporter said: “Unfortunately we cannot accept the return.”',
    ]);
  });
});

describe('a summary of one side only', () => {
  it('gathers what was given and claims no outcome that nobody stated', async () => {
    const { body, language } = await summaryOf(
      session(
        ['remote-side', 'hai'],
        ['remote-side', 'i need reimbursement on my flight ticket'],
        ['remote-side', '[password] and password is [password]'],
        ['remote-side', 'it is 150'],
        ['remote-side', 'flights 50 hotels 100'],
        ['remote-side', 'sure i will send that'],
        ['remote-side', 'nothing else thank you'],
      ),
    );
    expect({ ...body, language }).toStrictEqual({
      title: 'Reimbursement on flight ticket',
      problem: 'I need reimbursement on my flight ticket.',
      steps: ['Details given: It is 150; Flights 50 hotels 100.'],
      result:
        'No outcome was stated; the customer closed the conversation without further questions.',
      followUps: ['Customer: I will send that.'],
      tags: ['reimbursement'],
      language: 'en',
    });
  });
});

describe('a summary of next to nothing', () => {
  const nothing = {
    title: 'Session without a stated problem',
    problem: 'No problem was stated.',
    steps: [],
    result: 'No outcome was recorded.',
    followUps: [],
    tags: [],
  };
  it.each([
    ['an empty session', []],
    ['a greeting', [['remote-side', 'hi']]],
    ['a hidden secret', [['remote-side', '[password]']]],
    ['blanks', [['supporter', ' \n ']]],
  ] as const)('of %s invents nothing', async (_, said) => {
    expect(await summaryOf(session(...said))).toStrictEqual({ body: nothing, language: 'und' });
  });
  it('takes the hinted language where the text does not tell it', async () => {
    const { language } = await summaryOf({ ...session(['remote-side', 'hm']), languageHint: 'nl' });
    expect(language).toBe('nl');
  });
});

describe('the language', () => {
  it.each([
    ['de', 'Mein Drucker druckt nicht mehr seit dem letzten Update, können Sie mir bitte helfen?'],
    ['fr', "Mon imprimante ne fonctionne plus depuis la mise à jour, pouvez-vous m'aider ?"],
    ['en', 'i want update my outlook'],
  ])('%s is recognised', async (code, text) => {
    expect((await summaryOf(session(['remote-side', text]))).language).toBe(code);
  });
});

describe('laws of the extractive summary', () => {
  const item: fc.Arbitrary<SummaryItem> = fc.record({
    kind: fc.constantFrom('chat', 'action', 'assistant'),
    speaker: fc.constantFrom('supporter', 'remote-side', 'system', 'x'),
    at: fc.nat(),
    text: fc.oneof(
      fc.constantFrom(
        'it still fails',
        'please restart it',
        'I need help with Excel',
        'it works now',
      ),
      fc.lorem({ maxCount: 40 }),
      fc.string({ maxLength: 60, unit: 'grapheme' }),
    ),
  });
  const input = fc.array(item, { maxLength: 40 }).map((items) => ({ sessionId: 's', items }));

  it('the same input gives the same bytes, from another summarizer too', async () => {
    await fc.assert(
      fc.asyncProperty(input, async (each) => {
        const again = await makeExtractiveSummarizer().summarize(each)();
        expect(JSON.stringify(E.right(await summaryOf(each)))).toBe(JSON.stringify(again));
      }),
      { numRuns: 10 },
    );
  });

  it('every summary has the stored form and bounded sizes', async () => {
    await fc.assert(
      fc.asyncProperty(input, async (each) => {
        const { body } = await summaryOf(each);
        expect(SummaryBody.is(body)).toBe(true);
        expect(body.title.length).toBeGreaterThan(0);
        expect(body.title.length).toBeLessThanOrEqual(120);
        expect(body.problem.length).toBeLessThanOrEqual(1200);
        expect(body.steps.length).toBeLessThanOrEqual(20);
        expect(JSON.stringify(body).length).toBeLessThan(40_000);
      }),
      { numRuns: 200 },
    );
  });

  it('a session of 5,000 long items is summarised, too', async () => {
    const said = Array.from({ length: 5000 }, (_, i): Said => [
      'supporter',
      `check ${i} `.repeat(600),
    ]);
    expect((await summaryOf(session(...said))).body.steps.length).toBe(20);
  });
});
