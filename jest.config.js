/** @returns the SWC transform: same decorators and metadata as the build, types stripped (tsc checks them). */
const swc = [
  '@swc/jest',
  {
    jsc: {
      target: 'es2022',
      parser: { syntax: 'typescript', decorators: true },
      transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
    },
    module: { type: 'es6' },
    sourceMaps: 'inline',
  },
];

export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  transform: { '\\.ts$': swc },
  // Nothing here measures time; a busy machine is no failure.
  testTimeout: 120_000,
  // A test that fails may leave its server open; the run still has to end.
  forceExit: true,
  reporters: ['default', '<rootDir>/test/closing-line.reporter.js'],
};
