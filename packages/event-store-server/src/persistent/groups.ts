import * as E from 'fp-ts/lib/Either.js';
import type { StoredEvent } from '@daybook/event-store';
import type { WriteAnswer } from '../writes.js';
import {
  type Definition,
  type DefinitionDeps,
  groupStream,
  loadCheckpoint,
  loadDefinition,
  parkEvent,
  saveCheckpoint,
} from './definitions.js';
import { type Group, makeGroup } from './group.js';
import type { GroupName } from './requests.js';
import { logSource, streamSource } from './sources.js';

export type OpenGroup = Readonly<{ group: Group; definition: Definition }>;

/** The groups that have had consumers since the server started. */
export type Groups = Readonly<{
  /** Undefined when nobody made it. */
  find: (name: GroupName) => WriteAnswer<OpenGroup | undefined>;
  forget: (name: GroupName) => void;
  close: () => void;
}>;

const open = async (deps: DefinitionDeps, name: GroupName): WriteAnswer<OpenGroup | undefined> => {
  const definition = await loadDefinition(deps, name);
  if (E.isLeft(definition)) return definition;
  const known = definition.right;
  if (known === undefined) return E.right(undefined);
  const checkpoint = await loadCheckpoint(deps, name, known);
  if (E.isLeft(checkpoint)) return checkpoint;
  const { stream } = name;
  const group = makeGroup(
    {
      settings: known.settings,
      placeOf: (event: StoredEvent) => (stream === undefined ? event.position : event.revision),
      source: (from, signal) =>
        stream === undefined
          ? logSource(deps, known, { from, signal })
          : streamSource(deps, stream, { from, signal }),
      park: ({ event }) => parkEvent(deps, name, event),
      saveCheckpoint: (place) => saveCheckpoint(deps, name, place),
    },
    checkpoint.right,
  );
  return E.right({ group, definition: known });
};

export const makeGroups = (deps: DefinitionDeps): Groups => {
  const groups = new Map<string, WriteAnswer<OpenGroup | undefined>>();

  const forget = (name: GroupName): void => {
    const key = groupStream(name);
    const known = groups.get(key);
    groups.delete(key);
    void known?.then((found) => {
      if (E.isRight(found)) found.right?.group.close();
    });
  };

  const find: Groups['find'] = async (name) => {
    const key = groupStream(name);
    const finding = groups.get(key) ?? open(deps, name);
    groups.set(key, finding);
    const found = await finding;
    // Who does not exist may be made later.
    if (E.isLeft(found) || found.right === undefined) groups.delete(key);
    return found;
  };

  return {
    find,
    forget,
    close: () => {
      for (const found of groups.values()) {
        void found.then((known) => {
          if (E.isRight(known)) known.right?.group.close();
        });
      }
      groups.clear();
    },
  };
};
