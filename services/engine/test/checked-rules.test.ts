import { ruleBook } from '@daybook/domain/rules';
import * as E from 'fp-ts/lib/Either.js';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkedRules } from '../src/checked-rules.js';
import { defaultNotice, logDirectory } from '../src/config.js';
import { openEngine } from '../src/engine.js';
import { AT, instantSummarizer } from './in-memory-engine.js';

const [first] = ruleBook;
if (first === undefined) throw new Error('the shipped rule book has an entry');

describe('the rules that an engine starts with', () => {
  it('are the shipped ones', () => {
    expect(checkedRules(ruleBook)).toStrictEqual(E.right(ruleBook));
  });
  it('name plans that a company can have', () => {
    const plansCovered = [...first.plansCovered, 'enterprise'];
    const monthlyCredits = { ...first.monthlyCredits, enterprise: 100 };
    expect(checkedRules([{ ...first, plansCovered, monthlyCredits }])).toStrictEqual(
      E.left({
        _tag: 'RuleBookInvalid',
        problems: [
          {
            entry: '2023-01-01',
            field: 'plansCovered',
            value: '"enterprise"',
            remedy: 'name one of business, premium, corporate, tensor, remote-access, free',
          },
        ],
        message:
          'The rule book cannot be used:\n' +
          '  2023-01-01, plansCovered is "enterprise": name one of business, premium, corporate, tensor, remote-access, free.',
      }),
    );
  });
  it('keep an engine from starting where they may not decide, before it touches the disk', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'daybook-rules-'));
    try {
      const opened = await openEngine({
        directory,
        ruleBook: [{ ...first, promptTimeoutMs: 0 }],
        summarizer: instantSummarizer,
        clock: () => AT,
        notice: defaultNotice,
        summariesAtOnce: 1,
      });
      expect(E.isLeft(opened) ? opened.left : null).toStrictEqual({
        _tag: 'RuleBookInvalid',
        problems: [
          {
            entry: '2023-01-01',
            field: 'promptTimeoutMs',
            value: '0',
            remedy: 'write a whole number, one or more',
          },
        ],
        message:
          'The rule book cannot be used:\n  2023-01-01, promptTimeoutMs is 0: write a whole number, one or more.',
      });
      expect(existsSync(logDirectory(directory))).toBe(false);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  });
});
