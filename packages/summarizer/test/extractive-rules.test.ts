import * as E from 'fp-ts/lib/Either.js';
import type { SummaryBody } from '@daybook/domain/summaries';
import { makeExtractiveSummarizer, type SummaryItem } from '../src/index.js';

const summarizer = makeExtractiveSummarizer();

type Said = readonly [speaker: 'supporter' | 'remote-side' | 'system', text: string];
const bodyOf = async (...said: readonly Said[]): Promise<SummaryBody> => {
  const items = said.map(([speaker, text], at): SummaryItem => {
    return { kind: speaker === 'system' ? 'action' : 'chat', speaker, at, text };
  });
  const made = await summarizer.summarize({ sessionId: 's-1', items })();
  if (E.isLeft(made)) throw new Error(made.left._tag);
  return made.right.body;
};
const actions = (...texts: readonly string[]): Promise<SummaryBody> =>
  bodyOf(...texts.map((text): Said => ['system', text]));

const problem: Said = ['remote-side', 'Outlook does not open.'];
const work: Said = ['system', 'Repaired Office'];

describe('an outcome', () => {
  it.each([
    'It worked in May.',
    'It was working fine last week.',
    'It used to be working.',
    'It was working before the update.',
    'Yesterday it worked well.',
    'It worked until the update.',
    'Is it working now?',
    'It is not working well.',
    'If it works now I can go home.',
    'I hope it is fixed.',
    'I need it fixed.',
    'It works, but only in safe mode.',
    'It works on the computer of my colleague.',
    'At home everything works fine.',
    'I was told it was resolved.',
    'I think it works now.',
    'It almost works now.',
    'It had worked well.',
    'It worked the first time.',
    'It is being fixed.',
    'Now it is working on the update.',
    'It works only after a restart.',
    'It is connected to the dock.',
    'Jetzt läuft ein Update.',
    'Hat es letzte Woche funktioniert? Es funktioniert wieder nicht.',
    'Wenn es jetzt funktioniert, bin ich froh.',
  ])('is not claimed for "%s"', async (text) => {
    const { result } = await bodyOf(problem, work, ['remote-side', text]);
    expect(result).not.toMatch(/confirmed|reported/);
  });

  it.each([
    'It works now.',
    'It works now, as before.',
    'The problem is solved.',
    'It no longer crashes.',
    'I can open it again.',
    'I can print again, thanks.',
    'It is running again.',
    'That did it!',
    'Works.',
    'Jetzt funktioniert es wieder.',
    'Das Problem ist gelöst.',
    'Ça marche maintenant.',
    'Ya funciona.',
    'Ora funziona.',
    'Het werkt weer.',
    'Agora funciona.',
  ])('is quoted for "%s"', async (text) => {
    const { result } = await bodyOf(problem, work, ['remote-side', text]);
    expect(result).toBe(`The customer confirmed: “${text}”`);
  });

  it('that was said before the last step is told as that', async () => {
    const { result } = await bodyOf(problem, work, ['remote-side', 'It works now.'], work, [
      'system',
      'Restarted the computer',
    ]);
    expect(result).toBe(
      'No outcome was stated after the last step. Before it the customer said: “It works now.”',
    );
  });

  it('is not a failure that more work followed', async () => {
    const { result, steps } = await bodyOf(
      problem,
      work,
      ['remote-side', 'It still closes.'],
      ['system', 'Replaced the profile'],
    );
    expect([result, steps]).toStrictEqual([
      'Last recorded action: Replaced the profile.',
      ['Repaired Office → did not help: “It still closes.”', 'Replaced the profile.'],
    ]);
  });

  it('of the supporter stands beside what the customer says', async () => {
    const { result, steps } = await bodyOf(
      problem,
      work,
      ['remote-side', 'All 240 mails are there. You can reach me at [phone] if not.'],
      ['supporter', 'Done: the mailbox is back. Please change the password today.'],
    );
    expect([result, steps]).toStrictEqual([
      'The customer said: “All 240 mails are there.” The supporter reported: “Done: the mailbox is back.”',
      ['Repaired Office.'],
    ]);
  });

  it('that nobody names is what both said last, with who said it', async () => {
    const { result } = await bodyOf(
      problem,
      work,
      ['remote-side', 'Now it finds the offer from Thursday!'],
      ['supporter', 'Great, the rest will be indexed within the hour.'],
    );
    expect(result).toBe(
      'The customer said at the end: “Now it finds the offer from Thursday!” The supporter said: “Great, the rest will be indexed within the hour.”',
    );
  });
});

