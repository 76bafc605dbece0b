import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { SessionAnswer } from './log-proof.js';

const client = fileURLToPath(new URL('./client.js', import.meta.url));

/** One client process; resolves with what every session was answered. */
export const runClient = (
  args: readonly string[],
  onAnswer: () => void,
): Promise<readonly SessionAnswer[]> =>
  new Promise((resolve, reject) => {
    const answers: SessionAnswer[] = [];
    const process_ = spawn(process.execPath, [client, ...args], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    createInterface({ input: process_.stdout }).on('line', (line) => {
      answers.push(JSON.parse(line) as SessionAnswer);
      onAnswer();
    });
    process_.on('error', reject);
    process_.on('close', (code) => {
      if (code === 0) resolve(answers);
      else reject(new Error(`a client ended with code ${code}`));
    });
  });
