import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readDeliveries } from '@daybook/connectors';
import { openLogReader } from '@daybook/engine';
import { relayStatus } from '@daybook/publisher';
import { openWebhooks, publicDestinations, WEBHOOKS_FILE } from '@daybook/webhooks';
import * as E from 'fp-ts/lib/Either.js';
import { relayPartsOf, relayProblemOf } from '../commands/relay.js';
import type { Context } from '../context.js';
import { rolesOf } from '../serving/roles.js';
import { counted } from '../text/words.js';
import { failureOf } from './failure.js';

/** How a way out stands that is configured, or has ever been used. */
export type WayOut = Readonly<{ name: string; isFine: boolean; words: string }>;

const CONNECTORS_ROLE = 'connectors';

const askRelay = async (context: Context): Promise<WayOut> => {
  const name = 'relay';
  const parts = relayPartsOf(context);
  if (E.isLeft(parts)) return { name, isFine: false, words: parts.left.message };
  const log = await openLogReader(context);
  if (E.isLeft(log)) return { name, isFine: false, words: failureOf(log.left).message };
  const { broker } = parts.right;
  const asked = await relayStatus({ store: log.right, broker });
  await log.right.close();
  if (E.isLeft(asked)) return { name, isFine: false, words: relayProblemOf(asked.left).message };
  const { tail, head, differences, waitingSince } = asked.right;
  if (E.isLeft(tail)) return { name, isFine: false, words: relayProblemOf(tail.left).message };
  const waits = waitingSince === undefined ? 'nothing waits' : 'events wait';
  const settings = differences.length === 0 ? '' : '; the stream is set up differently';
  const words = `published up to position ${tail.right.position} of ${head}; ${waits}${settings}`;
  return { name, isFine: differences.length === 0, words };
};

const lookAtWebhooks = ({ directory, clock }: Context): WayOut => {
  const name = 'webhooks';
  const opened = openWebhooks({ directory, clock, rules: publicDestinations });
  if (E.isLeft(opened)) return { name, isFine: false, words: opened.left.message };
  const { list, history, close } = opened.right;
  const endpoints = list();
  const disabled = endpoints.filter((each) => each.disabled !== null).length;
  const waiting = endpoints.filter((each) => each.waiting !== null).length;
  const parked = endpoints.filter(({ id }) => history.parked(id, 1).length > 0).length;
  close();
  const words = `${counted(endpoints.length, 'endpoint')}: ${disabled} disabled, ${waiting} waiting to try again, ${parked} with parked messages`;
  return { name, isFine: disabled + parked === 0, words };
};

const lookAtConnectors = (context: Context): readonly WayOut[] => {
  const found =
    readDeliveries(context.directory, (read) =>
      read.connectors().map((one) => ({ ...one, rows: read.counts(one.connector) })),
    ) ?? [];
  if (found.length === 0 && context.config.connectorsFile !== null)
    return [{ name: CONNECTORS_ROLE, isFine: true, words: 'configured; none has run yet' }];
  return found.map(({ connector, position, rows }) => {
    const { waiting = 0, parked = 0 } = rows;
    const words = `log position ${position}; ${waiting} waiting, ${parked} parked`;
    return { name: `connector ${connector}`, isFine: parked === 0, words };
  });
};

/** Where the relay is, the broker itself is asked; the others keep it in the data directory. */
export const lookAtWaysOut = async (context: Context): Promise<readonly WayOut[]> => {
  const roles = rolesOf(context);
  const hasWebhooks = existsSync(join(context.directory, WEBHOOKS_FILE));
  return [
    ...(roles.has('relay') ? [await askRelay(context)] : []),
    ...(hasWebhooks ? [lookAtWebhooks(context)] : []),
    ...lookAtConnectors(context),
  ];
};
