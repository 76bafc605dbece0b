import type { Config } from 'jest';

/** Unit tests need nothing but the sources; integration tests run built programs over real files and sockets. */
const base: Config = {
  testEnvironment: 'node',
  // Workspace packages resolve to their TypeScript sources, so a test never runs a stale build.
  testEnvironmentOptions: { customExportConditions: ['source', 'node', 'require', 'default'] },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
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
