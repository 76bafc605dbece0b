import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as E from 'fp-ts/lib/Either.js';
import { makeOpenAiSummarizer, PROMPT_VERSION, type SummaryInput } from '../src/index.js';

// A server on this machine speaks the chat completions API; the real client talks to it.
type Answer = (response: ServerResponse) => void;
type Received = Readonly<{ path: string; authorization: string; body: Record<string, unknown> }>;

const KEY = 'key-that-stays-here';
const SECRET_TEXT = 'words of the session';
const input: SummaryInput = {
  sessionId: 's-1',
  items: [{ kind: 'chat', speaker: 'remote-side', at: 0, text: `"] ${SECRET_TEXT}` }],
};
const body = {
  title: 'Printer offline',
  problem: 'The printer was offline.',
  steps: ['Restarted the spooler → did not help', 'Replaced the cable'],
  result: 'Solved.',
  followUps: [],
  tags: ['printing'],
};
const answered = { ...body, language: 'en' };

let server: Server;
let answers: Answer[] = [];
let received: Received[] = [];

const textOf = async (request: IncomingMessage): Promise<string> => {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
};

beforeAll(async () => {
  server = createServer((request, response) => {
    void textOf(request).then((text) => {
      received.push({
        path: request.url ?? '',
        authorization: request.headers.authorization ?? '',
        body: JSON.parse(text) as Record<string, unknown>,
      });
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      answer?.(response);
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});
beforeEach(() => {
  received = [];
});

const json =
  (status: number, value: unknown, headers: Record<string, string> = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers });
    response.end(JSON.stringify(value));
  };
const completion = (content: unknown, more: Record<string, unknown> = {}): Answer =>
  json(200, {
    id: 'c-1',
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        finish_reason: 'stop',
        ...more,
        message: { role: 'assistant', content, refusal: null, ...(more['message'] as object) },
      },
    ],
  });
const good = completion(JSON.stringify(answered));
const failing = (status: number, headers: Record<string, string> = {}): Answer =>
  json(
    status,
    { error: { message: `about: ${SECRET_TEXT}` } },
    { 'retry-after-ms': '5', ...headers },
  );

const summarized = (...given: Answer[]): Promise<E.Either<unknown, unknown>> => {
  answers = given;
  return summarizer({ maxRetries: 2, timeoutMs: 5000 });
};
const summarizer = (
  limits: Readonly<{ maxRetries: number; timeoutMs: number }>,
): Promise<E.Either<unknown, unknown>> => {
  const { port } = server.address() as AddressInfo;
  const baseUrl = `http://127.0.0.1:${port}/v1`;
  return makeOpenAiSummarizer({ baseUrl, model: 'm-1', apiKey: KEY, ...limits }).summarize(input)();
};
const unavailable = (reason: string, retryAfterMs: number | null = null): unknown =>
  E.left({ _tag: 'SummarizerUnavailable', reason, retryAfterMs });
const notPossible = (reason: string, detail: string): unknown =>
  E.left({ _tag: 'SummaryNotPossible', reason, detail });

describe('a summary by a model', () => {
  it('is asked for once, with the schema, the key and the session as data', async () => {
    expect(await summarized(good)).toStrictEqual(E.right({ body, language: 'en' }));
    expect(received).toHaveLength(1);
    const [request] = received;
    expect(request?.path).toBe('/v1/chat/completions');
    expect(request?.authorization).toBe(`Bearer ${KEY}`);
    expect(request?.body).toMatchObject({
      model: 'm-1',
      response_format: { type: 'json_schema', json_schema: { strict: true } },
    });
    const messages = request?.body['messages'] as { role: string; content: string }[];
    expect(messages.map((message) => message.role)).toStrictEqual(['system', 'user']);
    expect(JSON.parse(messages[1]?.content ?? '')).toStrictEqual([
      { speaker: 'remote-side', text: `"] ${SECRET_TEXT}` },
    ]);
    expect(messages[0]?.content).not.toContain(SECRET_TEXT);
  });

  it('names its model and its prompt', () => {
    const { model, promptVersion } = makeOpenAiSummarizer({
      baseUrl: 'http://127.0.0.1:9/v1',
      model: 'm-1',
      apiKey: KEY,
      timeoutMs: 1,
      maxRetries: 0,
    });
    expect([model, promptVersion]).toStrictEqual(['m-1', PROMPT_VERSION]);
  });
});

