import { specificationFor } from '@daybook/testing';
import { session } from '../../src/session-insights/index.js';
import {
  agreed,
  answer,
  asked,
  asking,
  at,
  awaiting,
  both,
  bothAllowed,
  byAnswer,
  byFact,
  captured,
  answered,
  allowed,
  covered,
  denied,
  destroyed,
  eligible,
  end,
  ended,
  granted,
  notEligible,
  optionOff,
  outgoing,
  permitted,
  policyLost,
  reconsider,
  refused,
  requested,
  sessionData,
  standing,
  start,
  started,
  timedOut,
  timeOut,
  withdraw,
  withdrawn,
} from './builders.js';

const given = specificationFor(session);

describe('a session starts', () => {
  it('with a question where the remote side has to confirm', () => {
    given().when(start(asking)).then(started, awaiting(0), requested(0));
  });
  it('on the standing permission, on the policy, or not eligible, and asks nobody', () => {
    given()
      .when(start(standing))
      .then(started, eligible(0, ['standing-permission']));
    given()
      .when(start(both))
      .then(started, eligible(0, ['policy']));
    given()
      .when(start(bothAllowed))
      .then(started, eligible(0, ['policy', 'standing-permission']));
    given().when(start(denied)).then(started, notEligible(0, 'denied-by-access-control'));
  });
  it('without consent, whatever the facts claim: consent is never remembered', () => {
    const command = start({ ...asking, outgoing: { ...outgoing, consent: 'granted' } });
    given().when(command).then(started, awaiting(0), requested(0));
  });
  it('once; the same start in another order of fields is the same', () => {
    const { paths, ...rest } = sessionData;
    given(...asked)
      .when({ ...start(asking), session: { ...rest, paths } })
      .thenNothing();
    given(...asked)
      .when({ ...start(asking), session: { ...sessionData, platform: 'macos' } })
      .thenRefused({ _tag: 'SessionAlreadyStarted', startedAt: at(0) });
  });
  it('before anything else', () => {
    given().when(end(1)).thenRefused({ _tag: 'SessionNotStarted' });
    given().when(answer('allowed', 1)).thenRefused({ _tag: 'SessionNotStarted' });
  });
});

describe('the prompt', () => {
  it('is answered with yes or no', () => {
    given(...asked)
      .when(answer('allowed', 10))
      .then(granted(10), eligible(10, ['consent'], byAnswer));
    given(...asked)
      .when(answer('refused', 10))
      .then(refused(10), notEligible(10, 'consent-refused', byAnswer));
  });
  it('is answered once', () => {
    given(...agreed)
      .when(answer('refused', 11))
      .thenRefused({ _tag: 'PromptAlreadyAnswered', consent: 'granted' });
    const no = [...asked, refused(10), notEligible(10, 'consent-refused', byAnswer)];
    given(...no)
      .when(answer('allowed', 11))
      .thenRefused({ _tag: 'PromptAlreadyAnswered', consent: 'refused' });
    given(...agreed)
      .when(timeOut(60))
      .thenRefused({ _tag: 'NoPromptOpen', consent: 'granted' });
  });
  it('counts as refused at the instant its time runs out', () => {
    const silent = [timedOut(60), notEligible(60, 'consent-timed-out', byAnswer)] as const;
    given(...asked)
      .when(timeOut(60))
      .then(...silent);
    given(...asked)
      .when(answer('allowed', 60))
      .then(...silent);
    given(...asked)
      .when(answer('allowed', 59.999))
      .then(granted(59.999), eligible(59.999, ['consent'], byAnswer));
    given(...asked, ...silent)
      .when(answer('allowed', 59))
      .thenRefused({ _tag: 'PromptAlreadyAnswered', consent: 'timed-out' });
  });
  it('that timed out long ago is decided with the facts of now, from now', () => {
    given(...asked)
      .when(timeOut(100, both))
      .then(
        timedOut(60),
        eligible(100, ['policy'], { ...byAnswer, outgoing: ['consent-timed-out'] }),
      );
  });
  it('closed early by the end that showed it has been refused then, never before it was asked', () => {
    given(...asked)
      .when(timeOut(30))
      .then(timedOut(30), notEligible(30, 'consent-timed-out', byAnswer));
    given(...asked)
      .when(timeOut(-5))
      .then(timedOut(0), notEligible(0, 'consent-timed-out', byAnswer));
  });
  it('takes no answer from before the question, and none where nobody was asked', () => {
    given(...asked)
      .when(answer('allowed', -1))
      .thenRefused({ _tag: 'NoPromptOpen', consent: 'not-asked' });
    given(...covered)
      .when(answer('allowed', 1))
      .thenRefused({ _tag: 'NoPromptOpen', consent: 'not-asked' });
    given(...covered)
      .when(timeOut(60))
      .thenRefused({ _tag: 'NoPromptOpen', consent: 'not-asked' });
  });
  it('that nobody answered before the end was refused by silence', () => {
    given(...asked)
      .when(end(20))
      .then(timedOut(20), notEligible(20, 'consent-timed-out', byAnswer), ended(20));
    given(...asked)
      .when(end(90))
      .then(timedOut(60), notEligible(90, 'consent-timed-out', byAnswer), ended(90));
  });
  it('does not shut out what a policy opened meanwhile', () => {
    given(...asked, eligible(20, ['policy'], byFact))
      .when(answer('refused', 30, both))
      .then(refused(30), eligible(30, ['policy'], { ...byAnswer, outgoing: ['consent-refused'] }));
  });
});

