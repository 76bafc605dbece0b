import { hash } from 'node:crypto';
import type { Actor } from '@daybook/domain/kernel';
import { InstantText, type LineProblem } from '@daybook/session-journal';
import * as E from 'fp-ts/lib/Either.js';
import type { Call } from './call.js';
import {
  decodeActor,
  decodeCompanyCommand,
  type CommandProblem,
  type CompanyCommand,
} from './company-command.js';
import type { CommandAnswer } from './deps.js';

/** One line of a setup file: a command about the company, when it was given, and by whom. */
export type SetupLine = Readonly<{ call: Call; command: CompanyCommand }>;

export type SetupOutcome = Readonly<{ line: number; command: string; answer: CommandAnswer }>;

const defaultActor: Actor = { kind: 'administrator', id: 'setup' };

const parsedObject = (
  text: string,
): E.Either<CommandProblem, Readonly<Record<string, unknown>>> => {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return E.right(value as Readonly<Record<string, unknown>>);
  } catch {
    return E.left({
      field: '',
      reason: 'is not JSON; write one command as one JSON object a line',
    });
  }
  return E.left({ field: '', reason: 'is not a JSON object; write one command a line' });
};

const callOf = (
  company: string,
  said: Readonly<{ at: number; by: Actor }>,
  command: CompanyCommand,
): Call => {
  const digest = hash('sha1', JSON.stringify([said.at, said.by, command]), 'hex');
  const commandId = `setup/${digest}`;
  return { company, actor: said.by, commandId, correlationId: commandId, at: said.at };
};

/** A line of a setup file, or the field and the reason that keep it from being one. */
export const parseSetupLine = (
  company: string,
  text: string,
): E.Either<CommandProblem, SetupLine> => {
  const object = parsedObject(text);
  if (E.isLeft(object)) return object;
  const { at, by: said, ...rest } = object.right;
  const instant = InstantText.decode(at);
  if (E.isLeft(instant))
    return E.left({
      field: 'at',
      reason: 'is not an instant; write ISO-8601 with an offset or Z, such as 2026-06-03T09:15:00Z',
    });
  const by = said === undefined ? E.right(defaultActor) : decodeActor(said);
  if (E.isLeft(by)) return by;
  const command = decodeCompanyCommand(rest);
  if (E.isLeft(command)) return command;
  const call = callOf(company, { at: instant.right, by: by.right }, command.right);
  return E.right({ call, command: command.right });
};

export type SetupDeps = Readonly<{
  run: (call: Call, command: CompanyCommand) => Promise<CommandAnswer>;
  onProblem: (problem: LineProblem) => void;
  onOutcome: (outcome: SetupOutcome) => void;
}>;

/** Runs the commands of a setup file in their order. A bad line is reported and the rest goes in. */
export const importSetup =
  (deps: SetupDeps) =>
  async (company: string, lines: AsyncIterable<string>): Promise<void> => {
    let line = 0;
    for await (const text of lines) {
      line += 1;
      if (text.trim() === '') continue;
      const parsed = parseSetupLine(company, text);
      if (E.isLeft(parsed)) {
        const { field, reason } = parsed.left;
        deps.onProblem({ line, reason, ...(field === '' ? {} : { field }) });
        continue;
      }
      const { call, command } = parsed.right;
      deps.onOutcome({ line, command: command.command, answer: await deps.run(call, command) });
    }
  };
