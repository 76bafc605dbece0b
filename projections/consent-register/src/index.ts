/**
 * Every consent record of a company: who was asked with which notice, what the remote side said, when it was taken
 * back and what was destroyed. Standing permissions are recorded as such; a policy is recorded as what it is, another
 * legal basis and no consent (rulebook §3). Nothing of what was said in a session is kept here.
 */
import type { ProjectionDefinition } from '@daybook/projection';
import { handledTypes, type RegisterEventType } from './events.js';
import { openConsentRegister } from './handle-events.js';
import { prepareList, type ConsentListQuery } from './list.js';
import { schema } from './schema.js';
import { prepareShow, type ShowQuery } from './show.js';

export type { RegisterEventType } from './events.js';
export type { ConsentFilter, ConsentListRequest } from './list.js';
export type { ConsentRecord } from './record.js';
export { consentStates, type ConsentState, type EntryKind } from './rows.js';
export type { ConsentEntry } from './show.js';

export type ConsentRegisterQueries = Readonly<{ list: ConsentListQuery; show: ShowQuery }>;

export const consentRegister: ProjectionDefinition<RegisterEventType, ConsentRegisterQueries> = {
  name: 'consent-register',
  version: 1,
  handles: handledTypes,
  schema,
  open: openConsentRegister,
  queries: (db) => ({ list: prepareList(db), show: prepareShow(db) }),
};
