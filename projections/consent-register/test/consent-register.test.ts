import { describeProjectionLaws, withReadModel, type LogEntry } from '@daybook/projection/contract';
import {
  consentRegister,
  type ConsentFilter,
  type ConsentRegisterQueries,
  type ConsentState,
  type EntryKind,
} from '../src/index.js';
import {
  answered,
  anyLog,
  asked,
  awaiting,
  decided,
  destroyed,
  ended,
  opened,
  session,
  shut,
  started,
  takenBack,
  timedOut,
} from './builders.js';

describeProjectionLaws(consentRegister, anyLog);

const registered = <A>(
  entries: readonly LogEntry[],
  ask: (queries: ConsentRegisterQueries) => A,
): Promise<A> => withReadModel(consentRegister, entries, (model) => model.read(ask).answer);

/** State, bases and history of one session's record. */
const shownAfter = (
  ...entries: readonly Parameters<typeof session>[0][]
): Promise<readonly [ConsentState, readonly string[], readonly EntryKind[]] | undefined> =>
  registered(
    entries.map((entry) => session(entry)),
    ({ show }) => {
      const found = show('acme', 's1');
      if (found === undefined) return undefined;
      const { state, bases } = found.record;
      return [state, bases, found.history.map(({ kind }) => kind)] as const;
    },
  );

describe('a consent record', () => {
  it('keeps question, answer, notice shown, withdrawal and destruction, each with its event', () =>
    registered(
      [
        session(started()),
        session(awaiting),
        session(asked),
        session(answered('ConsentGranted')),
        session(opened('consent')),
        session(takenBack),
        session(shut('consent-withdrawn')),
        session(destroyed(4)),
        session(ended),
      ],
      ({ show }) => {
        const found = show('acme', 's1');
        const recordId = found?.history[0]?.eventId ?? 'none';
        expect(found?.record).toStrictEqual({
          recordId,
          sessionId: 's1',
          supporterId: 'ann',
          deviceId: 'd1',
          state: 'withdrawn',
          bases: [],
          restsOnConsent: false,
          accessControl: {
            supporter: 'allowed',
            remote: 'after-confirmation',
            holds: 'after-confirmation',
          },
          asked: true,
          notice: { version: 'n2', language: 'en' },
          indicatedBy: 'rita',
          method: 'session-window',
          startedAt: 1000,
          openedAt: 2000,
          answeredAt: 2000,
          withdrawnAt: 3000,
          endedAt: 5000,
          destroyedItems: 4,
          entries: 6,
          position: 9,
        });
        const nothing = {
          indicatedBy: null,
          method: null,
          noticeVersion: null,
          language: null,
          items: null,
        };
        const placed = found?.history.map(({ eventId, recordedAt, ...entry }) => {
          expect([eventId.length, recordedAt]).toStrictEqual([36, entry.position * 10]);
          return entry;
        });
        const at = (ordinal: number, kind: EntryKind, position: number) => ({
          ...nothing,
          ordinal,
          kind,
          position,
          revision: position - 1,
          occurredAt: (position - 1) * 1000,
        });
        expect(placed).toStrictEqual([
          { ...at(0, 'requested', 3), noticeVersion: 'n1', language: 'de' },
          {
            ...at(1, 'granted', 4),
            indicatedBy: 'rita',
            method: 'pop-up',
            noticeVersion: 'n2',
            language: 'en',
          },
          { ...at(2, 'withdrawn', 6), indicatedBy: 'rita', method: 'session-window' },
          at(3, 'basis-ended', 7),
          { ...at(4, 'content-destroyed', 8), items: 4 },
          at(5, 'session-ended', 9),
        ]);
      },
    ));

  it('says refusal and silence apart', async () => {
    expect(
      await shownAfter(asked, answered('ConsentRefused'), shut('consent-refused')),
    ).toStrictEqual(['refused', [], ['requested', 'refused']]);
    expect(await shownAfter(asked, timedOut, shut('consent-timed-out'))).toStrictEqual([
      'timed-out',
      [],
      ['requested', 'timed-out'],
    ]);
  });

  it('records a standing permission as such and a policy as no consent', async () => {
    expect(await shownAfter(started(), opened('standing-permission'))).toStrictEqual([
      'standing-permission',
      ['standing-permission'],
      ['standing-permission'],
    ]);
    expect(await shownAfter(started(), opened('policy'))).toStrictEqual([
      'not-asked',
      ['policy'],
      ['policy-basis'],
    ]);
    expect(await shownAfter(started(), opened('policy', 'standing-permission'))).toStrictEqual([
      'standing-permission',
      ['policy', 'standing-permission'],
      ['policy-basis', 'standing-permission'],
    ]);
  });

  it('says who kept anybody from being asked', async () => {
    expect(await shownAfter(shut('nobody-to-ask'))).toStrictEqual([
      'nobody-to-ask',
      [],
      ['nobody-to-ask'],
    ]);
    expect(await shownAfter(shut('denied-by-access-control'), ended)).toStrictEqual([
      'denied',
      [],
      ['denied', 'session-ended'],
    ]);
  });

  it('is none where permission was not what decided', async () => {
    expect(await shownAfter(started(), shut('ai-not-activated'), ended)).toBeUndefined();
    expect(await shownAfter(shut('device-not-managed', 'incoming'))).toBeUndefined();
    const several = decided({
      reason: 'outgoing-off',
      reasons: [
        { path: 'outgoing', reason: 'outgoing-off' },
        { path: 'outgoing', reason: 'nobody-to-ask' },
      ],
    });
    expect(await shownAfter(several)).toBeUndefined();
  });

  it('keeps an answer when its basis ends and begins again, and the same decision adds nothing', async () => {
    expect(
      await shownAfter(
        asked,
        answered('ConsentGranted'),
        opened('consent'),
        opened('consent'),
        shut('outgoing-off'),
        opened('policy', 'consent'),
        shut('nobody-to-ask'),
      ),
    ).toStrictEqual([
      'granted',
      [],
      ['requested', 'granted', 'basis-ended', 'policy-basis', 'nobody-to-ask', 'basis-ended'],
    ]);
  });
});

