import { specificationFor } from '@daybook/testing';
import { plain, type Actor } from '../../src/kernel/index.js';
import {
  aiMark,
  summary,
  visibilityFor,
  type GenerateSummary,
  type SummaryBody,
  type SummaryCommand,
  type SummaryEvent,
} from '../../src/summaries/index.js';

const given = specificationFor(summary);
const T = Date.UTC(2026, 9, 1, 10);

const body: SummaryBody = {
  title: 'Printer offline',
  problem: 'The till could not print receipts.',
  steps: ['Restarted the spooler', 'Replaced the cable'],
  result: 'Prints again.',
  followUps: ['Order a spare cable'],
  tags: ['printer'],
};
const byHand: SummaryBody = {
  title: 'Drucker steht',
  problem: 'Kein Bon kam heraus.',
  steps: ['Kabel getauscht'],
  result: 'Läuft.',
  followUps: [],
  tags: [],
};
const made = {
  sessionId: 's1',
  supporterId: 'u1',
  deviceId: 'd1',
  model: 'm',
  promptVersion: 'p1',
  language: 'en',
  generatedAt: T,
};

const generate = (changedRevision = 0, text = body): GenerateSummary => ({
  type: 'GenerateSummary',
  changedRevision,
  summary: made,
  body: text,
});
const edit = (
  changedRevision: number,
  changes: Partial<SummaryBody>,
  id = 'u1',
): SummaryCommand => ({
  type: 'EditSummary',
  changedRevision,
  actor: { kind: 'administrator', id },
  editedAt: T + 1,
  changes,
});
const as = (kind: Actor['kind'], id = 'u1'): Actor => ({ kind, id });
const removeAs = (actor: Actor): SummaryCommand => ({
  type: 'DeleteSummary',
  actor,
  deletedAt: T + 2,
});
const remove = removeAs(as('supporter'));
const fail = (attempt: number): SummaryCommand => ({
  type: 'RecordSummaryFailure',
  sessionId: 's1',
  reason: 'SummarizerUnavailable',
  failedAt: T,
  attempt,
});

const generated = (revision = 1, text = body): SummaryEvent => ({
  type: 'SummaryGenerated',
  data: { ...made, revision, origin: 'ai', body: plain(text) },
});
const edited = (
  changedRevision: number,
  origin: 'human' | 'mixed',
  text: SummaryBody,
): SummaryEvent => ({
  type: 'SummaryEdited',
  data: {
    revision: changedRevision + 1,
    changedRevision,
    origin,
    author: 'u1',
    editedAt: T + 1,
    language: 'en',
    body: plain(text),
  },
});
const deleted = (lastRevision: number): SummaryEvent => ({
  type: 'SummaryDeleted',
  data: { by: 'u1', deletedAt: T + 2, lastRevision },
});
const failed = (attempt: number): SummaryEvent => ({
  type: 'SummaryFailed',
  data: { sessionId: 's1', attempt, reason: 'SummarizerUnavailable', failedAt: T },
});
const staleAt = (changedRevision: number, currentRevision: number) =>
  ({ _tag: 'StaleRevision', changedRevision, currentRevision }) as const;

const retitled = { ...body, title: 'Till printer offline' };

describe('a summary is generated', () => {
  it('once for the process that asks for the first, however often it asks', () => {
    given().when(generate()).then(generated());
    given(generated()).when(generate(0, byHand)).thenNothing();
    given(generated(), edited(1, 'mixed', retitled))
      .when(generate())
      .thenNothing();
  });
  it('again in place of the revision that is named', () => {
    given(generated()).when(generate(1, byHand)).then(generated(2, byHand));
    given(generated(), edited(1, 'mixed', retitled))
      .when(generate(2, byHand))
      .then(generated(3, byHand));
  });
  it('not in place of another one: what somebody wrote meanwhile is not lost', () => {
    given(generated(), edited(1, 'mixed', retitled))
      .when(generate(1, byHand))
      .thenRefused(staleAt(1, 2));
    given(generated()).when(generate(7)).thenRefused(staleAt(7, 1));
    given().when(generate(7)).thenRefused(staleAt(7, 0));
  });
  it('or it fails, and each attempt is recorded once', () => {
    given().when(fail(1)).then(failed(1));
    given(failed(1)).when(fail(2)).then(failed(2));
    given(failed(2)).when(fail(1)).thenNothing();
    given(failed(1)).when(generate()).then(generated());
    given(failed(1), generated()).when(fail(2)).then(failed(2));
  });
});

