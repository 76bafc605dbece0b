import type { CommandHandler, HandlingFailure } from '@daybook/command-handling';
import { isId, streamOf, type Actor } from '@daybook/domain/kernel';
import { user, type Role, type UserEvent, type UserState } from '@daybook/domain/organization';
import * as E from 'fp-ts/lib/Either.js';
import { users } from './aggregates.js';
import { decodedEvents, type StreamReader } from './fold-stream.js';

/** Who asks to read summaries; what they may see follows from the kind (rulebook §4). */
export type Viewer = Readonly<{ kind: Role; id: string }>;

/**
 * Whoever holds the data directory: can read every file in it anyway, so is an auditor to the catalog.
 * Only programs on the directory itself may name this viewer, never a request that comes from elsewhere.
 */
export const operator: Viewer = { kind: 'auditor', id: 'operator' };

/** The company does not know a user with this id. */
export type ViewerUnknown = Readonly<{ _tag: 'ViewerUnknown'; userId: string }>;

/** The role of a user as the log has it, null for somebody whom the company does not know. */
export const roleInLog =
  (handler: CommandHandler) =>
  async (company: string, userId: string): Promise<E.Either<HandlingFailure, Role | null>> => {
    if (!isId(userId)) return E.right(null);
    const loaded = await handler.load(users, streamOf('user', company, userId))();
    return E.isLeft(loaded) ? loaded : E.right(roleOf(loaded.right.state));
  };

const roleOf = (state: UserState): Role | null =>
  state.status === 'registered' ? state.role : null;

const readUser = async (
  reader: StreamReader,
  stream: string,
): Promise<E.Either<HandlingFailure, UserState>> => {
  let state = user.initialState();
  for await (const page of decodedEvents<UserState, UserEvent>(reader, users, stream)) {
    if (E.isLeft(page)) return page;
    for (const { event } of page.right) state = user.evolve(state, event);
  }
  return E.right(state);
};

/** The viewer that a user id stands for: their role comes from the log, not from who asks. */
export const viewerFor =
  (reader: StreamReader) =>
  async (
    company: string,
    userId: Actor['id'],
  ): Promise<E.Either<HandlingFailure | ViewerUnknown, Viewer>> => {
    if (!isId(userId)) return E.left({ _tag: 'ViewerUnknown', userId });
    const state = await readUser(reader, streamOf('user', company, userId));
    if (E.isLeft(state)) return state;
    const kind = roleOf(state.right);
    return kind === null
      ? E.left({ _tag: 'ViewerUnknown', userId })
      : E.right({ kind, id: userId });
  };
