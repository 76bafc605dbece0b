/**
 * Credit scenarios: lots, operations and queries that are run through the credit account in memory,
 * under the shipped rules or a change that is tried before it is dated. The format is
 * docs/schemas/what-if.schema.json; test/what-if-*.test.ts keep it true.
 */
export type { LotAnswer, QueryAnswer, ChargeAnswer } from './answers.js';
export type { ScenarioProblem } from './fields.js';
export {
  runScenario,
  tellScenario,
  type LotLeft,
  type OperationAnswer,
  type ScenarioListener,
  type WhatIf,
} from './run.js';
export { decodeScenario, operationNames, type Scenario } from './scenario.js';
