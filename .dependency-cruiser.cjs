/**
 * Dependencies run one way:
 * shared, tlog, webauthn ← study, lab ← recording, signing, anchoring, identity ← queries, operations, exports, imports, welfare ← console ← http, cli.
 * `store` stands under `recording`; `verify` stands alone.
 */
const EDGES = 'http|cli|cli\\.ts|main\\.ts|app\\.module\\.ts';
const READERS = 'queries|operations|exports|imports|welfare';

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'pure-core',
      comment:
        'study, lab, tlog and webauthn know no framework, no Node, no store: they run in a browser as well',
      severity: 'error',
      from: { path: '^(src/(study|lab|tlog|webauthn)|tools/simulation)/' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'pure-core-packages',
      comment: 'the core takes schema and validation libraries and nothing else',
      severity: 'error',
      from: {
        path: '^(src/(study|lab|tlog|webauthn)|tools/simulation)/',
        pathNot: '^tools/simulation/write-',
      },
      to: { path: 'node_modules', pathNot: 'node_modules/(typebox|ajv|class-validator|uuid)/' },
    },
    {
      name: 'core-stands-alone',
      severity: 'error',
      from: { path: '^src/(study|lab|tlog|webauthn)/' },
      to: { path: '^src/(?!study/|lab/|tlog/|webauthn/)' },
    },
    {
      name: 'tlog-knows-no-study',
      severity: 'error',
      from: { path: '^src/tlog/' },
      to: { path: '^src/', pathNot: '^src/tlog/' },
    },
    {
      name: 'study-knows-no-log',
      severity: 'error',
      from: { path: '^src/study/' },
      to: { path: '^src/(lab|tlog)/' },
    },
    {
      name: 'shared-knows-nobody',
      severity: 'error',
      from: { path: '^src/shared/' },
      to: { path: '^src/', pathNot: '^src/(shared|tlog)/' },
    },
    {
      name: 'store-knows-no-study',
      severity: 'error',
      from: { path: '^src/store/' },
      to: { path: '^src/', pathNot: '^src/(store|tlog|shared)/' },
    },
    {
      name: 'rfc3161-stands-alone',
      severity: 'error',
      from: { path: '^src/rfc3161/' },
      to: { path: '^src/', pathNot: '^src/(rfc3161|shared|tlog)/' },
    },
    {
      name: 'webauthn-stands-alone',
      severity: 'error',
      from: { path: '^src/webauthn/' },
      to: { path: '^src/', pathNot: '^src/(webauthn|tlog)/' },
    },
    {
      name: 'recording-knows-no-reader',
      severity: 'error',
      from: { path: '^src/(recording|signing|anchoring|identity)/' },
      to: { path: `^src/(${READERS}|verify|${EDGES})` },
    },
    {
      name: 'readers-know-no-edge',
      severity: 'error',
      from: { path: `^src/(${READERS})/` },
      to: { path: `^src/(${EDGES})` },
    },
    {
      name: 'queries-know-no-other-reader',
      severity: 'error',
      from: { path: '^src/queries/' },
      to: { path: '^src/(operations|exports|imports|welfare|verify)/' },
    },
    {
      name: 'imports-ask-like-anybody-else',
      comment: 'what reads spreadsheets asks the engine like anybody else',
      severity: 'error',
      from: { path: '^src/imports/' },
      to: { path: '^src/(exports|store|signing|verify|operations)/' },
    },
    {
      name: 'verifier-stands-alone',
      comment:
        'what becomes verify.mjs shares no code with what records; only the check of a folder knows the store',
      severity: 'error',
      from: { path: '^src/verify/', pathNot: '^src/verify/folder/' },
      to: { path: '^src/', pathNot: '^src/(verify/(?!folder/)|tlog/|webauthn/|rfc3161/)' },
    },
    {
      name: 'check-of-a-folder-knows-store-and-schemas',
      severity: 'error',
      from: { path: '^src/verify/folder/' },
      to: { path: '^src/', pathNot: '^src/(verify|tlog|webauthn|rfc3161|store|study|lab)/' },
    },
    {
      name: 'verifier-takes-no-packages',
      severity: 'error',
      from: { path: '^src/(verify|rfc3161|webauthn)/' },
      to: { path: 'node_modules' },
    },
    {
      name: 'console-knows-no-server',
      comment: 'pages are asked by the server, and ask nobody but the queries',
      severity: 'error',
      from: { path: '^src/console/' },
      to: { path: '^src/(http|cli|store|signing|anchoring|operations|imports|verify)/|^src/(cli|main|app)' },
    },
    {
      name: 'parts-of-pages-are-pure',
      comment:
        'parts, words and figures are functions of what they are given: files that leave the house use them too',
      severity: 'error',
      from: { path: '^src/console/(parts|words|figures)/' },
      to: {
        path: '^src/',
        pathNot:
          '^src/(console/(parts|words|figures)|shared|study|lab|tlog|webauthn|exports/(figures|documents))/',
      },
    },
    {
      name: 'nobody-ships-tools',
      severity: 'error',
      from: { path: '^src/' },
      to: { path: '^(tools|test|bench)/' },
    },
    {
      name: 'no-orphans',
      severity: 'error',
      from: { orphan: true, path: '^src/', pathNot: '\\.d\\.ts$|^src/console/client/' },
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
