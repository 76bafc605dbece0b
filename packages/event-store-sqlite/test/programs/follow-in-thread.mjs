// A worker thread with a reader of its own beside the writer of the main thread: posts what it reads.
import { parentPort, workerData } from 'node:worker_threads';
import { openSqliteEventReader } from '@daybook/event-store-sqlite';

const { directory, events } = workerData;
const opened = await openSqliteEventReader({ directory })();
if (opened._tag === 'Left') throw new Error(opened.left.message);
const controller = new AbortController();
const ids = [];
parentPort.postMessage('ready');
for await (const page of opened.right.subscribe({ after: 0, signal: controller.signal })) {
  if (controller.signal.aborted) continue;
  for (const { id } of page.right.events) ids.push(id);
  if (ids.length >= events) controller.abort();
}
await opened.right.close();
parentPort.postMessage(ids);
