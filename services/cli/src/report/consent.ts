import type { ReadModels } from '@daybook/engine';
import type { Style } from '../text/style.js';
import { basisInWords, listed } from '../text/words.js';

type Register = Parameters<Parameters<ReadModels['consentRegister']['read']>[0]>[0];
export type ConsentRecord = ReturnType<Register['list']>[number];

export const consentHead = [
  'Session',
  'Recorded',
  'Remote side',
  'Basis in force',
  'Ends',
  'Details',
];

const basesInWords = ({ bases }: ConsentRecord): string => {
  if (bases.length === 0) return 'none';
  const words = bases.map((basis) =>
    basis === 'policy' ? 'policy (no consent)' : basisInWords(basis),
  );
  return listed(words);
};

/** Both ends where they differ, with the more restrictive one, which holds (rulebook §2.5). */
const endsInWords = ({ accessControl }: ConsentRecord): string => {
  if (accessControl === null) return '';
  const { supporter, remote, holds } = accessControl;
  return supporter === remote
    ? holds
    : `${holds} holds over ${supporter === holds ? remote : supporter}`;
};

const detailsInWords = (record: ConsentRecord, when: (instant: number) => string): string => {
  const { notice, method, indicatedBy, withdrawnAt, destroyedItems } = record;
  const parts = [
    notice === null ? '' : `notice ${notice.version} ${notice.language}`,
    method === null ? '' : `by ${method} of ${indicatedBy ?? 'nobody named'}`,
    withdrawnAt === null ? '' : `taken back ${when(withdrawnAt)}, ${destroyedItems} destroyed`,
  ];
  return parts.filter((part) => part !== '').join(', ');
};

export const consentRow = (
  record: ConsentRecord,
  { style, when }: Readonly<{ style: Style; when: (instant: number) => string }>,
): string[] => [
  style.cyan(record.sessionId),
  when(record.openedAt),
  record.state,
  basesInWords(record),
  endsInWords(record),
  detailsInWords(record, when),
];
