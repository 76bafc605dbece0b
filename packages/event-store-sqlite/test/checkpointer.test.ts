import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startCheckpointer } from '../src/checkpointer.js';
import { temporaryDirectory } from './temporary-directory.js';

describe('The checkpointing thread', () => {
  it('hands its work back to the writer when it dies', async () => {
    const place = temporaryDirectory();
    const happened: string[] = [];
    await new Promise<void>((resolve) => {
      // It cannot open a file that is not there.
      const checkpointer = startCheckpointer({
        path: join(place.path, 'missing.db'),
        frames: () => ({ log: 100_000, checkpointed: 0 }),
        pause: () => happened.push('pause'),
        resume: () => happened.push('resume'),
        onLost: () => {
          happened.push('lost');
          checkpointer.committed();
          void checkpointer.close().then(resolve);
        },
      });
      checkpointer.committed();
    });
    expect(happened).toStrictEqual(['resume', 'lost']);
    expect(existsSync(join(place.path, 'missing.db'))).toBe(false);
    place.remove();
  });
});
