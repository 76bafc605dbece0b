/**
 * The command line of Daybook. It decides nothing: it reads inputs, sends commands through the engine,
 * asks the read models and says the answers so that a person likes to read them.
 */
export { makeProgram } from './program.js';
export { runProgram, type Process } from './run.js';
