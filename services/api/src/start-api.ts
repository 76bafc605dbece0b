import type { FastifyInstance } from 'fastify';
import * as E from 'fp-ts/lib/Either.js';

export type ListenAt = Readonly<{
  /** Address to listen at. Default loopback; anything else lets others in, who may then do everything. */
  host?: string;
  /** 0 takes a free port. */
  port: number;
}>;

export type Listening = Readonly<{ host: string; port: number; url: string }>;

/** Why the server cannot listen, and what to do about it. */
export type ListenProblem = Readonly<{
  _tag: 'PortInUse' | 'PortNotAllowed' | 'HostNotHere';
  host: string;
  port: number;
  message: string;
  remedy: string;
}>;

const problems: Readonly<
  Record<string, Pick<ListenProblem, '_tag' | 'remedy'> & { what: string }>
> = {
  EADDRINUSE: {
    _tag: 'PortInUse',
    what: 'is in use by another program',
    remedy: 'Stop the program that listens there, or choose another port.',
  },
  EACCES: {
    _tag: 'PortNotAllowed',
    what: 'may not be used by this account',
    remedy: 'Choose a port from 1024 upwards.',
  },
  EADDRNOTAVAIL: {
    _tag: 'HostNotHere',
    what: 'is not an address of this machine',
    remedy: 'Listen at 127.0.0.1, or at an address of this machine.',
  },
  ENOTFOUND: {
    _tag: 'HostNotHere',
    what: 'is not an address of this machine',
    remedy: 'Listen at 127.0.0.1, or at an address of this machine.',
  },
};

const codeOf = (thrown: unknown): string =>
  typeof thrown === 'object' && thrown !== null && 'code' in thrown ? String(thrown.code) : '';

/** Starts to listen. An address that cannot be had is an answer; anything else is a bug and thrown. */
export const startApi = async (
  api: FastifyInstance,
  { host = '127.0.0.1', port }: ListenAt,
): Promise<E.Either<ListenProblem, Listening>> => {
  try {
    const url = await api.listen({ host, port });
    return E.right({ host, port: port === 0 ? Number(new URL(url).port) : port, url });
  } catch (thrown) {
    const problem = problems[codeOf(thrown)];
    if (problem === undefined) throw thrown;
    const { _tag, what, remedy } = problem;
    const message =
      _tag === 'HostNotHere' ? `${host} ${what}.` : `Port ${port} at ${host} ${what}.`;
    return E.left({ _tag, host, port, message, remedy });
  }
};

const WAIT_MS = 10_000;

/**
 * Stops to take requests, lets those under way finish, and cuts what is left after `waitMs`. True when
 * everything was answered.
 */
export const stopApi = async (api: FastifyInstance, waitMs: number = WAIT_MS): Promise<boolean> => {
  let finished = true;
  const timer = setTimeout(() => {
    finished = false;
    api.server.closeAllConnections();
  }, waitMs);
  await api.close();
  clearTimeout(timer);
  return finished;
};
