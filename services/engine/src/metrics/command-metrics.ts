import type { CommandHandler, HandlingFailure, Refused, Refusal } from '@daybook/command-handling';
import * as E from 'fp-ts/lib/Either.js';
import { Counter, Histogram, type Registry } from 'prom-client';

export const commandOutcomes = ['accepted', 'repeated', 'refused', 'conflict', 'failed'] as const;
export type CommandOutcome = (typeof commandOutcomes)[number];

type CommandAnswer = E.Either<HandlingFailure | Refused<Refusal>, Readonly<{ repeated: boolean }>>;

const outcomeOf = (answer: CommandAnswer): CommandOutcome => {
  if (E.isRight(answer)) return answer.right.repeated ? 'repeated' : 'accepted';
  switch (answer.left._tag) {
    case 'Refused':
      return 'refused';
    case 'TooManyConflicts':
      return 'conflict';
    case 'CorruptEvent':
    case 'CorruptStore':
    case 'StoreUnavailable':
      return 'failed';
  }
};

const MS = 1_000;

export type CommandMetrics = Readonly<{ observed: (handler: CommandHandler) => CommandHandler }>;

/** Every decision of the engine: those of callers, of imports and of its own processes. */
export const makeCommandMetrics = (register: Registry): CommandMetrics => {
  const registers = [register];
  const commands = new Counter({
    name: 'daybook_commands_total',
    help: 'Commands that were answered, by the name of the decision and what came of it.',
    labelNames: ['command', 'outcome'],
    registers,
  });
  const duration = new Histogram({
    name: 'daybook_command_duration_seconds',
    help: 'Time from a command to its answer, waiting and writing to disk included.',
    labelNames: ['outcome'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers,
  });
  const note = (command: string, startedAt: number, answer: CommandAnswer): void => {
    const outcome = outcomeOf(answer);
    commands.inc({ command, outcome });
    duration.observe({ outcome }, (performance.now() - startedAt) / MS);
  };
  return {
    observed: (handler) => ({
      load: handler.load,
      read: handler.read,
      handle: (request) => {
        const task = handler.handle(request);
        return async () => {
          const startedAt = performance.now();
          const answer = await task();
          note(request.command, startedAt, answer);
          return answer;
        };
      },
    }),
  };
};
