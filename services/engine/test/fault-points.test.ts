import { countCalls, crashAt, faultPoints, untilDeath, type FaultPorts } from './fault-points.js';
import { instantSummarizer, memoryCheckpoints, memoryStore, right } from './in-memory-engine.js';

// Goal: the harness kills where it says, and nothing of a killed process gets through. Method: a process
// of three effects, killed on both sides of each.

const EVENT = { id: '00000000-0000-8000-8000-000000000001', type: 'T', data: '{}', metadata: '{}' };

const makePorts = () => ({
  store: memoryStore(),
  checkpoints: memoryCheckpoints(),
  summarizer: instantSummarizer,
});

const work = async ({ store, checkpoints, summarizer }: FaultPorts): Promise<string> => {
  if (summarizer === undefined) throw new Error('no summarizer');
  right(await summarizer.summarize({ sessionId: 's1', items: [] })());
  right(await store.append('x-1', 'no-stream', [EVENT])());
  right(checkpoints.write('p', 1));
  return 'done';
};

const NAMES = ['summarize s1', 'append x-1 T', 'checkpoints write'];

describe('the fault points of a process', () => {
  it('are its calls with an effect, by name and in order', async () => {
    const { ports, calls } = countCalls(makePorts());
    expect(await work(ports)).toBe('done');
    expect(calls).toStrictEqual(NAMES);
  });

  it.each(faultPoints(NAMES))('kill it $when $name', async (point) => {
    const disk = makePorts();
    const { ports, died } = crashAt(point, disk);
    expect(await untilDeath(died, () => work(ports))).toStrictEqual({ died: point.name });
    const effects = point.call - (point.when === 'before' ? 1 : 0);
    const head = right(await disk.store.head()());
    expect([head, disk.checkpoints.read('p')]).toStrictEqual([
      effects >= 2 ? 1 : 0,
      effects >= 3 ? 1 : 0,
    ]);
    expect(() => ports.checkpoints.write('p', 9)).toThrow('the process is dead');
  });

  it('let it live when there are not so many calls', async () => {
    const { ports, died } = crashAt({ call: 4, when: 'before' }, makePorts());
    expect(await untilDeath(died, () => work(ports))).toStrictEqual({ ended: 'done' });
  });
});