describe('a note that names its field', () => {
  it.each([
    ['Problem: disk full', 'Result: disk cleared', 'Follow-up: order a disk'],
    ['Problem: disk full', 'Outcome: disk cleared', 'Next steps: order a disk'],
    ['Störung: disk full', 'Ergebnis: disk cleared', 'Nächste Schritte: order a disk'],
    ['Problème : disk full', 'Résultat : disk cleared', 'À faire : order a disk'],
    ['Problema: disk full', 'Resultado: disk cleared', 'Seguimiento: order a disk'],
    ['Probleem: disk full', 'Resultaat: disk cleared', 'Vervolg: order a disk'],
    ['Problema: disk full', 'Risultato: disk cleared', 'Da fare: order a disk'],
  ])('goes there: %s', async (...notes) => {
    expect(await actions(notes[0], 'Deleted logs', notes[1], notes[2])).toStrictEqual({
      title: 'Disk full',
      problem: 'Disk full.',
      steps: ['Deleted logs.'],
      result: 'Recorded result: Disk cleared.',
      followUps: ['Order a disk.'],
      tags: [],
    });
  });
});

describe('a session of actions only', () => {
  it('takes its problem from the first that names an alert or error', async () => {
    const body = await actions(
      'Opened the console',
      'Signed in to files01 after the alert "Drive D: 2 % free"',
      'Started the job; it failed',
    );
    expect([body.title, body.problem, body.steps.length]).toStrictEqual([
      'Alert "Drive D: 2 % free"',
      'Signed in to files01 after the alert "Drive D: 2 % free".',
      3,
    ]);
  });
  it('without one has its first piece of work for a title, and no problem', async () => {
    const body = await actions('Signed in to the kiosk', 'Installed the firmware of the plotter');
    expect([body.title, body.problem]).toStrictEqual([
      'Installed the firmware of the plotter',
      'No problem was stated.',
    ]);
  });
});

describe('a follow-up', () => {
  const done: Said = ['system', 'Installed the driver of the manufacturer'];
  const solved: Said = ['remote-side', 'It works now.'];

  it.each([
    'I will install the driver of the manufacturer.',
    'I will give it the right to do so.',
    'I will send you the driver of the manufacturer.',
  ])('is not what was done in the session: "%s"', async (text) => {
    const { followUps } = await bodyOf(problem, ['supporter', text], done, solved);
    expect(followUps).toStrictEqual([]);
  });

  it.each([
    'I will exclude the driver from the update round tomorrow.',
    'I will order a replacement fan by Monday.',
    'Next week I will tell the manufacturer.',
    'After the session I will write to the vendor.',
    'I will correct the address on the others this afternoon.',
    'I will escalate this to the network team.',
    'Ich prüfe morgen, ob noch andere Rechner die alte Verbindung haben.',
    'Ich melde mich am Montag bei Ihnen.',
    'You should restart it once a week.',
    'Je vérifierai demain les autres postes.',
  ])('is what is left for after the session: "%s"', async (text) => {
    const body = await bodyOf(problem, ['supporter', text], done, solved);
    expect(body.followUps).toStrictEqual([`Supporter: ${text}`]);
    expect(body.steps).toStrictEqual(['Installed the driver of the manufacturer.']);
  });

  it.each([
    [
      'Please leave the computer switched on until noon.',
      'Leave the computer switched on until noon.',
    ],
    ['Please call [phone] if it drops again.', 'Call [phone] if it drops again.'],
    ['Please do not turn it off tonight.', 'Do not turn it off tonight.'],
    ['Please change the temporary password today.', 'Change the temporary password today.'],
  ])('is advice for later: "%s"', async (text, advice) => {
    const { followUps, steps } = await bodyOf(problem, done, solved, ['supporter', text]);
    expect(followUps).toStrictEqual([`Supporter: ${advice}`]);
    expect(steps).toStrictEqual(['Installed the driver of the manufacturer.']);
  });
});

