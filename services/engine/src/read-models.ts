import { consentRegister } from '@daybook/consent-register';
import { creditLedger } from '@daybook/credit-ledger';
import { devicePolicy } from '@daybook/device-policy';
import {
  openReadModel,
  type ReadModel,
  type ReadModelMissing,
  type ReadModelUnavailable,
} from '@daybook/projection';
import { sessionHistory } from '@daybook/session-history';
import { summaryCatalog } from '@daybook/summary-catalog';
import * as E from 'fp-ts/lib/Either.js';

/** Every read model of the engine, by the name that the rest of the engine uses. */
export const definitions: Readonly<{
  creditLedger: typeof creditLedger;
  summaryCatalog: typeof summaryCatalog;
  devicePolicy: typeof devicePolicy;
  sessionHistory: typeof sessionHistory;
  consentRegister: typeof consentRegister;
}> = { creditLedger, summaryCatalog, devicePolicy, sessionHistory, consentRegister };

type QueriesOf<D> = D extends { queries: (db: never) => infer Q } ? Q : never;

export type ReadModels = Readonly<{
  [Name in keyof typeof definitions]: ReadModel<QueriesOf<(typeof definitions)[Name]>>;
}>;

export type ReadModelProblem = ReadModelMissing | ReadModelUnavailable;

/** Opens all read models for reading, each on its own connection. */
export const openReadModels = (directory: string): E.Either<ReadModelProblem, ReadModels> => {
  const ledger = openReadModel(definitions.creditLedger, directory);
  if (E.isLeft(ledger)) return ledger;
  const catalog = openReadModel(definitions.summaryCatalog, directory);
  if (E.isLeft(catalog)) return catalog;
  const policy = openReadModel(definitions.devicePolicy, directory);
  if (E.isLeft(policy)) return policy;
  const history = openReadModel(definitions.sessionHistory, directory);
  if (E.isLeft(history)) return history;
  const register = openReadModel(definitions.consentRegister, directory);
  if (E.isLeft(register)) return register;
  return E.right({
    creditLedger: ledger.right,
    summaryCatalog: catalog.right,
    devicePolicy: policy.right,
    sessionHistory: history.right,
    consentRegister: register.right,
  });
};

export const closeReadModels = (models: ReadModels): void => {
  for (const model of Object.values(models)) model.close();
};
