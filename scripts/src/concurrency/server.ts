/** `daybook serve` as a process of its own, on a port of its own, that can be killed and started again. */
import { daybookProcess, freePort, type DaybookProcess } from './daybook-process.js';

export type Server = DaybookProcess & Readonly<{ url: string }>;

const isReady = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(`${url}/ready`)).ok;
  } catch {
    return false;
  }
};

/** A server for a data directory; it keeps its port when it is started again. */
export const serverOf = async (
  directory: string,
  more: readonly string[] = [],
): Promise<Server> => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const args = ['serve', '--data', directory, '--port', String(port), '--log-level', 'silent'];
  return { url, ...daybookProcess([...args, ...more], () => isReady(url)) };
};
