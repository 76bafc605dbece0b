// Prepares a fresh checkout: installs the pinned dependencies and builds, each only when needed.
// Plain JavaScript on purpose: it runs before anything is installed.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const stampFile = join(root, 'node_modules', '.daybook-setup');
const [major, minor] = process.versions.node.split('.').map(Number);

if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Daybook needs Node 20.19 or later; this is ${process.versions.node}.`);
  process.exit(1);
}

const { config } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const fingerprint = createHash('sha256')
  .update(process.version)
  .update(readFileSync(join(root, 'pnpm-lock.yaml')))
  .update(readFileSync(join(root, 'pnpm-workspace.yaml')))
  .digest('hex');
const isInstalled = existsSync(stampFile) && readFileSync(stampFile, 'utf8') === fingerprint;

/** better-sqlite3 is compiled against Node's headers: use those beside node rather than a download. */
const nodePrefix = dirname(dirname(process.execPath));
const headersHere = existsSync(join(nodePrefix, 'include', 'node', 'node.h'));
const env = {
  ...process.env,
  ...(headersHere && process.env.npm_config_nodedir === undefined
    ? { npm_config_nodedir: nodePrefix }
    : {}),
};

const run = (title, command, args) => {
  console.error(`› ${title}`);
  try {
    execFileSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], env });
  } catch (error) {
    console.error(
      `\n${title} failed (${command} ${args.join(' ')}, exit code ${error.status ?? 'none'}).`,
    );
    console.error('The lines above say why; a C++ toolchain (python3, make, g++) must be present.');
    process.exit(1);
  }
};

if (!isInstalled) {
  run('Installing the pinned dependencies', 'npx', [
    '--yes',
    `pnpm@${config.pnpm}`,
    'install',
    '--frozen-lockfile',
  ]);
  mkdirSync(dirname(stampFile), { recursive: true });
  writeFileSync(stampFile, fingerprint);
}
run('Building', process.execPath, [
  join(root, 'node_modules', '@typescript', 'native', 'bin', 'tsc'),
  '-b',
  ...(process.argv.includes('--rebuild') ? ['--force'] : []),
]);
