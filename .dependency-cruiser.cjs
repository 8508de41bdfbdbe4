/** Dependencies run one way: http, cli → engine → store, ledger, study. The core is pure. */
module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'pure-core',
      comment: 'study, lab and ledger know no framework, no Node, no store: they run in a browser as well',
      severity: 'error',
      from: { path: '^src/(study|lab|ledger|simulation)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-core-packages',
      comment: 'the core takes schema and validation libraries and nothing else',
      severity: 'error',
      from: { path: '^src/(study|lab|ledger|simulation)/', pathNot: '^src/simulation/write-' },
      to: { path: 'node_modules', pathNot: 'node_modules/(typebox|ajv|class-validator|uuid)/' },
    },
    {
      name: 'core-stands-alone',
      severity: 'error',
      from: { path: '^src/(study|lab|ledger)/' },
      to: { path: '^src/(?!study/|lab/|ledger/)' },
    },
    {
      name: 'ledger-knows-no-study',
      severity: 'error',
      from: { path: '^src/ledger/' },
      to: { path: '^src/', pathNot: '^src/ledger/' },
    },
    {
      name: 'study-knows-no-ledger',
      severity: 'error',
      from: { path: '^src/study/' },
      to: { path: '^src/(lab|ledger)/' },
    },
    {
      name: 'store-knows-no-study',
      severity: 'error',
      from: { path: '^src/store/' },
      to: { path: '^src/(?!store/|ledger/)' },
    },
    {
      name: 'engine-knows-no-edge',
      severity: 'error',
      from: { path: '^src/engine/' },
      to: { path: '^src/(http|cli|simulation|app\\.module)' },
    },
    {
      name: 'nobody-imports-the-edges',
      severity: 'error',
      from: { path: '^src/(engine|store|study|lab|ledger|simulation)/' },
      to: { path: '^src/(http|cli|main|app\\.module)' },
    },
    {
      name: 'verifier-stands-alone',
      comment:
        'what becomes verify.mjs shares no code with what records; only the check of a folder knows the store',
      severity: 'error',
      from: { path: '^src/verify/', pathNot: '^src/verify/(ledger|store-source|record-schemas)\\.ts$' },
      to: { path: '^src/', pathNot: '^src/(verify|ledger)/' },
    },
    {
      name: 'verifier-takes-no-packages',
      severity: 'error',
      from: { path: '^src/verify/' },
      to: { path: 'node_modules' },
    },
    {
      name: 'check-of-a-folder-knows-no-engine',
      severity: 'error',
      from: { path: '^src/verify/' },
      to: { path: '^src/(engine|keys|exports|simulation|http|cli|app\\.module)' },
    },
    {
      name: 'exports-know-no-edge',
      severity: 'error',
      from: { path: '^src/exports/' },
      to: { path: '^src/(http|cli|main|simulation|app\\.module)' },
    },
    {
      name: 'imports-know-no-edge',
      comment: 'what reads spreadsheets asks the engine like anybody else',
      severity: 'error',
      from: { path: '^src/imports/' },
      to: { path: '^src/(http|cli|main|simulation|exports|store|keys|verify|app\\.module)' },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '\\.d\\.ts$' },
      to: {},
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  },
};
