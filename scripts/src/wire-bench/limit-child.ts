/**
 * A server that stores and encodes nothing: it sends messages that were recorded from the real server, and answers
 * every append with a recorded answer. Its directory holds both in `messages.json`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import {
  type handleBidiStreamingCall,
  type handleServerStreamingCall,
  Server,
  ServerCredentials,
} from '@grpc/grpc-js';
import { BATCH_APPEND, READ, same } from './raw-wire.js';

type Recorded = Readonly<{ events: readonly string[]; answer: string; count: number }>;

const fromBase64 = (text: string): Buffer => Buffer.from(text, 'base64');

const method = (path: string, requestStream: boolean) => ({
  path,
  requestStream,
  responseStream: true,
  requestSerialize: same,
  requestDeserialize: same,
  responseSerialize: same,
  responseDeserialize: same,
});

const main = async (directory: string, port: number): Promise<void> => {
  const text = readFileSync(join(directory, 'messages.json'), 'utf8');
  const recorded = JSON.parse(text) as Recorded;
  const events = recorded.events.map(fromBase64);
  const answer = fromBase64(recorded.answer);

  const read: handleServerStreamingCall<Buffer, Buffer> = (call) => {
    let sent = 0;
    const send = (): void => {
      let hasRoom = true;
      while (hasRoom && sent < recorded.count) {
        hasRoom = call.write(events[sent % events.length] ?? answer);
        sent += 1;
      }
      if (sent < recorded.count) call.once('drain', send);
      else call.end();
    };
    send();
  };
  const batchAppend: handleBidiStreamingCall<Buffer, Buffer> = (call) => {
    call.on('data', () => call.write(answer));
    call.on('end', () => call.end());
  };

  const server = new Server();
  server.addService(
    { Read: method(READ, false), BatchAppend: method(BATCH_APPEND, true) },
    { Read: read, BatchAppend: batchAppend },
  );
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(
      `127.0.0.1:${String(port)}`,
      ServerCredentials.createInsecure(),
      (error, at) => (error === null ? resolve(at) : reject(error)),
    );
  });
  process.stdout.write(`${JSON.stringify({ port: bound })}\n`);
  for await (const line of createInterface({ input: process.stdin })) {
    process.stdout.write(`${JSON.stringify({ asked: line.length })}\n`);
  }
};

await main(process.argv[2] ?? '', Number(process.argv[3] ?? 0));
