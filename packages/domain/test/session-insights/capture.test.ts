import { specificationFor } from '@daybook/testing';
import {
  session,
  type SessionCommand,
  type SessionEvent,
} from '../../src/session-insights/index.js';
import {
  agreed,
  aiRefused,
  allow,
  allowed,
  answered,
  asked,
  assist,
  at,
  byAnswer,
  byFact,
  capture,
  captured,
  covered,
  denied,
  destroyed,
  eligible,
  end,
  ended,
  notEligible,
  refuse,
  started,
  start,
  withdrawn,
} from './builders.js';

const given = specificationFor(session);
const endedAt20 = { _tag: 'SessionAlreadyEnded', endedAt: at(20) } as const;

describe('content', () => {
  it('is captured on a basis, each item once', () => {
    given(...agreed)
      .when(capture(10))
      .then(captured(10));
    given(...covered)
      .when(capture(0))
      .then(captured(0));
    given(...agreed, captured(11), ended(20))
      .when(capture(11))
      .thenNothing();
  });
  it('is refused without a basis, for the reason there is', () => {
    given(...asked)
      .when(capture(5))
      .thenRefused({ _tag: 'NoBasis', reason: 'awaiting-consent' });
    given(started, notEligible(0, 'outgoing-off'))
      .when(capture(5))
      .thenRefused({ _tag: 'NoBasis', reason: 'outgoing-off' });
    given(...agreed, withdrawn(20), notEligible(20, 'consent-withdrawn', byAnswer))
      .when(capture(15))
      .thenRefused({ _tag: 'NoBasis', reason: 'consent-withdrawn' });
  });
  it('is refused when it is older than the basis', () => {
    const before = { _tag: 'NoBasis', reason: 'before-basis' } as const;
    given(...agreed)
      .when(capture(9.999))
      .thenRefused(before);
    given(...agreed, allowed(12))
      .when(assist(9))
      .thenRefused(before);
    given(...covered)
      .when(capture(-1))
      .thenRefused(before);
    const again = eligible(30, ['consent'], { trigger: 'fact-changed', revision: 3 });
    given(...agreed, notEligible(20, 'outgoing-off', byFact), again)
      .when(capture(25))
      .thenRefused(before);
  });
  it('keeps its basis while another one is only added', () => {
    given(...covered, eligible(20, ['policy', 'standing-permission'], byFact))
      .when(capture(15))
      .then(captured(15));
  });
  it('is refused after the end', () => {
    given(...agreed, ended(20))
      .when(capture(15))
      .thenRefused(endedAt20);
  });
  it('destroyed is not gathered again by a late repeat', () => {
    given(
      ...agreed,
      captured(11),
      withdrawn(20),
      eligible(20, ['policy'], byAnswer),
      destroyed(20, 1),
    )
      .when(capture(21, 'i1'))
      .thenNothing();
  });
});

describe('the assistant', () => {
  it('answers where a charge pays, and numbers its answers', () => {
    given(...agreed, allowed(11))
      .when(assist(12))
      .then(answered(12));
    given(...agreed, allowed(11), answered(12))
      .when(assist(13, 'm2'))
      .then(answered(13, 2, 'm2'));
  });
  it('does not answer before a charge, after a refused one, or after the end', () => {
    given(...agreed)
      .when(assist(12))
      .thenRefused({ _tag: 'AiUseNotAllowed', reason: 'not-requested' });
    given(...agreed, allowed(11), aiRefused(12))
      .when(assist(13))
      .thenRefused({ _tag: 'AiUseNotAllowed', reason: 'insufficient-credits' });
    given(...agreed, allowed(11), ended(20))
      .when(assist(12))
      .thenRefused(endedAt20);
    given(...asked)
      .when(assist(1))
      .thenRefused({ _tag: 'NoBasis', reason: 'awaiting-consent' });
  });
});

describe('AI use', () => {
  it('is allowed by a charge, and again by another after that was released', () => {
    given(...agreed)
      .when(allow(11))
      .then(allowed(11));
    given(...agreed, allowed(11))
      .when(allow(12, 'c2'))
      .then(allowed(12, 'c2'));
    given(...agreed, allowed(11), allowed(12, 'c2'))
      .when(allow(11))
      .thenNothing();
  });
  it('is refused without a basis, whoever pays', () => {
    const shut = { _tag: 'NoBasis', reason: 'awaiting-consent' } as const;
    given(...asked)
      .when(allow(1))
      .thenRefused(shut);
    given(...asked)
      .when(refuse(1))
      .thenRefused(shut);
  });
  it('for a summary comes after the end, for the assistant not', () => {
    given(...agreed, ended(20))
      .when(allow(20, 'c1', 'summary'))
      .then(allowed(20, 'c1', 'summary'));
    given(...agreed, ended(20))
      .when(refuse(20, 'summary'))
      .then(aiRefused(20, 'summary'));
    given(...agreed, ended(20))
      .when(allow(20))
      .thenRefused(endedAt20);
    given(...agreed, ended(20))
      .when(refuse(20))
      .thenRefused(endedAt20);
  });
  it('is refused once for the same reason; a later charge lifts that', () => {
    given(...agreed)
      .when(refuse(11))
      .then(aiRefused(11));
    given(...agreed, aiRefused(11))
      .when(refuse(12))
      .thenNothing();
    given(...agreed, aiRefused(11))
      .when(allow(12))
      .then(allowed(12));
    given(...agreed, aiRefused(11), allowed(12))
      .when(refuse(11))
      .thenNothing();
    given(...agreed, allowed(12))
      .when(refuse(13))
      .then(aiRefused(13));
  });
});

describe('the end', () => {
  it('comes once, and not before the start', () => {
    given(...agreed)
      .when(end(20))
      .then(ended(20));
    given(...agreed, ended(20))
      .when(end(21))
      .thenRefused(endedAt20);
    given(...agreed)
      .when(end(-1))
      .thenRefused({ _tag: 'EndBeforeStart', startedAt: at(0), endedAt: at(-1) });
  });
});

describe('a session knows every event and command', () => {
  const { initialState, evolve, decide } = session;
  const running = evolve(initialState(), started);

  it('and an impossible or forgotten one is a bug', () => {
    expect(() => evolve(initialState(), ended(1))).toThrow('SessionEnded follows SessionStarted');
    expect(() => evolve(running, started)).toThrow('a session starts once');
    const forgotten = { type: 'SessionPaused', data: {} } as unknown as SessionEvent;
    expect(() => evolve(running, forgotten)).toThrow('Unhandled case: SessionPaused');
    const unknown = { type: 'PauseSession' } as unknown as SessionCommand;
    expect(() => decide(unknown, running)).toThrow('Unhandled case: PauseSession');
  });
  it('and has at least one path', () => {
    const command = start({ ...denied, outgoing: null });
    expect(() => decide(command, initialState())).toThrow('outgoing, incoming or both');
  });
});
