import { specificationFor } from '@daybook/testing';
import { creditAccount } from '../../src/credits/index.js';
import { april, grant, granted, march, may, noon, raise, raised } from './builders.js';

const given = specificationFor(creditAccount);

describe('Granting the free credits of a month', () => {
  it.each([
    ['business', 5],
    ['premium', 10],
    ['corporate', 15],
    ['tensor', 50],
  ])('gives a %s company %i credits from the first of the month to the next', (plan, amount) => {
    given().when(grant({ plan })).then(granted({ plan, amount }));
  });

  it('records a month without credits for a plan that has none, so that it is not missing', () => {
    given()
      .when(grant({ plan: 'free' }))
      .then(granted({ plan: 'free', amount: 0 }));
  });

  it('gives a month once, whoever asks, with whatever plan and from wherever in it', () => {
    given(granted())
      .when(grant({ instant: april - 1 }))
      .thenNothing();
    given(granted())
      .when(grant({ plan: 'tensor', effectiveAt: noon }))
      .thenNothing();
  });

  it('gives the next month at its first instant and not a moment before', () => {
    given(granted())
      .when(grant({ instant: april }))
      .then(
        granted({
          lotId: 'free:2025-04',
          month: '2025-04',
          effectiveAt: april,
          expiresAt: may,
        }),
      );
  });

  it('gives a missed month with its own dates', () => {
    const feb = { lotId: 'free:2025-02', month: '2025-02', expiresAt: march };
    given(granted())
      .when(grant({ instant: march - 1 }))
      .then(granted({ ...feb, effectiveAt: Date.UTC(2025, 1, 1) }));
  });

  it('counts months in the time zone of the company', () => {
    given()
      .when(grant({ instant: april - 1, timeZone: 'Asia/Tokyo' }))
      .then(
        granted({
          lotId: 'free:2025-04',
          month: '2025-04',
          effectiveAt: Date.UTC(2025, 2, 31, 15),
          expiresAt: Date.UTC(2025, 3, 30, 15),
        }),
      );
  });

  it('begins at the activation where AI is activated in mid-month', () => {
    given()
      .when(grant({ effectiveAt: noon }))
      .then(granted({ effectiveAt: noon }));
  });

  it.each([march - 1, april])('never begins a month outside of it (%i)', (effectiveAt) => {
    const run = (): unknown =>
      creditAccount.decide(grant({ effectiveAt }), creditAccount.initialState());
    expect(run).toThrow('a monthly lot begins inside its month');
  });
});

describe('Raising the grant of a month', () => {
  it('adds the difference for the rest of the month', () => {
    given(granted()).when(raise()).then(raised());
  });

  it('adds what a second upgrade brings beyond the first', () => {
    given(granted(), raised())
      .when(raise({ fromPlan: 'premium', toPlan: 'tensor' }))
      .then(
        raised({
          lotId: 'free:2025-03:2',
          fromPlan: 'premium',
          toPlan: 'tensor',
          amount: 40,
        }),
      );
  });

  it('takes nothing back at a downgrade', () => {
    given(granted({ plan: 'tensor', amount: 50 }))
      .when(raise({ fromPlan: 'tensor', toPlan: 'business' }))
      .thenNothing();
    given(granted())
      .when(raise({ toPlan: 'free' }))
      .thenNothing();
  });

  it('pays a way down and up again only once', () => {
    given(granted(), raised())
      .when(raise({ fromPlan: 'business', toPlan: 'premium' }))
      .thenNothing();
  });

  it('asks for the month to be granted first', () => {
    given(granted())
      .when(raise({ raisedAt: april }))
      .thenRefused({ _tag: 'MonthNotGranted', month: '2025-04' });
  });
});
