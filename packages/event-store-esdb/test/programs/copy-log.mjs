// Copies the SQLite log of a directory to a served one. Prints the outcome as one line of JSON.
import { copyLog } from '@daybook/event-store';
import { makeEsdbEventStore } from '@daybook/event-store-esdb';
import { openSqliteEventStore } from '@daybook/event-store-sqlite';

const [directory, connectionString] = process.argv.slice(2);
const opened = await openSqliteEventStore({ directory, clock: Date.now, walBytes: 0 })();
if (opened._tag === 'Left') throw new Error(opened.left.message);
const target = makeEsdbEventStore({
  connectionString,
  clock: Date.now,
  random: Math.random,
});
if (target._tag === 'Left') throw new Error(target.left.message);
const copied = await copyLog({ from: opened.right, to: target.right })();
console.log(JSON.stringify(copied));
await target.right.close();
await opened.right.close();
