/**
 * The program that is killed. Arguments: data directory, failures of the summarizer, call, before or
 * after. It writes the name of each call to standard output before making it.
 */
import { printLine } from '../print-line.js';
import { killAt } from './kill-at.js';
import { closePorts, openPorts, runThrough } from './process.js';

const [directory = '', failures = '0', call = '0', when = 'before'] = process.argv.slice(2);
const ports = await openPorts(directory, Number(failures));
const point = { call: Number(call), when: when === 'after' ? 'after' : 'before' } as const;
await runThrough(killAt(ports, point, (name) => printLine(name)));
await closePorts(ports);
