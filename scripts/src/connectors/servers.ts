/** Both remote systems as local servers, with a record for each session and the failures of the rehearsal. */
import {
  type SalesforceServer,
  type ServiceNowServer,
  startSalesforceServer,
  startServiceNowServer,
} from '@daybook/connectors/rehearsal';

export type Servers = Readonly<{ serviceNow: ServiceNowServer; salesforce: SalesforceServer }>;

/** Nobody opened an incident or a case for this one. */
export const WITHOUT_RECORD = 's24-password-reset';

export const startServers = async (sessions: readonly string[]): Promise<Servers> => {
  const serviceNow = await startServiceNowServer();
  const salesforce = await startSalesforceServer();
  for (const [index, session] of sessions.entries()) {
    if (session === WITHOUT_RECORD) continue;
    const number = String(10_001 + index);
    serviceNow.addIncident({ number: `INC00${number}`, u_daybook_session: session });
    salesforce.addCase({ CaseNumber: `000${number}`, Daybook_Session__c: session });
  }
  return { serviceNow, salesforce };
};

const PATCH = { method: 'PATCH', path: /\/incident\// } as const;
const COMMENT = { method: 'POST', path: /CaseComment$/ } as const;
const soon = { 'retry-after': '1' };
const errorOf = (message: string) => ({ error: { message, detail: null }, status: 'failure' });
const codeOf = (errorCode: string) => [{ message: 'refused', errorCode, fields: [] }];

/** In the middle of the first notes: a server that fails, connections that are cut, limits that are hit. */
export const failInTheMiddle = ({ serviceNow, salesforce }: Servers): void => {
  serviceNow.faults.add(
    { ...PATCH, after: 1, does: { status: 500, body: errorOf('Internal error') } },
    { ...PATCH, after: 1, does: 'cut-after-effect' },
    {
      ...PATCH,
      after: 1,
      does: { status: 429, headers: soon, body: errorOf('Rate limit exceeded') },
    },
    { ...PATCH, after: 1, does: 'cut-before-effect' },
  );
  salesforce.faults.add(
    { ...COMMENT, after: 1, does: { status: 503, body: codeOf('SERVER_UNAVAILABLE') } },
    { ...COMMENT, after: 1, does: 'cut-after-effect' },
    {
      ...COMMENT,
      after: 1,
      does: { status: 403, headers: soon, body: codeOf('REQUEST_LIMIT_EXCEEDED') },
    },
  );
};
