import { isCommandEvent } from '@daybook/domain/all-events';
import { law } from '@daybook/testing';
import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { explainSession } from '../src/index.js';
import { COMPANY, headOf, right } from './in-memory-engine.js';
import {
  chargeFaults,
  gateFaults,
  loggedOf,
  policyFaults,
  ruleFaults,
  type Logged,
} from './histories/log-walk.js';
import { history, type Operation } from './histories/operations.js';
import { differingStreams } from './histories/replay.js';
import { replacedFacts } from './histories/replaced-facts.js';
import { changingRules } from './histories/rules.js';
import { runHistory, type Ran, type World } from './histories/run.js';

/*
 * Laws of the whole engine over random histories: every command and every journal line, whoever sends
 * it, at arbitrary instants, late, twice and out of order, while the rules change. What may be in the
 * log is told from the log alone.
 */
const LENGTH = 25;

/** Decisions that do not come out the same when they are evaluated again (rulebook §6). */
const disagreements = async (world: World): Promise<readonly string[]> => {
  const explain = explainSession({ reader: world.engine.store, ruleBook: changingRules });
  const found: string[] = [];
  for (const sessionId of ['s-1', 's-2']) {
    const explained = right(await explain(COMPANY, sessionId));
    for (const { position, agrees } of explained?.decisions ?? [])
      if (!agrees) found.push(`#${position} of ${sessionId}`);
  }
  return found;
};

type FaultsOf = (
  log: readonly Logged[],
  world: World,
) => readonly string[] | Promise<readonly string[]>;

/** What holds of the log that any history leaves, and what finds out. One history is looked at by all. */
const laws: Readonly<Record<string, FaultsOf>> = {
  'no text, no AI use and no summary is without a basis at its time': gateFaults,
  'no text is taken in on facts that the log had replaced before it': async (log, world) =>
    replacedFacts(await world.log(), log, changingRules),
  'a session has one summary at most, each revision made once, and one charge at a time':
    chargeFaults,
  'no event was decided by rules of later, nor by rules of before its time': (log) =>
    ruleFaults(log, changingRules),
  'a device has one policy in effect at most, and that of its source': policyFaults,
  'every decision comes out the same when it is evaluated again': (_log, world) =>
    disagreements(world),
};

/** In a thousand histories each of these has happened, or the laws would be about nothing. */
const happening = [
  'ContentCaptured',
  'AssistantMessageAnswered',
  'SummaryGenerated',
  'SummaryDeleted',
  'UserRoleAssigned',
  'made again',
  'ConsentRequested',
  'ConsentGranted',
  'ConsentRefused',
  'ConsentTimedOut',
  'ConsentWithdrawn',
  'CapturedContentDestroyed',
  'AiUseAllowed',
  'CreditsHeld',
  'HoldCaptured',
  'HoldReleased',
  'MonthlyCreditsGranted',
  'PolicyApplied',
  'PolicyWithdrawn',
  'DeviceReleased',
];

describe('after any history', () => {
  law(
    [...Object.keys(laws), 'a command that comes again has its answer'].join('; '),
    async (trial) => {
      const seen = new Set<string>();
      await fc.assert(
        fc.asyncProperty(history(LENGTH), async (one) => {
          const accepted: Ran[] = [];
          const world = await runHistory(one, (_, ran) => {
            if (ran.operation.does === 'command' && E.isRight(ran.answer)) accepted.push(ran);
            return Promise.resolve();
          });
          const log = (await world.log()).map(loggedOf);
          for (const { type, data } of log)
            seen.add(type === 'SummaryGenerated' && data['revision'] !== 1 ? 'made again' : type);
          for (const [name, faultsOf] of Object.entries(laws)) {
            const faults = await faultsOf(log, world);
            expect({ name, faults }).toStrictEqual({ name, faults: [] });
          }
          for (const { operation, name } of accepted) {
            await world.run(operation, name);
            const changes = (await world.log()).slice(log.length).map(({ type }) => type);
            expect({ operation, changes }).toStrictEqual({ operation, changes: [] });
          }
        }),
        trial,
      );
      if (trial.numRuns >= 1_000)
        expect(happening.filter((type) => !seen.has(type))).toStrictEqual([]);
    },
  );
});

/**
 * Not what works off the log: a second run finds what arrived during the first. A summary that could not
 * be made again may be asked for again, and then it is made.
 */
const isRepeatable = ({ operation, answer }: Ran): boolean =>
  operation.does !== 'insights' && (operation.does !== 'regenerate' || E.isRight(answer));
/** Another command with the same content may be noted as one that changed nothing. */
const isOfDomain = ({ type }: Readonly<{ type: string }>): boolean => !isCommandEvent(type);
/** An import is repeated as a whole: its lines name their own commands. Another wish for a summary is another one. */
const isOneCommand = ({ does }: Operation): boolean => does !== 'import' && does !== 'regenerate';

describe('during any history', () => {
  law('the state in memory is the replay of the log so far, of every stream', async (trial) => {
    await fc.assert(
      fc.asyncProperty(history(LENGTH), async (one) => {
        let looked = 0;
        await runHistory(one, async ({ engine, log }) => {
          const events = (await log()).slice(looked);
          looked += events.length;
          expect(await differingStreams(engine, events)).toStrictEqual([]);
        });
      }),
      trial,
    );
  });
  law('a command that comes again changes nothing, by its id or by its content', async (trial) => {
    await fc.assert(
      fc.asyncProperty(history(LENGTH), async (one) => {
        await runHistory(one, async (world, ran) => {
          if (!isRepeatable(ran)) return;
          const { operation, name, answer } = ran;
          const head = await headOf(world.engine.store);
          await world.run(operation, name);
          expect({ operation, head: await headOf(world.engine.store) }).toStrictEqual({
            operation,
            head,
          });
          if (E.isLeft(answer) || !isOneCommand(operation)) return;
          await world.run(operation, `${name}/again`);
          const changes = (await world.log()).slice(head).filter(isOfDomain);
          expect({ operation, changes }).toStrictEqual({ operation, changes: [] });
        });
      }),
      trial,
    );
  });
});
