/**
 * The sample company's summaries to both remote systems, through servers that fail, limit and forget: notes written
 * once, an edited one updated, a deleted one retracted. Exit code 1 when the final state is another.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  type ConnectorConfig,
  type Connectors,
  decodeConnectors,
  startConnectors,
} from '@daybook/connectors';
import { CLIENT } from '@daybook/connectors/rehearsal';
import type { Engine } from '@daybook/engine';
import { right } from '../synthetic/company.js';
import {
  COMPANY,
  deleteSummary,
  editSummary,
  importSamples,
  openSampleEngine,
  summarisedSessions,
} from './company.js';
import { finalState, printState, type Wanted } from './final-state.js';
import { type Killing, killAgainAndAgain, killOnce, SECRET_NAME } from './kills.js';
import { failInTheMiddle, startServers, WITHOUT_RECORD, type Servers } from './servers.js';

const HELP = `Usage: npm run connectors [-- --kills N]

Sends the sample company's summaries to local servers with the shapes of ServiceNow's Table API and
Salesforce's REST API, which fail on the way, and prints what stands there in the end.
--kills runs the connectors as programs of their own, and kills each of N with SIGKILL at its work.
`;

const EDITED = 's05-vpn-reconnects';
const DELETED = 's07-outlook-search';
const TITLE = 'The tunnel was renewed: rehearsal-canary';

const configText = ({ serviceNow, salesforce }: Servers): string => {
  const common = {
    company: COMPANY,
    clientId: CLIENT.clientId,
    clientSecret: { env: SECRET_NAME },
    startAt: 'beginning',
  };
  const connectors = [
    {
      ...common,
      name: 'servicenow',
      kind: 'servicenow',
      url: serviceNow.url,
      mapping: { by: 'field', field: 'u_daybook_session' },
      deleteJournalEntries: true,
    },
    {
      ...common,
      name: 'salesforce',
      kind: 'salesforce',
      url: salesforce.url,
      mapping: { by: 'query', query: 'Daybook_Session__c = {sessionId} AND IsClosed = false' },
    },
  ];
  return JSON.stringify({ connectors });
};

const configsFor = (servers: Servers) => {
  const environment = { [SECRET_NAME]: CLIENT.clientSecret };
  return right(decodeConnectors(configText(servers), { environment, readFile: () => null }));
};

type Starting = Readonly<{ directory: string; configs: readonly ConnectorConfig[] }>;

const start = (engine: Engine, { directory, configs }: Starting): Connectors =>
  right(
    startConnectors({
      configs,
      store: engine.store,
      directory,
      clock: Date.now,
      retryPolicy: { attemptsMax: 4, firstDelayMs: 40, factor: 2, delayMsMax: 400 },
      pausePolicy: { attemptsMax: 1, firstDelayMs: 40, factor: 2, delayMsMax: 400 },
    }),
  );

const settle = async (connectors: Connectors): Promise<void> => {
  await Promise.all(connectors.all.map((one) => one.settled()));
};

const canariesIn = (directory: string): number =>
  readdirSync(directory).filter(
    (name) =>
      name.startsWith('connectors.db') &&
      readFileSync(join(directory, name), 'latin1').includes('rehearsal-canary'),
  ).length;

const wantedState = (): Wanted => ({
  sessions: summarisedSessions(),
  edited: EDITED,
  deleted: DELETED,
  withoutRecord: WITHOUT_RECORD,
});

const isEverywhere = ({ serviceNow, salesforce }: Servers, session: string): boolean =>
  serviceNow.journal().some(({ value }) => value.includes(` session=${session} `)) &&
  salesforce.comments().some(({ CommentBody }) => CommentBody.includes(` session=${session} `));

const rehearseKilled = async (engine: Engine, killing: Killing): Promise<boolean> => {
  const { servers, directory, kills } = killing;
  const half = Math.ceil(kills / 2);
  await killAgainAndAgain({ ...killing, kills: half });
  // What is to be changed and retracted has to be there.
  await killOnce(killing, () =>
    [EDITED, DELETED].every((session) => isEverywhere(servers, session)),
  );
  await editSummary(engine, EDITED, TITLE);
  await deleteSummary(engine, DELETED);
  await killAgainAndAgain({ ...killing, kills: kills - half - 1 });
  // Nobody waits for the record that there is not: the state of everything else is what is looked at.
  const last = configsFor(servers).map((config) => ({ ...config, recordMissing: 'skip' as const }));
  const connectors = start(engine, { directory, configs: last });
  await settle(connectors);
  const state = finalState(servers, connectors.deliveries, wantedState());
  printState(state, connectors.deliveries);
  await connectors.stop();
  console.log(`\nKilled with SIGKILL: ${kills} times`);
  return state.every(({ isAsWanted }) => isAsWanted) && canariesIn(directory) === 0;
};

const rehearse = async (servers: Servers, engine: Engine, directory: string): Promise<boolean> => {
  failInTheMiddle(servers);
  const configs = configsFor(servers);
  let connectors = start(engine, { directory, configs });
  await settle(connectors);
  console.log('First notes, through a failing server, cut connections and limits:');
  const before = await Promise.all(connectors.all.map((one) => one.metrics()));
  for (const [index, { name }] of connectors.health().entries()) {
    const { delivered = 0, parked = 0 } = before[index] ?? {};
    const { retries = 0, pauses = 0 } = before[index] ?? {};
    console.log(
      `  ${name}: ${delivered} delivered, ${parked} parked, ${retries} retries, ${pauses} waits`,
    );
  }
  await connectors.stop();
  // Another process, with tokens that are no longer good and a table that was lost.
  for (const name of readdirSync(directory))
    if (name.startsWith('connectors.db')) rmSync(join(directory, name));
  servers.serviceNow.expireTokens();
  servers.salesforce.expireTokens();
  connectors = start(engine, { directory, configs });
  await settle(connectors);
  servers.serviceNow.expireTokens();
  servers.salesforce.expireTokens();
  await editSummary(engine, EDITED, TITLE);
  await deleteSummary(engine, DELETED);
  await settle(connectors);
  const state = finalState(servers, connectors.deliveries, wantedState());
  printState(state, connectors.deliveries);
  await connectors.stop();
  const faults = servers.serviceNow.faults.left() + servers.salesforce.faults.left();
  const canaries = canariesIn(directory);
  console.log(
    `\nFailures that did not happen: ${faults}; files of the table with text: ${canaries}`,
  );
  return state.every(({ isAsWanted }) => isAsWanted) && faults === 0 && canaries === 0;
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: { help: { type: 'boolean', default: false }, kills: { type: 'string', default: '0' } },
  });
  if (values.help) {
    console.log(HELP);
    return;
  }
  const directory = join(mkdtempSync(join(tmpdir(), 'daybook-connectors-')), 'data');
  importSamples(directory);
  const servers = await startServers(summarisedSessions());
  const engine = await openSampleEngine(directory);
  const kills = Number(values.kills);
  const config = configText(servers);
  const isRight =
    kills > 0
      ? await rehearseKilled(engine, { servers, directory, config, kills })
      : await rehearse(servers, engine, directory);
  await engine.close();
  await Promise.all([servers.serviceNow.close(), servers.salesforce.close()]);
  rmSync(join(directory, '..'), { recursive: true, force: true });
  console.log(isRight ? '✓ The final state is right.' : '✗ The final state is not right.');
  process.exitCode = isRight ? 0 : 1;
};

await main();