describe('a service in trouble', () => {
  it('is asked again after 429 and after 500', async () => {
    const made = await summarized(failing(429), failing(500), good);
    expect(made).toStrictEqual(E.right({ body, language: 'en' }));
    expect(received).toHaveLength(3);
  });
  it('that limits the rate for good is a failure worth another attempt, and says when', async () => {
    expect(await summarized(failing(429))).toStrictEqual(unavailable('rate-limited', 5));
    expect(received).toHaveLength(3);
  });
  it('that keeps failing is unavailable', async () => {
    expect(await summarized(failing(503))).toStrictEqual(unavailable('server-error', 5));
    expect(received).toHaveLength(3);
  });
  it('that does not answer, or not to the end, has timed out', async () => {
    answers = [() => undefined];
    expect(await summarizer({ maxRetries: 0, timeoutMs: 60 })).toStrictEqual(
      unavailable('timed-out'),
    );
    answers = [
      (response) => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write('{"choices":');
      },
    ];
    expect(await summarizer({ maxRetries: 0, timeoutMs: 60 })).toStrictEqual(
      unavailable('timed-out'),
    );
  });
  it('that breaks the connection is unreachable', async () => {
    answers = [(response) => response.destroy()];
    expect(await summarizer({ maxRetries: 0, timeoutMs: 5000 })).toStrictEqual(
      unavailable('unreachable'),
    );
  });
});

describe('an answer that is no summary', () => {
  it('is repaired once', async () => {
    const made = await summarized(completion('Sure! Here it is: {'), good);
    expect(made).toStrictEqual(E.right({ body, language: 'en' }));
    const messages = received[1]?.body['messages'] as { role: string; content: string }[];
    expect(messages.map((message) => message.role)).toStrictEqual([
      'system',
      'user',
      'assistant',
      'user',
    ]);
  });
  it('is asked for twice at most', async () => {
    expect(await summarized(completion('{"title"'))).toStrictEqual(
      notPossible('invalid-output', 'not JSON'),
    );
    expect(received).toHaveLength(2);
  });
  it.each<[what: string, change: Record<string, unknown>, detail: string]>([
    ['a field of another type', { steps: 'none' }, 'steps'],
    ['an empty title', { title: ' ' }, 'title'],
    ['an oversized text', { result: 'x'.repeat(801) }, 'result'],
    ['too many entries', { tags: Array.from({ length: 9 }, () => 'a') }, 'tags'],
    ['a language that is none', { language: 'English, mostly' }, 'language'],
    ['fields missing', { problem: undefined, followUps: undefined }, 'problem, followUps'],
  ])('because of %s is refused by the name of the field', async (__, change, detail) => {
    const made = await summarized(completion(JSON.stringify({ ...answered, ...change })));
    expect(made).toStrictEqual(notPossible('invalid-output', detail));
  });
  it('loses fields nobody asked for', async () => {
    const made = await summarized(completion(JSON.stringify({ ...answered, note: SECRET_TEXT })));
    expect(made).toStrictEqual(E.right({ body, language: 'en' }));
  });
  it('because it was cut off is not tried again', async () => {
    expect(await summarized(completion('{"ti', { finish_reason: 'length' }))).toStrictEqual(
      notPossible('truncated-output', 'finish_reason length'),
    );
    expect(received).toHaveLength(1);
  });
  it('because the model refused is final', async () => {
    const refusal = completion(null, { message: { refusal: SECRET_TEXT } });
    expect(await summarized(refusal)).toStrictEqual(notPossible('refused', 'refusal'));
    const filtered = completion('', { finish_reason: 'content_filter' });
    expect(await summarized(filtered)).toStrictEqual(notPossible('refused', 'refusal'));
  });
  it('because it has no choices, or is no JSON at all, is final', async () => {
    expect(await summarized(json(200, { choices: [] }))).toStrictEqual(
      notPossible('invalid-output', 'no choice'),
    );
    const broken: Answer = (response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('<html>');
    };
    expect(await summarized(broken)).toStrictEqual(
      notPossible('invalid-output', 'response is not JSON'),
    );
    expect(await summarized(json(200, null))).toStrictEqual(
      notPossible('invalid-output', 'no choice'),
    );
    const page: Answer = (response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<html>');
    };
    expect(await summarized(page)).toStrictEqual(notPossible('invalid-output', 'no choice'));
  });
  it.each([
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [400, 'rejected-request'],
    [404, 'rejected-request'],
  ])('but status %i is final and tells no text', async (status, reason) => {
    expect(await summarized(failing(status))).toStrictEqual(
      notPossible(reason, `status ${status}`),
    );
    expect(received).toHaveLength(1);
  });
});

describe('neither key nor session text', () => {
  it('is written to the console, whatever happens', async () => {
    const written: unknown[] = [];
    const methods = ['log', 'info', 'warn', 'error', 'debug'] as const;
    const spies = methods.map((method) =>
      jest.spyOn(console, method).mockImplementation((...parts: unknown[]) => {
        written.push(parts);
      }),
    );
    for (const answer of [good, failing(429), failing(401), completion('{')])
      await summarized(answer);
    for (const spy of spies) spy.mockRestore();
    expect(written).toStrictEqual([]);
  });
});
