import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as E from 'fp-ts/lib/Either.js';
import { reportOf } from '../src/index.js';
import { savedPage, savedReport, SESSION, type SavedReport } from './reports.js';
import { packageFolder } from './schema.js';

const file = join(packageFolder, 'schema', 'teamviewer-reports.schema.json');
const ajv = new Ajv2020({ strict: true, allowUnionTypes: true });
const accepts = ajv.compile(JSON.parse(readFileSync(file, 'utf8')) as object);

describe('the schema of report pages', () => {
  it.each<readonly [SavedReport, boolean]>([
    [{}, true],
    [{ id: `{${SESSION}}` }, true],
    [{ userid: 1234567, deviceid: 1234567890, support_session_type: 1 }, true],
    [{ userid: null, deviceid: '', session_code: null, support_session_type: '' }, true],
    [{ start_date: '2026-06-05T08:00:00', deviceid: '1 234 567 890' }, true],
    [{ id: null }, false],
    [{ id: 'mila@example.com' }, false],
    [{ userid: 'Mila Example' }, false],
    [{ deviceid: 'MILAS-LAPTOP' }, false],
    [{ start_date: 'yesterday' }, false],
    [{ end_date: null }, false],
    [{ support_session_type: 'Meeting' }, false],
  ])('and the reader say the same of %j', (changed, isGood) => {
    const record = savedReport(changed);
    expect(accepts(JSON.parse(savedPage([record])))).toBe(isGood);
    expect(E.isRight(reportOf('outgoing', record))).toBe(isGood);
  });
});
