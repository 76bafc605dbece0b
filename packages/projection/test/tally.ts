import type { ProjectionDefinition } from '../src/index.js';

/** A small projection of device events, with a full-text table, that the runner's tests drive. */
export type TallyQueries = Readonly<{
  count: (company: string, device: string) => number;
}>;

type Row = { company: string; device: string; events: number; platform: string; actor: string };

export const tally = (
  version = 1,
): ProjectionDefinition<'DeviceEnrolled' | 'DeviceReleased', TallyQueries> => ({
  name: 'tally',
  version,
  handles: ['DeviceEnrolled', 'DeviceReleased'],
  schema: `
CREATE TABLE tally(company TEXT NOT NULL, device TEXT NOT NULL, events INTEGER NOT NULL, platform TEXT NOT NULL,
  actor TEXT NOT NULL, PRIMARY KEY (company, device)) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5(platform);`,
  open: (db) => {
    const load = db.prepare<[string, string], Row>(
      'SELECT * FROM tally WHERE company = ? AND device = ?',
    );
    const save = db.prepare<[Row]>(
      'INSERT OR REPLACE INTO tally VALUES (:company, :device, :events, :platform, :actor)',
    );
    const word = db.prepare('INSERT INTO words(rowid, platform) VALUES (?, ?)');
    return {
      apply: (events) => {
        for (const event of events) {
          const { company, subject: device } = event;
          const row = load.get(company, device);
          const platform = event.type === 'DeviceEnrolled' ? event.data.platform : 'released';
          save.run({
            company,
            device,
            platform: platform.toLowerCase(),
            actor: event.metadata.actor.id,
            events: (row?.events ?? 0) + 1,
          });
          word.run(event.position, platform);
        }
        return 'applied';
      },
    };
  },
  queries: (db) => {
    const count = db
      .prepare<[string, string], number>(
        'SELECT events FROM tally WHERE company = ? AND device = ?',
      )
      .pluck();
    return { count: (company, device) => count.get(company, device) ?? 0 };
  },
});