describe('a summary is edited', () => {
  it('into a new revision that names the one it changes; what is not named stays', () => {
    given(generated())
      .when(edit(1, { title: retitled.title }))
      .then(edited(1, 'mixed', retitled));
  });
  it('not from a revision that is no longer the latest', () => {
    given(generated(), edited(1, 'mixed', retitled))
      .when(edit(1, { result: 'Works.' }))
      .thenRefused(staleAt(1, 2));
    given(generated(), edited(1, 'mixed', retitled))
      .when(edit(1, { title: retitled.title }, 'u2'))
      .thenRefused(staleAt(1, 2));
    given(generated())
      .when(edit(2, { title: 'x' }))
      .thenRefused(staleAt(2, 1));
  });
  it('not when no word changes, whatever the order of the fields', () => {
    given(generated()).when(edit(1, {})).thenNothing();
    const { title, ...rest } = body;
    given(generated(1, { ...rest, title }))
      .when(edit(1, body))
      .thenNothing();
  });
  it('only where there is one', () => {
    given()
      .when(edit(1, { title: 'x' }))
      .thenRefused({ _tag: 'SummaryNotFound' });
    given(failed(1))
      .when(edit(1, { title: 'x' }))
      .thenRefused({ _tag: 'SummaryNotFound' });
  });
});

describe('the AI marking', () => {
  it('is lifted only when a person wrote everything', () => {
    given(generated())
      .when(edit(1, byHand))
      .then(edited(1, 'human', byHand));
    const keepsTag = { ...byHand, tags: body.tags };
    given(generated())
      .when(edit(1, keepsTag))
      .then(edited(1, 'mixed', keepsTag));
  });
  it('survives a touch-up of every line', () => {
    const touched: SummaryBody = {
      title: 'PRINTER, OFFLINE!',
      problem: 'The till could not print any receipts at all.',
      steps: ['We restarted the spooler', 'Cable replaced'],
      result: 'It prints again',
      followUps: [],
      tags: [],
    };
    given(generated())
      .when(edit(1, touched))
      .then(edited(1, 'mixed', touched));
  });
  it('does not come back to what a person wrote, until a model writes again', () => {
    const more = { ...byHand, result: 'Läuft wieder.' };
    given(generated(), edited(1, 'human', byHand))
      .when(edit(2, { result: more.result }))
      .then(edited(2, 'human', more));
    given(generated(), edited(1, 'human', byHand), generated(3))
      .when(edit(3, { title: retitled.title }))
      .then(edited(3, 'mixed', retitled));
  });
  it('counts half of a line’s words as the line', () => {
    const only = (title: string): SummaryBody => ({ ...byHand, title });
    given(generated())
      .when(edit(1, only('printer kaputt')))
      .then(edited(1, 'mixed', only('printer kaputt')));
    given(generated())
      .when(edit(1, only('printer ist kaputt')))
      .then(edited(1, 'human', only('printer ist kaputt')));
  });
});

describe('a summary is deleted', () => {
  it('once, in its latest revision', () => {
    given(generated(), edited(1, 'mixed', retitled))
      .when(remove)
      .then(deleted(2));
    given().when(remove).thenRefused({ _tag: 'SummaryNotFound' });
    given(failed(1)).when(remove).thenRefused({ _tag: 'SummaryNotFound' });
  });
  it('for good: nothing is generated, edited or counted after it', () => {
    const gone = given(generated(), deleted(1));
    gone.when(generate()).thenRefused({ _tag: 'SummaryIsDeleted' });
    gone.when(generate(1)).thenRefused({ _tag: 'SummaryIsDeleted' });
    gone.when(edit(1, byHand)).thenRefused({ _tag: 'SummaryIsDeleted' });
    gone.when(fail(1)).thenNothing();
  });
  it('and no later event brings its text back', () => {
    const state = [generated(), deleted(1), generated(2), edited(2, 'mixed', retitled)].reduce(
      summary.evolve,
      summary.initialState(),
    );
    expect(state).toStrictEqual({ status: 'deleted', revision: 1, supporterId: 'u1' });
  });
});

