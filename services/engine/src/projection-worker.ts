import * as E from 'fp-ts/lib/Either.js';
import { parentPort, workerData } from 'node:worker_threads';
import type { Place } from './config.js';
import { followReadModels } from './projections.js';

// The program of the projection thread: it follows the log until it is told to stop.
const stop = new AbortController();
parentPort?.once('message', () => stop.abort());

const result = await followReadModels(workerData as Place, stop.signal);
if (E.isLeft(result)) parentPort?.postMessage(JSON.stringify(result.left));
parentPort?.close();
