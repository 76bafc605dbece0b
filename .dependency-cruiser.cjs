/** The arrows of docs/architecture.md, as errors. */
const contexts = [
  'organization',
  'device-policy',
  'session-insights',
  'summaries',
  'credits',
  'reconciliation',
];

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'packages-know-no-projection-or-service',
      severity: 'error',
      from: { path: '^packages/' },
      to: { path: '^(projections|services|scripts)/' },
    },
    {
      name: 'projections-know-packages-only',
      severity: 'error',
      from: { path: '^projections/([^/]+)/' },
      to: { path: '^(services|scripts|projections/(?!$1))' },
    },
    {
      name: 'nothing-imports-scripts',
      severity: 'error',
      from: { path: '^(packages|projections|services)/' },
      to: { path: '^scripts/' },
    },
    ...contexts.map((context) => ({
      name: `context-${context}-imports-no-other-context`,
      severity: 'error',
      from: { path: `^packages/domain/src/${context}/` },
      to: { path: `^packages/domain/src/(?!${context}/|kernel/|rules/)` },
    })),
    {
      name: 'kernel-and-rules-import-no-context',
      severity: 'error',
      from: { path: '^packages/domain/src/(kernel|rules)/' },
      to: { path: `^packages/domain/src/(${contexts.join('|')})/` },
    },
    {
      name: 'domain-is-pure',
      severity: 'error',
      from: { path: '^packages/domain/src/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'domain-knows-no-package',
      severity: 'error',
      from: { path: '^packages/domain/src/' },
      to: { path: '^packages/(?!domain/)' },
    },
    {
      name: 'adapters-know-their-port-only',
      severity: 'error',
      from: { path: '^packages/event-store-[^/]+/src/' },
      to: { path: '^packages/(?!event-store)' },
    },
    {
      name: 'only-tests-import-testing',
      severity: 'error',
      from: { pathNot: '(^packages/testing/|/test/)' },
      to: { path: '^packages/testing/' },
    },
    {
      name: 'no-deep-imports-across-packages',
      severity: 'error',
      from: { path: '^(packages|projections|services)/([^/]+)/' },
      to: {
        path: '^(packages|projections|services)/[^/]+/src/',
        pathNot: [
          '^$1/$2/',
          '/src/index\\.ts$',
          '^packages/domain/src/[^/]+/index\\.ts$',
          '/src/contract/index\\.ts$',
          '^packages/publisher/src/nats-server/index\\.ts$',
          '^services/connectors/src/rehearsal/index\\.ts$',
        ],
      },
    },
    { name: 'not-to-unresolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.lint.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'types', 'import', 'node', 'default'],
      extensions: ['.ts', '.js', '.mjs'],
    },
  },
};
