/** A report as the Web API gives it, with everything that is personal in it. */
export type SavedReport = Readonly<Record<string, unknown>>;

export const GUID = '123AB123-AB1A-4A11-8A12-1A12A1234567';
export const SESSION = '123ab123-ab1a-4a11-8a12-1a12a1234567';

/** Nothing of these may be found behind the reader. */
export const personal = ['Mila Example', 'MILAS-LAPTOP', 'Customer Group', 'Called about her tax'];

export const savedReport = (changed: SavedReport = {}): SavedReport => ({
  id: GUID,
  userid: 'u1234567',
  username: personal[0],
  deviceid: '1234567890',
  devicename: personal[1],
  groupid: 'g76543',
  groupname: personal[2],
  support_session_type: 'RemoteConnection',
  start_date: '2026-06-05T08:00:00Z',
  end_date: '2026-06-05T08:20:30Z',
  session_code: '',
  fee: 0,
  currency: 'EUR',
  billing_state: 'Bill',
  notes: personal[3],
  ...changed,
});

export const savedPage = (
  records: readonly SavedReport[],
  beside: SavedReport = { records_remaining: 0 },
): string => JSON.stringify({ records, ...beside }, null, 2);
