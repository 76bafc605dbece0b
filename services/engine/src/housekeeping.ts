import type { HandlingFailure, Refusal, Refused } from '@daybook/command-handling';
import { companyStream, creditsStream } from '@daybook/domain/kernel';
import * as E from 'fp-ts/lib/Either.js';
import * as aggregates from './aggregates.js';
import { system, type Call } from './call.js';
import { senders } from './company-commands.js';
import { ensureMonthlyGrants } from './credit-flow.js';
import type { CommandDeps } from './deps.js';

type Kept = E.Either<HandlingFailure | Refused<Refusal>, void>;

/**
 * What is due for a company's account only because time has passed: months to grant, holds to time
 * out, lapses to write down, alerts to raise. Nothing waits for it to be true; it is written down for those who listen.
 */
export const keepHouse =
  (deps: CommandDeps) =>
  async (company: string, now: number): Promise<Kept> => {
    const granted = await ensureMonthlyGrants(deps)(company, now);
    if (E.isLeft(granted)) return granted;
    const account = await deps.handler.load(aggregates.accounts, creditsStream(company))();
    if (E.isLeft(account)) return account;
    if (account.right.revision < 0) return E.right(undefined);
    const { revision } = account.right;
    // The revision names the state that was looked at: what is due there is written once, whoever looks.
    const commandId = `housekeeping/${revision}`;
    const call: Call = { company, actor: system, commandId, correlationId: commandId, at: now };
    const to = (step: string) => senders(deps, { ...call, commandId: `${commandId}/${step}` });
    const released = await to('time-outs').credits({ type: 'TimeOutHolds', now });
    if (E.isLeft(released)) return released;
    const lapsed = await to('lapses').credits({ type: 'RecordLapses', now });
    if (E.isLeft(lapsed)) return lapsed;
    const registered = await deps.handler.load(aggregates.companies, companyStream(company))();
    if (E.isLeft(registered)) return registered;
    const { state } = registered.right;
    if (state.status !== 'registered') return E.right(undefined);
    const { timeZone } = state;
    const alerted = await to('alerts').credits({ type: 'RaiseAlerts', now, timeZone });
    return E.isLeft(alerted) ? alerted : E.right(undefined);
  };
