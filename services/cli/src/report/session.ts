import { reasonInWords, type ReadModels, type SessionExplanation } from '@daybook/engine';
import type { Style } from '../text/style.js';
import { basisInWords, counted, listed } from '../text/words.js';

type Ledger = ReadModels['creditLedger'];
export type SessionView = NonNullable<
  ReturnType<Parameters<Parameters<ReadModels['sessionHistory']['read']>[0]>[0]['show']>
>;
export type Charge = ReturnType<
  Parameters<Parameters<Ledger['read']>[0]>[0]['chargesOfSession']
>[number];

/** The outcome as one word and why in few, for a line of a list. */
export const outcomeInWords = (session: SessionView, style: Style): readonly [string, string] => {
  const { outcome, basis, bases, reason } = session.eligibility;
  const named = (bases.length > 0 ? bases : [basis ?? 'consent']).map(basisInWords);
  if (outcome === 'awaiting-consent')
    return [style.yellow('waiting'), 'the remote side is being asked'];
  if (outcome !== 'eligible') return [style.dim('not summarised'), reasonOf(reason)];
  if (session.aiRefused !== null)
    return [style.yellow('not summarised'), reasonOf(session.aiRefused)];
  switch (session.summary.status) {
    case 'deleted':
      return [style.dim('deleted'), `the summary was deleted; basis: ${listed(named)}`];
    case 'failed':
      return [style.red('failed'), 'the summary could not be made'];
    case 'none':
      return session.endedAt === null
        ? [style.cyan('running'), `may be summarised: ${listed(named)}`]
        : [style.dim('not summarised'), 'nothing was captured'];
    default:
      return [style.green('summarised'), listed(named)];
  }
};

const reasonOf = (reason: SessionView['eligibility']['reason']): string =>
  reason === null ? 'no decision yet' : reasonInWords[reason];

export const chargeInWords = (charge: SessionView['charge']): string => {
  if (charge === null) return 'no charge';
  const amount = charge.amount === null ? 'credits' : counted(charge.amount, 'credit');
  return charge.status === 'captured' ? amount : `${amount} ${charge.status}`;
};

const consentWords: Readonly<Record<SessionExplanation['consent'], string>> = {
  'not-asked': 'The remote side was not asked.',
  granted: 'The remote side was asked and agreed.',
  refused: 'The remote side was asked and refused.',
  'timed-out': 'The remote side was asked and did not answer in time.',
  withdrawn: 'The remote side took its permission back.',
};

export const consentInWords = (consent: SessionExplanation['consent']): string =>
  consentWords[consent];

const accessWords = (started: SessionExplanation['started']): string => {
  const { supporterAccessControl: ours, remoteAccessControl: theirs } = started;
  return ours === theirs ? ours : `${ours} (supporter), ${theirs} (remote side)`;
};

/** The facts of a session's start, as rows of a table. */
export const startedRows = (started: SessionExplanation['started']): string[][] => [
  ['Connection', `${started.paths.join(' and ')}, by ${started.method}`],
  [
    'Supporter',
    started.supporterId === null
      ? 'somebody outside the company'
      : `${started.supporterId}${started.signedIn ? ', signed in' : ', not signed in'}`,
  ],
  [
    'Remote side',
    `${started.deviceId ?? 'a device that is not managed'}, ${started.platform}, ${
      started.module === 'quicksupport' ? 'QuickSupport module' : 'full client'
    }, ${started.attended ? 'somebody sits there' : 'nobody sits there'}`,
  ],
  ['Access control', accessWords(started)],
];
