// Appends to its streams until it is killed, and prints every acknowledgement: `<stream> <position> <ids…>`.
// Runs the built package, as a program would.
import { writeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { openSqliteEventStore } from '@daybook/event-store-sqlite';

const [directory, writers] = process.argv.slice(2);
const opened = await openSqliteEventStore({ directory, clock: Date.now })();
if (opened._tag === 'Left') {
  writeSync(1, `${JSON.stringify(opened.left)}\n`);
  process.exit(3);
}
const store = opened.right;

const nextRevision = async (stream) => {
  for await (const page of store.readStream(stream, { direction: 'backwards', limit: 1 })) {
    return page.right.events[0].revision + 1;
  }
  return 0;
};

const write = async (stream) => {
  let next = await nextRevision(stream);
  for (;;) {
    const count = 1 + (next % 3);
    const events = Array.from({ length: count }, (_, index) => ({
      id: randomUUID(),
      type: 'NoteTaken',
      data: JSON.stringify('x'.repeat(500)),
      metadata: JSON.stringify({ first: next, index, count }),
    }));
    const answer = await store.append(stream, next === 0 ? 'no-stream' : next - 1, events)();
    if (answer._tag === 'Left') {
      writeSync(1, `${JSON.stringify(answer.left)}\n`);
      process.exit(4);
    }
    writeSync(1, `${stream} ${answer.right.position} ${events.map(({ id }) => id).join(' ')}\n`);
    next += count;
  }
};

writeSync(1, 'ready\n');
await Promise.all(Array.from({ length: Number(writers) }, (_, n) => write(`note-${n}`)));
