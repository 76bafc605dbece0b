import { inboxOf, inFull, type Place } from './settings.js';

/** Subjects that a subscriber must be allowed; everything else may be refused. */
export type Permissions = Readonly<{ publish: readonly string[]; subscribe: readonly string[] }>;

/**
 * The least that a subscriber needs: to ask for messages of its own durable, to settle them, and to park
 * them. It cannot publish events, open another durable, or read the stream beside it; which company’s
 * events it gets was decided by whoever made the durable.
 */
export const permissionsOf = (place: Place): Permissions => {
  const { stream, durable, parkedPrefix } = inFull(place);
  return {
    publish: [
      `$JS.API.CONSUMER.INFO.${stream}.${durable}`,
      `$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`,
      `$JS.ACK.${stream}.${durable}.>`,
      `${parkedPrefix}.${durable}.>`,
    ],
    subscribe: [`${inboxOf(durable)}.>`],
  };
};

const list = (subjects: readonly string[]): string =>
  `[${subjects.map((subject) => JSON.stringify(subject)).join(', ')}]`;

/** The same as an entry of `users` in nats-server’s configuration; the password is put in by whoever runs it. */
export const userEntryOf = (place: Place, user: string, password: string): string => {
  const { publish, subscribe } = permissionsOf(place);
  return [
    `{ user: ${JSON.stringify(user)}, password: ${JSON.stringify(password)}, permissions: {`,
    `    publish: { allow: ${list(publish)} }`,
    `    subscribe: { allow: ${list(subscribe)} }`,
    '} }',
  ].join('\n');
};
