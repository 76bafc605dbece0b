import { ANSWER_TOO_LONG, type Fetch } from './answers.js';

/** A full page of comments has some 10 MB. What is counted is unpacked: a small answer may unfold to gigabytes. */
const ANSWER_BYTES_MAX = 32 * 1024 * 1024;

const read = async (answer: Response): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of (answer.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    // Leaving the loop cancels the rest.
    if (bytes > ANSWER_BYTES_MAX)
      throw Object.assign(new Error('The answer is too long.'), { name: ANSWER_TOO_LONG });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};

/** Reads each answer to its end, within the request's own time limit, and no further than a bound. */
export const boundedFetch =
  (fetch: Fetch): Fetch =>
  async (url, init) => {
    const answer = await fetch(url, init);
    if (answer.body === null) return answer;
    const body = await read(answer);
    const { status, statusText, headers } = answer;
    return new Response(body, { status, statusText, headers });
  };
