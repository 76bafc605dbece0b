/** A company for scripts: a Tensor plan with everything switched on and one supporter. */
import type { CompanyCommand, Engine } from '@daybook/engine';
import * as E from 'fp-ts/lib/Either.js';

/** The value of a Right; a Left is a failure of the script. */
export const right = <L, A>(either: E.Either<L, A>): A => {
  if (E.isRight(either)) return either.right;
  throw new Error(JSON.stringify(either.left));
};

export const setUpCompany = async (
  engine: Engine,
  options: Readonly<{ company: string; at: number; purchased: number }>,
): Promise<void> => {
  const { company, at, purchased } = options;
  const commands: readonly CompanyCommand[] = [
    { command: 'RegisterCompany', plan: 'tensor', timeZone: 'UTC' },
    { command: 'RegisterUser', userId: 'u-lena', role: 'supporter' },
    { command: 'ActivateAi', termsVersion: '2026-01' },
    { command: 'SetSummariesOption', path: 'outgoing', enabled: true },
    { command: 'PurchaseCredits', orderNumber: 'PO-1', amount: purchased },
  ];
  for (const command of commands) {
    const commandId = `setup/${command.command}`;
    const actor = { kind: 'administrator', id: 'u-admin' } as const;
    right(
      await engine.company({ company, actor, commandId, correlationId: commandId, at }, command),
    );
  }
};
