/** Whom a bulk command is about (rulebook §2.3). */
export type UserSelection =
  | Readonly<{ kind: 'all' }>
  | Readonly<{ kind: 'all-but-me' }>
  | Readonly<{ kind: 'all-but'; ids: readonly string[] }>
  | Readonly<{ kind: 'me' }>
  | Readonly<{ kind: 'list'; ids: readonly string[] }>;

/**
 * What a selection asks for: the ids that it names itself, each once and in its order, or everybody in
 * the company but some. So a large company is gone through and never gathered. Ids that the company
 * does not know are kept: each gets its own outcome, `UserNotRegistered`, instead of silence.
 */
export type SelectedUsers =
  | Readonly<{ kind: 'named'; ids: readonly string[] }>
  | Readonly<{ kind: 'everybody'; but: ReadonlySet<string> }>;

export const selectUsers = (selection: UserSelection, me: string): SelectedUsers => {
  switch (selection.kind) {
    case 'all':
      return { kind: 'everybody', but: new Set() };
    case 'all-but-me':
      return { kind: 'everybody', but: new Set([me]) };
    case 'all-but':
      return { kind: 'everybody', but: new Set(selection.ids) };
    case 'me':
      return { kind: 'named', ids: [me] };
    case 'list':
      return { kind: 'named', ids: [...new Set(selection.ids)] };
  }
};
