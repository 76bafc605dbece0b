import { makeCommandHandler } from '@daybook/command-handling';
import { ruleBook } from '@daybook/domain/rules';
import type { Call } from '../src/call.js';
import { deleteSummary, editSummary } from '../src/summary-commands.js';
import {
  AT,
  chat,
  COMPANY,
  ended,
  engineOver,
  headOf,
  memoryStore,
  right,
  setUp,
  started,
} from './in-memory-engine.js';

// Goal: what people change is stored as carefully as what was captured, and a deletion is final.

const callOf = (commandId: string): Call => ({
  company: COMPANY,
  actor: { kind: 'supporter', id: 'u-1' },
  commandId,
  correlationId: commandId,
  at: AT + 120_000,
});

const summarised = async () => {
  const store = memoryStore();
  const engine = engineOver(store);
  await setUp(engine, 1);
  right(await engine.entry(started('s1')));
  right(await engine.entry(chat('s1')));
  right(await engine.entry(ended('s1')));
  right(await engine.insights.runUntil(await headOf(store)));
  return { store, deps: { handler: makeCommandHandler({ store, ruleBook }), ruleBook, store } };
};

describe('an edit of a summary', () => {
  it('is anonymised before it is stored', async () => {
    const { store, deps } = await summarised();
    const changes = {
      title: 'Call back anna.berg@example.com',
      steps: ['Opened http://192.0.2.41/admin', 'The password is hunter2-blue'],
    };
    right(await editSummary(deps)(callOf('e1'), { sessionId: 's1', changedRevision: 1, changes }));
    let stored = '';
    for await (const page of store.readStream('summary-acme_s1'))
      stored = right(page).events.at(-1)?.data ?? '';
    const { body } = JSON.parse(stored) as {
      body: { value: { title: string; steps: readonly string[] } };
    };
    expect(body.value.title).toBe('Call back [email]');
    expect(body.value.steps).toStrictEqual(['Opened [url]', 'The password is [password]']);
  });

  it('of a revision that somebody else has replaced is refused, and so is one after the deletion', async () => {
    const { deps } = await summarised();
    const edit = { sessionId: 's1', changedRevision: 1, changes: { title: 'One' } };
    right(await editSummary(deps)(callOf('e1'), edit));
    expect(
      await editSummary(deps)(callOf('e2'), { ...edit, changes: { title: 'Two' } }),
    ).toStrictEqual({
      _tag: 'Left',
      left: {
        _tag: 'Refused',
        refusal: { _tag: 'StaleRevision', changedRevision: 1, currentRevision: 2 },
      },
    });
    right(await deleteSummary(deps)(callOf('d1'), 's1'));
    expect(await editSummary(deps)(callOf('e3'), { ...edit, changedRevision: 2 })).toStrictEqual({
      _tag: 'Left',
      left: { _tag: 'Refused', refusal: { _tag: 'SummaryIsDeleted' } },
    });
  });
});

describe('whoever changes a summary', () => {
  const edit = { sessionId: 's1', changedRevision: 1, changes: { title: 'One' } };
  const by = (id: string, kind: Call['actor']['kind']): Call => ({
    ...callOf(`by-${id}-${kind}`),
    actor: { kind, id },
  });
  const withUsers = async () => {
    const scene = await summarised();
    const engine = engineOver(scene.store);
    right(await engine.company({ command: 'RegisterUser', userId: 'u-2', role: 'supporter' }));
    right(await engine.company({ command: 'RegisterUser', userId: 'u-3', role: 'auditor' }));
    return { ...scene, engine };
  };
  const refusedAs = (actorKind: string) => ({
    _tag: 'Left',
    left: { _tag: 'Refused', refusal: { _tag: 'SummaryNotTheirs', actorKind } },
  });

  it('is held to the role that the log knows them by, and written down in it', async () => {
    const { deps, store } = await withUsers();
    for (const kind of ['administrator', 'supporter'] as const) {
      expect(await editSummary(deps)(by('u-2', kind), edit)).toStrictEqual(refusedAs('supporter'));
      expect(await editSummary(deps)(by('u-3', kind), edit)).toStrictEqual(refusedAs('auditor'));
      expect(await deleteSummary(deps)(by('u-2', kind), 's1')).toStrictEqual(
        refusedAs('supporter'),
      );
    }
    right(await editSummary(deps)(by('u-1', 'administrator'), edit));
    let metadata = '';
    for await (const page of store.readStream('summary-acme_s1'))
      metadata = right(page).events.at(-1)?.metadata ?? '';
    expect(JSON.parse(metadata)).toMatchObject({ actor: { kind: 'supporter', id: 'u-1' } });
  });

  it('has the new role at once', async () => {
    const { deps, engine } = await withUsers();
    const role = { command: 'AssignUserRole', userId: 'u-2', role: 'administrator' } as const;
    right(await engine.company(role));
    right(await editSummary(deps)(by('u-2', 'supporter'), edit));
  });
});
