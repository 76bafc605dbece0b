/**
 * The relay that is killed: reads the log beside its writer and publishes it. Arguments: the log's directory, the
 * server's address, the relay's name.
 */
import { openSqliteEventReader } from '@daybook/event-store-sqlite';
import { defaultRelaySettings, startRelay } from '@daybook/publisher';
import { right } from '../synthetic/company.js';
import { brokerAt } from './broker.js';

const [directory = '', url = '', writer = ''] = process.argv.slice(2);
const store = right(await openSqliteEventReader({ directory })());
const relay = startRelay({
  store,
  broker: brokerAt(url, writer),
  writer,
  settings: { ...defaultRelaySettings, backoffMs: { first: 20, longest: 200 } },
  clock: () => Date.now(),
  random: () => Math.random(),
});
process.once('SIGTERM', () => {
  void relay.stop().then(() => store.close());
});
