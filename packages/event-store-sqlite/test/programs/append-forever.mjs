// Appends to its streams until it is killed, and prints every acknowledgement: `<stream> <position> <ids…>`.
// Runs the built package, as a program would.
import { writeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { openSqliteEventStore } from '@daybook/event-store-sqlite';

const [directory, writers] = process.argv.slice(2);

const tick = new Int32Array(new SharedArrayBuffer(4));

/** Whole, before anything else happens; a reader that is behind is waited for. */
const say = (line) => {
  let rest = Buffer.from(`${line}\n`);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(1, rest));
    } catch (thrown) {
      if (thrown.code !== 'EAGAIN') throw thrown;
      Atomics.wait(tick, 0, 0, 1);
    }
  }
};
const opened = await openSqliteEventStore({ directory, clock: Date.now })();
if (opened._tag === 'Left') {
  say(JSON.stringify(opened.left));
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
      say(JSON.stringify(answer.left));
      process.exit(4);
    }
    say(`${stream} ${answer.right.position} ${events.map(({ id }) => id).join(' ')}`);
    next += count;
  }
};

say('ready');
await Promise.all(Array.from({ length: Number(writers) }, (_, n) => write(`note-${n}`)));
