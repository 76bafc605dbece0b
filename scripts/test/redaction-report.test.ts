import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hiddenWords, redactionReport } from '../src/redaction-report.js';

const real = join(__dirname, '../../../shared/data/multidogo-software/dev.tsv');
const header = 'conversationId\tturnNumber\tutteranceId\tutterance\tslot-labels\tintent';

const reportOver = (...rows: readonly string[]): ReturnType<typeof redactionReport> => {
  const folder = mkdtempSync(join(tmpdir(), 'labelled-'));
  try {
    writeFileSync(join(folder, 'turns.tsv'), [header, ...rows, ''].join('\n'));
    return redactionReport(join(folder, 'turns.tsv'));
  } finally {
    rmSync(folder, { recursive: true });
  }
};

describe('the redaction report', () => {
  it('tells hidden words from kept ones', () => {
    const after = 'and my [password] thanks'.split(' ');
    expect(hiddenWords('and my rain 4711 thanks'.split(' '), after)).toStrictEqual([
      false,
      false,
      true,
      true,
      false,
    ]);
  });

  it('counts over labelled turns, also over lines within quotes', () => {
    const report = reportOver(
      'c1\t0\tu\tthis is anna bell\tO O name name\tx',
      'c1\t2\tu\tmy password is bell 8799\tO O O password password\tx',
      'c1\t4\tu\t"hotel 40 \n food 250"\tO cost O cost\tx',
      'c2\t0\tu\tanna 65624\tname account_number\tx',
      'c2\t2\tu\tzed 10\tpassword password\tx',
    );
    expect(report).toStrictEqual({
      conversations: 2,
      turns: 5,
      announcedTurns: 1,
      announcedWords: 2,
      survivingAnnounced: [],
      announcedWordsSaidBefore: 1,
      survivingInWhole: [],
      announcedWordsElsewhere: 0,
      labelledWords: 4,
      hiddenLabelledWords: 2,
      hiddenWords: 3,
      hiddenIdentifyingWords: 1,
      hiddenAmountWords: 0,
      amountWords: 2,
      recall: 0.5,
      precision: 2 / 3,
      precisionOnIdentifiers: 1,
    });
  });

  it('names the turn of an announced secret that survives', () => {
    const report = reportOver('c1\t0\tu\tmy password is incorrect\tO O O password\tx');
    expect(report.survivingAnnounced).toStrictEqual([
      { conversationId: 'c1', turnNumber: '0', words: 1 },
    ]);
  });

  if (!existsSync(real)) {
    it('real data absent: ../shared/data/multidogo-software/dev.tsv not found', () => {
      console.warn('Not checked against labelled conversations: ../shared/data is absent.');
      expect(existsSync(real)).toBe(false);
    });
  } else {
    it('finds no announced secret in the real conversations, and no amount hidden', () => {
      const report = redactionReport(real);
      expect(report.survivingAnnounced).toStrictEqual([]);
      expect(report.survivingInWhole).toStrictEqual([]);
      expect(report.hiddenAmountWords).toBe(0);
      expect(report.announcedTurns).toBeGreaterThan(40);
      expect(report.recall).toBeGreaterThanOrEqual(0.9);
      expect(report.precision).toBeGreaterThanOrEqual(0.65);
      expect(report.precisionOnIdentifiers).toBeGreaterThanOrEqual(0.98);
    });
  }
});
