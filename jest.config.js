import { bundlePackages } from './test/support/bundle-packages.js';

/** The SWC transform: same decorators, metadata and JSX as the build, types stripped (tsc checks them). */
const swc = (tsx) => [
  '@swc/jest',
  {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true, tsx },
      transform: {
        legacyDecorator: true,
        decoratorMetadata: true,
        useDefineForClassFields: false,
        react: { runtime: 'automatic', importSource: 'preact' },
      },
    },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  },
];

/** `npm run test:all`: every sample, and the suites that talk to processes of their own for long. */
const full = process.env.EFFORT === 'full';

export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  testPathIgnorePatterns: full ? [] : ['\\.process\\.spec\\.ts$'],
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1', ...(await bundlePackages()) },
  transform: { '\\.ts$': swc(false), '\\.tsx$': swc(true) },
  maxWorkers: 2,
  // Modules of a finished suite are not given back: a worker that holds this much is replaced.
  workerIdleMemoryLimit: '1GB',
  globalSetup: '<rootDir>/test/support/start-run.js',
  globalTeardown: '<rootDir>/test/support/end-run.js',
  // No test is about time: this only ends a run in which something waits for ever.
  testTimeout: 600_000,
  // A test that fails may leave its server open; the run still has to end.
  forceExit: true,
  reporters: ['default', '<rootDir>/test/support/closing-line.reporter.js'],
};
