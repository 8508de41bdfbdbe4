const { existsSync, readFileSync } = require('node:fs');
const { dirname, resolve } = require('node:path');

/**
 * A filter for Jest, used by CI after `npm test`: the suites that `npm run test:all` runs and `npm test` does not, or
 * not in full. These are the `.process.spec.ts`, and those that draw samples, themselves or in a file they import.
 */
module.exports = function beyond(paths) {
  return Promise.resolve({
    filtered: paths.filter((path) => path.endsWith('.process.spec.ts') || samples(path)),
  });
};

const known = new Map();

function samples(path) {
  if (path.endsWith('/test/support/effort.ts')) return true;
  if (!path.includes('/test/')) return false;
  if (known.has(path)) return known.get(path);
  known.set(path, false);
  const found = [
    ...readFileSync(path, 'utf8').matchAll(/^(?:import|export|\}).* from '(\.[^']*)\.js'/gm),
  ].some(([, name]) => samples(sourceOf(resolve(dirname(path), name))));
  known.set(path, found);
  return found;
}

function sourceOf(stem) {
  return existsSync(`${stem}.tsx`) ? `${stem}.tsx` : `${stem}.ts`;
}
