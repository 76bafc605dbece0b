import { byType } from './dependencies.mjs';

const SCHEMA = `
  CREATE TABLE IF NOT EXISTS charges (
    company TEXT NOT NULL, charge_id TEXT NOT NULL, session_id TEXT NOT NULL,
    month TEXT NOT NULL, credits INTEGER NOT NULL, status TEXT NOT NULL,
    PRIMARY KEY (company, charge_id)
  ) STRICT;
  CREATE TABLE IF NOT EXISTS totals (
    company TEXT NOT NULL, month TEXT NOT NULL, credits INTEGER NOT NULL,
    PRIMARY KEY (company, month)
  ) STRICT;
`;

/** The table that this service keeps for itself. */
export const makeBilling = (database) => {
  database.exec(SCHEMA);
  const hold = database.prepare("INSERT INTO charges VALUES (?, ?, ?, ?, ?, 'held')");
  const settle = database.prepare(
    'UPDATE charges SET status = ? WHERE company = ? AND charge_id = ? RETURNING month, credits',
  );
  // Adding is what must not happen twice: the checkpoint is what makes it safe.
  const add = database.prepare(
    `INSERT INTO totals VALUES (?, ?, ?)
     ON CONFLICT DO UPDATE SET credits = credits + excluded.credits`,
  );
  const settled = (status, sign) => (company, chargeId) => {
    const { month, credits } = settle.get(status, company, chargeId);
    if (sign !== 0) add.run(company, month, sign * credits);
  };
  return {
    held: (company, { chargeId, sessionId, amount, heldAt }) =>
      hold.run(company, chargeId, sessionId, heldAt.slice(0, 7), amount),
    captured: settled('captured', 1),
    released: settled('released', 0),
    reversed: settled('reversed', -1),
  };
};

/** What is done with each event: one effect, in one transaction with its mark. */
export const handlersOf = (billing, pauseAt) => {
  const effect = (work) => async (event, context) => {
    await pauseAt('received');
    await context.checkpoint(() => work(event.company, event.data));
    await pauseAt('done');
  };
  return byType({
    'daybook.credits.credits-held.v1': effect((company, data) => {
      billing.held(company, data);
    }),
    'daybook.credits.hold-captured.v1': effect((company, data) => {
      billing.captured(company, data.chargeId);
    }),
    'daybook.credits.hold-released.v1': effect((company, data) => {
      billing.released(company, data.chargeId);
    }),
    'daybook.credits.charge-reversed.v1': effect((company, data) => {
      billing.reversed(company, data.chargeId);
    }),
  });
};
