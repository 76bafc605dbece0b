// Moves pages from the write-ahead log into log.db on a connection of its own, so that the writer's thread
// never waits for it. Plain JavaScript, so that it runs from the sources and from the build alike.
import { parentPort, workerData } from 'node:worker_threads';
import Database from 'better-sqlite3';

const { path, restartWaitMs } = workerData;
const db = new Database(path, { fileMustExist: true, timeout: 0 });
// A checkpoint must sync log.db before the write-ahead log may be written over.
db.pragma('synchronous = FULL');
db.pragma('wal_autocheckpoint = 0');
db.pragma('cache_size = -1024');

const frames = (mode) => {
  db.pragma(`busy_timeout = ${mode === 'RESTART' ? restartWaitMs : 0}`);
  const [row] = db.pragma(`wal_checkpoint(${mode})`);
  return { log: row.log, checkpointed: row.checkpointed };
};

parentPort.on('message', (request) => {
  if (request === 'stop') {
    db.close();
    parentPort.close();
    return;
  }
  try {
    parentPort.postMessage({ request, ...frames(request) });
  } catch (error) {
    parentPort.postMessage({ request, log: 0, checkpointed: 0, code: error.code ?? 'UNKNOWN' });
  }
});
