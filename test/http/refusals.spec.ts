import { readFileSync, readdirSync } from 'node:fs';
import { openApiDocument } from '../../src/http/openapi/openapi.js';
import { MEANINGS } from '../../src/http/platform/problems.js';
import { REFUSALS } from '../../src/study/refusal-codes.js';
import { CATALOGUE } from '../../src/study/catalogue.js';

/** Of any address, so of no operation in particular; of pages; and of files and of the first start, which HTTP never sees. */
const OF_NO_OPERATION = [
  'before-invalid',
  'choice-unknown',
  'clock-goes-back',
  'command-id-taken',
  'expectation-failed',
  'headers-too-large',
  'ladder-invalid',
  'ledger-exists',
  'line-invalid',
  'method-not-allowed',
  'only-simulated',
  'person-other',
  'request-timeout',
  'route-unknown',
  'shown-differs',
  'since-invalid',
];

/** The compiler holds the codes that sources refuse with, and those that commands and reads list, to one table. */
describe('the table of refusals', () => {
  it('documents every code at the operations that can be refused with it', () => {
    const document = JSON.stringify(openApiDocument());
    const undocumented = Object.keys(MEANINGS).filter((code) => !document.includes(`\`${code}\`: `));
    expect(undocumented.sort()).toEqual(OF_NO_OPERATION);
  });

  it('holds no code that nobody refuses with', () => {
    const src = new URL('../../src/', import.meta.url);
    const texts = readdirSync(src, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.tsx?$/.test(file) && !/refusal-codes|problems\.ts$/.test(file))
      .map((file) => readFileSync(new URL(file, src), 'utf8').replace(/\n {2}refuses: \[[^\]]*\]/, ''));
    const all = texts.join('\n');
    // Named after the parameter.
    const composed = ['before-invalid', 'since-invalid'];
    const idle = Object.keys(MEANINGS).filter(
      (code) => !all.includes(`'${code}'`) && !composed.includes(code),
    );
    expect(idle).toEqual([]);
  });

  it('says in a sentence what each code means', () => {
    for (const [code, [status, meaning]] of Object.entries(MEANINGS)) {
      expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(meaning).toMatch(/^[A-Z`].*\.$/);
    }
  });

  it('lets a correction be refused with the codes of what it corrects', () => {
    const correction = CATALOGUE.find(({ name }) => name === 'CorrectRecord');
    expect(correction?.refuses).toEqual(expect.arrayContaining(['nerve-already-ligated', 'not-in-force']));
    for (const code of correction?.refuses ?? []) expect(Object.keys(REFUSALS)).toContain(code);
  });
});
