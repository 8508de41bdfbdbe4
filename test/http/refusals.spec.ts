import { readFileSync, readdirSync } from 'node:fs';
import { ANYWHERE, ANY_COMMAND, refusalsOf } from '../../src/http/commands/refusals.js';
import { READS } from '../../src/http/reads/routes.js';
import { CATALOGUE, routeOf } from '../../src/study/catalogue.js';

const src = new URL('../../src/', import.meta.url);
const codesIn = (file: string): string[] => {
  const text = readFileSync(new URL(file, src), 'utf8');
  return [...text.matchAll(/(?:refuse|new Problem)\(\s*'([a-z-]+)'/g)].map(([, code]) => code as string);
};
const files = (folder: string): string[] =>
  readdirSync(new URL(folder, src), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `${folder}${file}`);

/** The list of refusals is written by hand; what the sources really refuse is read here. */
describe('the documented refusals', () => {
  it.each(CATALOGUE.map((definition) => [definition.name, definition] as const))(
    'of %s hold those of its file',
    (name, definition) => {
      const documented = new Set<string>([...refusalsOf(definition), ...ANY_COMMAND]);
      const file = `study/commands/${routeOf(name)}.command.ts`;
      expect(codesIn(file).filter((code) => !documented.has(code))).toEqual([]);
    },
  );

  it('are all there are', () => {
    const documented = new Set<string>([
      ...ANYWHERE,
      ...ANY_COMMAND,
      ...CATALOGUE.flatMap(refusalsOf),
      ...Object.values(READS).flatMap(({ refusals }): readonly string[] => refusals),
      // Of any path, so of no operation in particular; of a start and of an import, which HTTP never sees; and the
      // bounds of a page of records, which are checked before they reach what would refuse them.
      'route-unknown',
      'method-not-allowed',
      'command-unknown',
      'parameter-repeated',
      'tree-size-not-reached',
      'ledger-exists',
      'overtaken',
      'since-invalid',
      'before-invalid',
    ]);
    const used = new Set(
      ['study/', 'recording/', 'signing/', 'anchoring/', 'queries/', 'operations/', 'http/']
        .flatMap(files)
        .flatMap(codesIn),
    );
    expect([...used].filter((code) => !documented.has(code)).sort()).toEqual([]);
  });

  it('are used somewhere', () => {
    const texts = ['study/', 'recording/', 'signing/', 'anchoring/', 'queries/', 'operations/', 'http/']
      .flatMap(files)
      .filter((file) => file !== 'http/commands/refusals.ts' && file !== 'http/platform/problems.ts');
    const all = texts.map((file) => readFileSync(new URL(file, src), 'utf8')).join('\n');
    const documented = new Set<string>([...ANYWHERE, ...ANY_COMMAND, ...CATALOGUE.flatMap(refusalsOf)]);
    expect([...documented].filter((code) => !all.includes(`'${code}'`))).toEqual([]);
  });
});
