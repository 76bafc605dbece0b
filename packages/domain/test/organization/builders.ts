import type { Actor } from '../../src/kernel/index.js';

export const ada: Actor = { kind: 'administrator', id: 'ada' };
export const sam: Actor = { kind: 'supporter', id: 'sam' };
export const olga: Actor = { kind: 'auditor', id: 'olga' };
export const directory: Actor = { kind: 'system', id: 'directory' };
