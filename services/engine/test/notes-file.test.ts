import * as E from 'fp-ts/lib/Either.js';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { memoryNotes, noting, openNotes } from '../src/notes-file.js';
import { openAgenda } from '../src/scheduler/agenda.js';

// Goal: notes that cannot be used are told as such and never thrown; a bug is. Method: a file that is no
// database, and a real one that is not allowed another page.

describe('a notes file', () => {
  it('that is no database says that it may be deleted', () => {
    const directory = mkdtempSync(join(tmpdir(), 'daybook-notes-'));
    writeFileSync(join(directory, 'agenda.db'), 'this is not a database, whatever its name says');
    expect(openNotes(directory)).toStrictEqual(
      E.left({
        _tag: 'StoreUnavailable',
        reason: 'io',
        message:
          'agenda.db could not be used (SQLITE_NOTADB). It may be deleted; it is filled from the log again.',
      }),
    );
    rmSync(directory, { recursive: true });
  });

  it('whose disk is full says so, and lets a bug through', () => {
    const notes = memoryNotes();
    const agenda = openAgenda(notes, { expiryAlertDays: [] });
    notes.db.pragma('max_page_count = 1');
    const data = JSON.stringify({ requestedAt: 0, timesOutAt: 60_000 });
    const event = { id: 'x', type: 'ConsentRequested', data, metadata: '{}', revision: 0 };
    const events = Array.from({ length: 5_000 }, (_, index) => {
      const at = { position: index + 1, recordedAt: 0, stream: `session-acme_s${index}` };
      return { ...event, ...at };
    });
    expect(noting(() => agenda.apply(events, 5_000))).toMatchObject({
      left: { _tag: 'StoreUnavailable', reason: 'disk-full' },
    });
    expect(agenda.read()).toBe(0);
    const bug = (): never => {
      throw new RangeError('a bug');
    };
    expect(() => noting(bug)).toThrow(RangeError);
    notes.close();
  });
});
