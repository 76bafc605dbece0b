/** Whom a bulk command is about (rulebook §2.3). */
export type UserSelection =
  | Readonly<{ kind: 'all' }>
  | Readonly<{ kind: 'all-but-me' }>
  | Readonly<{ kind: 'me' }>
  | Readonly<{ kind: 'list'; ids: readonly string[] }>;

/**
 * The ids that a selection names, each once, in the order of `userIds` (or of the list). Ids that the
 * company does not know are kept: each gets its own outcome, `UserNotRegistered`, instead of silence.
 */
export const selectUsers = (
  selection: UserSelection,
  me: string,
  userIds: readonly string[],
): readonly string[] => {
  switch (selection.kind) {
    case 'all':
      return [...new Set(userIds)];
    case 'all-but-me':
      return [...new Set(userIds)].filter((id) => id !== me);
    case 'me':
      return [me];
    case 'list':
      return [...new Set(selection.ids)];
  }
};