describe('whose summary it is', () => {
  const ours = given(generated(), edited(1, 'mixed', retitled));
  const changeAs = (actor: Actor): SummaryCommand => ({
    type: 'EditSummary',
    changedRevision: 2,
    actor,
    editedAt: T + 1,
    changes: { title: body.title },
  });
  const allowed: readonly Actor[] = [as('administrator', 'ada'), as('supporter', 'u1')];
  const refused: readonly Actor[] = [
    as('supporter', 'u2'),
    as('auditor', 'u1'),
    as('remote-side', 'u1'),
    as('device', 'u1'),
  ];

  it('decides who may change it: an administrator, and the supporter of the session', () => {
    for (const actor of allowed) {
      const { data } = edited(2, 'mixed', body) as Extract<SummaryEvent, { type: 'SummaryEdited' }>;
      ours
        .when(changeAs(actor))
        .then({ type: 'SummaryEdited', data: { ...data, author: actor.id } });
    }
    for (const actor of refused)
      ours.when(changeAs(actor)).thenRefused({ _tag: 'SummaryNotTheirs', actorKind: actor.kind });
  });
  it('decides who may delete it, also after it is deleted', () => {
    ours.when(removeAs(as('system', 'daybook'))).then({
      type: 'SummaryDeleted',
      data: { by: 'daybook', deletedAt: T + 2, lastRevision: 2 },
    });
    for (const actor of refused)
      for (const state of [ours, given(generated(), deleted(1))])
        state
          .when(removeAs(actor))
          .thenRefused({ _tag: 'SummaryNotTheirs', actorKind: actor.kind });
  });
  it('is nobody’s but an administrator’s where no supporter was the company’s', () => {
    const event = generated() as Extract<SummaryEvent, { type: 'SummaryGenerated' }>;
    given({ ...event, data: { ...event.data, supporterId: null } })
      .when(remove)
      .thenRefused({ _tag: 'SummaryNotTheirs', actorKind: 'supporter' });
  });
  it('decides who may read it', () => {
    expect(
      [...allowed, ...refused, as('system')].map((actor) => visibilityFor(actor)),
    ).toStrictEqual([
      { of: 'everybody' },
      { of: 'supporter', supporterId: 'u1' },
      { of: 'supporter', supporterId: 'u2' },
      { of: 'everybody' },
      { of: 'nobody' },
      { of: 'nobody' },
      { of: 'everybody' },
    ]);
  });
});

describe('the mark of a text', () => {
  const iptc = 'http://cv.iptc.org/newscodes/digitalsourcetype';
  it('says for programs and for people what a model wrote', () => {
    const model = { model: 'm', promptVersion: 'p1' };
    expect(aiMark({ origin: 'ai', ...model })).toStrictEqual({
      aiGenerated: true,
      origin: 'ai',
      digitalSourceType: `${iptc}/trainedAlgorithmicMedia`,
      statement: 'written by AI (m, p1)',
    });
    expect(aiMark({ origin: 'mixed', model: 'm', promptVersion: null })).toStrictEqual({
      aiGenerated: true,
      origin: 'mixed',
      digitalSourceType: `${iptc}/compositeWithTrainedAlgorithmicMedia`,
      statement: 'written by AI and changed by a person (m, no prompt version)',
    });
    expect(aiMark({ origin: 'human', ...model })).toStrictEqual({
      aiGenerated: false,
      origin: 'human',
      digitalSourceType: `${iptc}/digitalCreation`,
      statement: 'written by a person',
    });
  });
});

describe('a summary knows every event and command', () => {
  it('and a forgotten one is a bug', () => {
    const state = summary.initialState();
    const event = { type: 'SummaryShared', data: {} } as unknown as SummaryEvent;
    expect(() => summary.evolve(state, event)).toThrow('Unhandled case: SummaryShared');
    const command = { type: 'ShareSummary' } as unknown as SummaryCommand;
    expect(() => summary.decide(command, state)).toThrow('Unhandled case: ShareSummary');
  });
});
