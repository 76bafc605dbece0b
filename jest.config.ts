/**
 * Node 20 cannot read TypeScript by itself; esbuild only strips the types of this file.
 * @jest-config-loader esbuild-register
 */
import type { Config } from 'jest';

/** Unit tests need nothing but the sources; integration tests run built programs over real files and sockets. */
const swc: [string, Record<string, unknown>] = [
  '@swc/jest',
  {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
    sourceMaps: 'inline',
  },
];

const base: Config = {
  testEnvironment: 'node',
  // Workspace packages resolve to their TypeScript sources, so a test never runs a stale build.
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'require', 'default'] },
  // The calendar library and the OAuth client are published as ES modules only.
  transform: { '^.+\\.ts$': swc, '/(temporal-(polyfill|utils)|oauth4webapi)/.+\\.js$': swc },
  transformIgnorePatterns: [
    '/node_modules/(?!(\\.pnpm/(temporal-|oauth4webapi)|temporal-|oauth4webapi))',
  ],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  roots: ['packages', 'projections', 'services', 'scripts'].map((folder) => `<rootDir>/${folder}`),
  modulePathIgnorePatterns: ['/dist/'],
};

const config: Config = {
  testTimeout: 120_000,
  projects: [
    {
      ...base,
      displayName: 'unit',
      testMatch: ['**/test/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', '\\.int\\.test\\.ts$'],
    },
    { ...base, displayName: 'integration', testMatch: ['**/test/**/*.int.test.ts'] },
  ],
};

export default config;
