import { parseSetupLine } from '@daybook/engine';
import {
  entriesOf,
  readJournal,
  readTeamViewerLog,
  type LogKind,
  type LogMapping,
} from '@daybook/session-journal';
import * as E from 'fp-ts/lib/Either.js';
import type { InputFile } from './input-file.js';
import type { Item } from './item.js';
import { textLines } from './line-text.js';
import type { InputMapping } from './mapping.js';
import { reportItems } from './report-items.js';

export type { Item } from './item.js';

async function* journalItems(file: InputFile): AsyncGenerator<Item> {
  for await (const { line, bytes, result } of readJournal(file.chunks)) {
    if (E.isLeft(result)) yield { file, line, bytes, kind: 'problem', problem: result.left };
    else {
      const entries = [result.right];
      const { at } = result.right;
      yield { file, line, bytes, kind: 'entries', at, source: 'journal', entries };
    }
  }
}

async function* teamViewerItems(
  file: InputFile,
  kind: LogKind,
  mapping: LogMapping,
): AsyncGenerator<Item> {
  for await (const { line, bytes, result } of readTeamViewerLog(file.chunks, kind)) {
    if (E.isLeft(result)) yield { file, line, bytes, kind: 'problem', problem: result.left };
    else {
      const entries = entriesOf(result.right, mapping);
      const at = result.right.startedAt;
      yield { file, line, bytes, kind: 'entries', at, source: 'teamviewer-log', entries };
    }
  }
}

/** A command's company is known when it is run: a registration earlier in the input may name it. */
async function* setupItems(file: InputFile): AsyncGenerator<Item> {
  for await (const { line, bytes, text } of textLines(file.chunks)) {
    if (text.trim() === '') continue;
    const parsed = parseSetupLine('', text);
    if (E.isLeft(parsed)) {
      const { field, reason } = parsed.left;
      const problem = { line, reason, ...(field === '' ? {} : { field }) };
      yield { file, line, bytes, kind: 'problem', problem };
    } else {
      const { at } = parsed.right.call;
      yield { file, line, bytes, kind: 'command', at, setup: parsed.right };
    }
  }
}

export const itemsOf = (file: InputFile, mapping: InputMapping): AsyncIterable<Item> => {
  switch (file.format) {
    case 'journal':
      return journalItems(file);
    case 'setup':
      return setupItems(file);
    case 'teamviewer-incoming':
      return teamViewerItems(file, 'incoming', mapping);
    case 'teamviewer-outgoing':
      return teamViewerItems(file, 'outgoing', mapping);
    case 'teamviewer-reports':
      return reportItems(file, 'outgoing', mapping);
    case 'teamviewer-device-reports':
      return reportItems(file, 'incoming', mapping);
  }
};

/** One input after the other. */
export async function* inTurn(sources: readonly AsyncIterable<Item>[]): AsyncGenerator<Item> {
  for (const source of sources) yield* source;
}

/** Problems come at once; what has a time waits its turn. */
const timeOf = (item: Item): number => (item.kind === 'problem' ? -Infinity : item.at);

/**
 * Inputs merged by time, of which each is in order of time itself. At the same instant the input that
 * is named first comes first, so a company's commands stand before its sessions.
 */
export async function* byTime(sources: readonly AsyncIterable<Item>[]): AsyncGenerator<Item> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  const heads = await Promise.all(iterators.map((iterator) => iterator.next()));
  for (;;) {
    let first = -1;
    let earliest = Infinity;
    for (const [index, head] of heads.entries()) {
      if (head.done === true) continue;
      const time = timeOf(head.value);
      if (first < 0 || time < earliest) [first, earliest] = [index, time];
    }
    const head = heads[first];
    const iterator = iterators[first];
    if (head === undefined || head.done === true || iterator === undefined) return;
    yield head.value;
    heads[first] = await iterator.next();
  }
}