describe('the register', () => {
  const log = [
    session(started(), 's1'),
    session(opened('standing-permission'), 's1'),
    session(started({ supporterId: 'bob', deviceId: 'd2' }), 's2'),
    session(opened('policy'), 's2'),
    session(started({ supporterId: null, deviceId: null }), 's3'),
    session(shut('ai-not-activated'), 's3'),
    session(asked, 's4'),
    session(opened('policy', 'standing-permission'), 's1', 'globex'),
  ];
  const ids = (queries: ConsentRegisterQueries, filter: ConsentFilter, company = 'acme') =>
    queries.list(company, { filter, limit: 10 }).map(({ sessionId }) => sessionId);

  it.each<[string, ConsentFilter, readonly string[]]>([
    ['all, newest first', {}, ['s4', 's2', 's1']],
    ['of a session', { sessionId: 's2' }, ['s2']],
    ['of a supporter', { supporterId: 'bob' }, ['s2']],
    ['of a device', { deviceId: 'd1' }, ['s1']],
    ['in a state', { state: 'not-asked' }, ['s2']],
    ['on a basis', { basis: 'standing-permission' }, ['s1']],
    ['opened in [from, to)', { openedFrom: 1000, openedTo: 3000 }, ['s1']],
  ])('lists %s', (_, filter, expected) =>
    registered(log, (queries) => expect(ids(queries, filter)).toStrictEqual(expected)),
  );

  it('pages without gap or repeat', () =>
    registered(log, ({ list }) => {
      const all = list('acme', { limit: 10 });
      const paged: unknown[] = [];
      for (let page = list('acme', { limit: 1 }); page[0] !== undefined;) {
        paged.push(page[0]);
        page = list('acme', { limit: 1, after: page[0] });
      }
      expect(paged).toStrictEqual(all);
      expect(all).toHaveLength(3);
    }));

  it('never shows another company', () =>
    registered(log, (queries) => {
      expect(ids(queries, {}, 'globex')).toStrictEqual(['s1']);
      expect(queries.show('globex', 's2')).toBeUndefined();
    }));
});