describe('consent is withdrawn', () => {
  const gone = notEligible(20, 'consent-withdrawn', byAnswer);

  it('at once, and everything gathered is destroyed, the assistant’s answers too', () => {
    given(...agreed, captured(11), allowed(12), answered(12))
      .when(withdraw(20))
      .then(withdrawn(20), gone, destroyed(20, 2));
    given(...agreed)
      .when(withdraw(20))
      .then(withdrawn(20), gone, destroyed(20, 0));
  });
  it('also where it was a standing permission', () => {
    given(...permitted, captured(1))
      .when(withdraw(20, standing))
      .then(withdrawn(20), gone, destroyed(20, 1));
    given(...permitted)
      .when(withdraw(20))
      .then(withdrawn(20), gone, destroyed(20, 0));
  });
  it('while capture is off for another reason: it must not come back', () => {
    const off = [...agreed, captured(11), notEligible(15, 'outgoing-off', byFact)];
    given(...off)
      .when(withdraw(20, optionOff))
      .then(
        withdrawn(20),
        notEligible(20, 'outgoing-off', { ...byAnswer, outgoing: ['consent-withdrawn'] }),
        destroyed(20, 1),
      );
  });
  it('where a policy holds too: the policy goes on, what rested on consent is destroyed', () => {
    const stays = eligible(20, ['policy'], { ...byAnswer, outgoing: ['consent-withdrawn'] });
    const policyToo = eligible(15, ['policy', 'consent'], byFact);
    given(...agreed, captured(11), policyToo)
      .when(withdraw(20, both))
      .then(withdrawn(20), stays, destroyed(20, 1));
    given(...agreed, policyToo, captured(16))
      .when(withdraw(20, both))
      .then(withdrawn(20), stays);
  });
  it('not where there is only a policy, and not where there is nothing', () => {
    given(...covered)
      .when(withdraw(20, both))
      .thenRefused({ _tag: 'PolicyCannotBeWithdrawn' });
    given(...asked)
      .when(withdraw(20))
      .thenRefused({ _tag: 'NothingToWithdraw', consent: 'not-asked' });
  });
  it('up to the end of the session, also when it is heard of later; not after it', () => {
    given(...agreed, captured(11), ended(20))
      .when(withdraw(20))
      .then(withdrawn(20), gone, destroyed(20, 1));
    given(...agreed, ended(20))
      .when(withdraw(21))
      .thenRefused({ _tag: 'SessionAlreadyEnded', endedAt: at(20) });
  });
  it('and no setting brings it back in this session', () => {
    given(...agreed, withdrawn(20), gone, destroyed(20, 0))
      .when(reconsider(30, standing))
      .thenNothing();
    given(...agreed, withdrawn(20), gone, destroyed(20, 0))
      .when(answer('allowed', 30))
      .thenRefused({ _tag: 'PromptAlreadyAnswered', consent: 'withdrawn' });
  });
});

describe('eligibility is decided again when a fact has changed', () => {
  it('and recorded where the outcome or a basis is another one', () => {
    given(...agreed)
      .when(reconsider(20, denied))
      .then(notEligible(20, 'denied-by-access-control', byFact));
    given(...covered)
      .when(reconsider(20, bothAllowed))
      .then(eligible(20, ['policy', 'standing-permission'], byFact));
    given(...agreed)
      .when(reconsider(20, asking))
      .thenNothing();
    given(...asked)
      .when(reconsider(20, asking))
      .thenNothing();
  });
  it('and the remote side is asked when it has to be, and was not asked before', () => {
    given(...covered)
      .when(reconsider(20, policyLost))
      .then(awaiting(20, { ...byFact, incoming: 'no-applied-policy' }), requested(20));
    given(...asked, eligible(10, ['policy'], byFact))
      .when(reconsider(20, policyLost, 3))
      .then(awaiting(20, { trigger: 'fact-changed', revision: 3, incoming: 'no-applied-policy' }));
  });
  it('and a prompt whose time had run out is written down first', () => {
    given(...asked)
      .when(reconsider(70, asking))
      .then(timedOut(60), notEligible(70, 'consent-timed-out', { ...byAnswer, revision: 2 }));
  });
  it('not with facts older than those in force, and not after the end', () => {
    const off = notEligible(20, 'outgoing-off', { trigger: 'fact-changed', revision: 7 });
    given(...agreed, off)
      .when(reconsider(15, asking, 6))
      .thenNothing();
    given(...agreed, ended(30))
      .when(reconsider(40, denied))
      .thenNothing();
  });
  it('never from before the decision that it replaces', () => {
    const off = notEligible(20, 'outgoing-off', byFact);
    given(...agreed, off)
      .when(reconsider(15, asking, 3))
      .then(eligible(20, ['consent'], { trigger: 'fact-changed', revision: 3 }));
  });
});
