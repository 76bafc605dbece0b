import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeRedactor } from '../src/index.js';

// Real conversations are read in place and never copied; where the folder is absent a test says so.
const file = join(__dirname, '../../../../shared/data/abcd/abcd_sample.json');

type Conversation = Readonly<{
  scenario: Readonly<{
    personal: Readonly<{ email?: string; phone?: string; username?: string }>;
  }>;
  original: readonly (readonly [speaker: string, text: string])[];
}>;

if (!existsSync(file)) {
  it('real data absent: ../shared/data/abcd/abcd_sample.json not found', () => {
    console.warn('Not checked against real conversations: ../shared/data is absent.');
    expect(existsSync(file)).toBe(false);
  });
} else {
  const conversations = JSON.parse(readFileSync(file, 'utf8')) as readonly Conversation[];

  it.each(conversations.map((conversation, index) => [index, conversation] as const))(
    'real conversation %i keeps nothing of its customer',
    (_, { scenario, original }) => {
      const redactor = makeRedactor();
      const stored = original.map(([speaker, text]) => redactor.redact({ speaker, text }).text);
      const { email, phone, username } = scenario.personal;
      const found = [email, phone, username]
        .filter((value) => value !== undefined)
        .map((value) => stored.some((text) => text.toLowerCase().includes(value.toLowerCase())));
      expect(found).not.toContain(true);
      expect(found.length).toBeGreaterThan(0);
    },
  );
}
