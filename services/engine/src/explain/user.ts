import type { HandlingFailure } from '@daybook/command-handling';
import { streamOf, type EventMetadata } from '@daybook/domain/kernel';
import {
  user,
  type UserCommand,
  type UserEvent,
  type UserState,
} from '@daybook/domain/organization';
import * as E from 'fp-ts/lib/Either.js';
import { users } from '../aggregates.js';
import type { StreamReader } from '../fold-stream.js';
import { historyOf, type Explained, type ExplainedChange } from './changes.js';
import type { Moment } from './moment.js';

export type UserExplanation = Readonly<{
  userId: string;
  /** As it was at the moment; a user whom the company did not know yet is `not-registered`. */
  state: UserState;
  changes: readonly ExplainedChange<UserEvent>[];
  /** Every change comes out the same when it is decided again. */
  agrees: boolean;
}>;

const commandOf = (event: UserEvent, userId: string, { actor }: EventMetadata): UserCommand => {
  switch (event.type) {
    case 'UserRegistered':
      return { type: 'RegisterUser', role: event.data.role, actor };
    case 'UserRoleAssigned':
      return { type: 'AssignUserRole', userId, role: event.data.to, actor };
    case 'SessionLoggingSet':
      return { type: 'SetSessionLogging', userId, enabled: event.data.enabled, actor };
  }
};

const sections: Readonly<Record<UserEvent['type'], string>> = {
  UserRegistered: '§2.3',
  UserRoleAssigned: '§4',
  SessionLoggingSet: '§2.3',
};

const explainedBy = (userId: string): Explained<UserState, UserEvent> => ({
  aggregate: users,
  sectionOf: (event) => sections[event.type],
  again: (state, event, metadata) => {
    const decided = user.decide(commandOf(event, userId, metadata), state);
    return E.isLeft(decided) ? null : decided.right;
  },
});

/** Role and session logging of a user (rulebook §2.3), who set them, and whether that comes out the same. Null: never known. */
export const explainUser =
  (reader: StreamReader) =>
  async (
    company: string,
    userId: string,
    moment: Moment | null = null,
  ): Promise<E.Either<HandlingFailure, UserExplanation | null>> => {
    const stream = streamOf('user', company, userId);
    const history = await historyOf(reader, explainedBy(userId), { stream, moment });
    if (E.isLeft(history)) return history;
    const { state, changes } = history.right;
    if (changes.length === 0) return E.right(null);
    return E.right({ userId, state, changes, agrees: changes.every(({ agrees }) => agrees) });
  };
