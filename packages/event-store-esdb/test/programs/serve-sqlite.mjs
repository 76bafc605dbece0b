// Serves the SQLite store of a directory on a port until it is killed. Prints the port.
import { startEventStoreServer } from '@daybook/event-store-server';
import { openSqliteEventStore } from '@daybook/event-store-sqlite';

const [directory, port] = process.argv.slice(2);
const opened = await openSqliteEventStore({ directory, clock: Date.now, walBytes: 0 })();
if (opened._tag === 'Left') throw new Error(opened.left.message);
const options = { store: opened.right, host: '127.0.0.1', port: Number(port) };
const started = await startEventStoreServer(options)();
if (started._tag === 'Left') throw new Error(started.left.message);
console.log(started.right.port);