describe('a step', () => {
  it('that is announced and then recorded stands once', async () => {
    const { steps } = await bodyOf(
      problem,
      ['supporter', 'I will restart the search service first.'],
      ['system', 'Restarted the Windows Search service'],
      ['supporter', 'The number still does not move, so that was not enough.'],
      ['supporter', 'I will rebuild the index.'],
      ['remote-side', 'ok'],
    );
    expect(steps).toStrictEqual([
      'Restarted the Windows Search service → did not help: “The number still does not move, so that was not enough.”',
      'Supporter: I will rebuild the index.',
    ]);
  });

  it.each([
    'I tried again, the new document is stuck too.',
    'It has just dropped again.',
    'I started a call and it crashed again after two minutes.',
    'Das hat nicht geholfen.',
    'Ça ne marche toujours pas.',
  ])('stays as a dead end after "%s"', async (text) => {
    const { steps } = await bodyOf(
      problem,
      work,
      ['remote-side', text],
      ['supporter', 'Then that did not help.'],
    );
    expect(steps).toStrictEqual([`Repaired Office → did not help: “${text}”`]);
  });
});

describe('what the remote side adds', () => {
  it('about a blocked account is the problem, no introduction', async () => {
    const blocked = 'It says that my account is blocked.';
    const body = await bodyOf(['remote-side', `I am locked out of the shop. ${blocked}`]);
    expect(body.problem).toBe(`I am locked out of the shop. ${blocked}`);
  });
  it('about how it was is a detail', async () => {
    const body = await bodyOf(
      problem,
      work,
      ['remote-side', 'Valid until 12/27. It worked in May.'],
      ['system', 'gpupdate /force'],
    );
    expect(body.steps).toStrictEqual([
      'Repaired Office.',
      'Details given: Valid until 12/27; It worked in May.',
      'gpupdate /force.',
    ]);
  });
});

describe('a title', () => {
  it.each([
    [
      'Guten Morgen, mein Laufwerk G: ist seit heute früh verschwunden, ich komme nicht an die Angebote.',
      'Mein Laufwerk G: ist seit heute früh verschwunden',
    ],
    ['Bonjour Madame, mon imprimante ne fonctionne plus.', 'Mon imprimante ne fonctionne plus'],
    ['Buenos días, no puedo abrir el correo.', 'No puedo abrir el correo'],
    ['Hello Jule, but the printer is offline.', 'Printer is offline'],
    [
      'Outlook does not find any mail that is newer than last week. I am looking for an offer to [email] and the search stays empty.',
      'Outlook does not find any mail that is newer than last week',
    ],
    ['I am looking for an offer to [email] and the search stays empty.', 'Search stays empty'],
    ['The thing is that I cannot log in.', 'Cannot log in'],
    ['[email] cannot sign in to the portal.', 'Cannot sign in to the portal'],
    [
      'My notebook has crashed with a blue screen three times this morning, always when I start a video call.',
      'Notebook has crashed with a blue screen three times this morning',
    ],
    ['[password] [email]', 'Session without a stated problem'],
  ])('of "%s" is a clean clause', async (text, title) => {
    expect((await bodyOf(['remote-side', text])).title).toBe(title);
  });
});
