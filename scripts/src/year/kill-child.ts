/** An engine that catches up with what is due, and kills itself at one of its effects: kill -9, no clean-up. */
import { printLine } from '../print-line.js';
import { ruleBook } from '@daybook/domain/rules';
import { defaultNotice, makeExtractiveSummarizer, openEngine, timerClock } from '@daybook/engine';
import { right } from '../synthetic/company.js';

const [directory = '', now = '0', killAt = '0'] = process.argv.slice(2);

let effects = 0;
let isCounting = false;
/** SIGKILL cannot be caught: nothing after this line happens. */
const effect = (): void => {
  if (!isCounting) return;
  effects += 1;
  if (effects === Number(killAt)) process.kill(process.pid, 'SIGKILL');
};

const clock = timerClock(() => {
  // The scheduler asks the time before and after each thing that it does.
  effect();
  return Number(now);
});

const engine = right(
  await openEngine({
    directory,
    ruleBook,
    summarizer: makeExtractiveSummarizer(),
    clock: () => {
      // The store asks the time for every append.
      effect();
      return Number(now);
    },
    timer: clock,
    notice: defaultNotice,
    summariesAtOnce: 1,
  }),
);
isCounting = true;
right(await engine.scheduler.runDue());
isCounting = false;
await engine.close();
printLine(`${effects}`);
