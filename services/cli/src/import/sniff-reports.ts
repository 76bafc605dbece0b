import { isReportHeader } from '@daybook/session-journal';
import { separatorOf } from '../portal/separator.js';

/** Is this JSON and not a table? */
export const isJson = (head: string): boolean => /^[\s\uFEFF]*[[{]/.test(head);

/** Does a file hold reports of the Web API or an export of them? Which of the two kinds does not show. */
export const looksLikeReports = (head: string): boolean => {
  if (isJson(head)) return /"(records|support_session_type)"\s*:/.test(head);
  const line =
    head
      .replace(/^\uFEFF/, '')
      .split(/\r?\n/)
      .find((each) => each.trim() !== '') ?? '';
  const separator = separatorOf(line);
  return isReportHeader(line.split(separator).map((cell) => cell.replace(/^"|"$/g, '')));
};
