/**
 * One client process: sessions that start and ask the assistant once, `atOnce` of them at any time, each
 * request on a connection of its own. What was not answered is sent again, as it was: the entry names
 * its command. Arguments: base address, name, sessions, at once, instant. Says a line for each session.
 */
import { setTimeout as passed } from 'node:timers/promises';
import { printLine } from '../print-line.js';
import { startedEntry } from './started-entry.js';

const [base = '', name = '', sessions = '0', atOnce = '1', at = ''] = process.argv.slice(2);
const RETRIES_MAX = 2_000;
const RETRY_MS = 20;

type Answered = Readonly<{ status: number; body: Record<string, unknown> }>;

const send = async (entry: Readonly<Record<string, unknown>>): Promise<Answered> => {
  for (let retries = 0; retries < RETRIES_MAX; retries += 1) {
    try {
      const answer = await fetch(`${base}/journal`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(entry),
      });
      const body = (await answer.json()) as Record<string, unknown>;
      if (answer.status < 500) return { status: answer.status, body };
    } catch {
      // The server was killed: nobody knows what became of the request.
    }
    await passed(RETRY_MS);
  }
  throw new Error('the server does not come back');
};

/** The message is sent twice: the second answer must be the first. */
const runSession = async (session: string): Promise<void> => {
  const start = await send(startedEntry(session, at));
  if (start.status !== 200) throw new Error(`a session was not started: ${start.status}`);
  const message = {
    entry: 'assistant-message',
    session,
    at,
    text: 'Check the driver.',
    item: 'a1',
  };
  const { status, body } = await send(message);
  const again = await send(message);
  const refusal = (body['refusal'] as Record<string, unknown> | undefined)?.['reason'];
  const said = { session, status, refusal, position: body['position'], again: again.status };
  printLine(JSON.stringify(said));
};

let next = 0;
const worker = async (): Promise<void> => {
  while (next < Number(sessions)) {
    next += 1;
    await runSession(`${name}-${next}`);
  }
};
await Promise.all(Array.from({ length: Number(atOnce) }, worker));
