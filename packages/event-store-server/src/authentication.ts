import { createHash, timingSafeEqual } from 'node:crypto';
import {
  type Metadata,
  ServerInterceptingCall,
  type ServerInterceptor,
  status,
} from '@grpc/grpc-js';

export type Credentials = Readonly<{ username: string; password: string }>;

/** Whether a call with these headers may go on. */
type Guard = (headers: Metadata) => boolean;

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Basic authentication. */
const makeGuard = (credentials: readonly Credentials[]): Guard => {
  const known = credentials.map(({ username, password }) =>
    digest(`Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`),
  );
  return (headers) => {
    const [given] = headers.get('authorization');
    if (typeof given !== 'string') return false;
    const presented = digest(given);
    let isKnown = false;
    // All are compared, each in constant time: how long it takes says nothing of who exists.
    for (const one of known) isKnown = timingSafeEqual(one, presented) || isKnown;
    return isKnown;
  };
};

const refusal = {
  code: status.UNAUTHENTICATED,
  details: 'The call needs valid credentials.',
};

/** Clients ask these without credentials, before anything else; they tell of no event. */
const OPEN_TO_ALL = /^\/event_store\.client\.(server_features\.ServerFeatures|gossip\.Gossip)\//;

/** Refuses calls before a handler sees them; none when everybody is let in. */
export const authenticationOf = (
  credentials: readonly Credentials[],
): readonly ServerInterceptor[] => {
  if (credentials.length === 0) return [];
  const isKnown = makeGuard(credentials);
  const authenticate: ServerInterceptor = ({ path }, call) =>
    new ServerInterceptingCall(call, {
      start: (next) =>
        next({
          onReceiveMetadata: (headers, pass) => {
            if (OPEN_TO_ALL.test(path) || isKnown(headers)) pass(headers);
            else call.sendStatus(refusal);
          },
        }),
    });
  return [authenticate];
};
