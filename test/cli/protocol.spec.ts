import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TEMPLATES } from '../../src/shared/protocol-templates.js';
import { ProtocolInputSchema } from '../../src/study/protocol-input.js';
import { studyLedger } from '../support/cli.js';
import { freshFolder } from '../support/folders.js';
import { registered } from '../study/bench.js';
import { sent } from '../study/specification.js';
import { commandFile } from './play-file.js';

/** A template with the values of a made-up laboratory for what is REQUIRED. */
function filledIn(text: string): string {
  return text
    .replace(/"windowMinutes": "REQUIRED"/g, '"windowMinutes": [15, 30]')
    .replace(/"prospectiveSeverity": "REQUIRED"/g, '"prospectiveSeverity": "moderate"')
    .replace(/("low": [^}]*?)"REQUIRED"/g, '$1"0.1"')
    .replace(/("high": [^}]*?)"REQUIRED"/g, '$1"700"')
    .replace(/"(id|code|drug)": "REQUIRED"/g, '"$1": "own"')
    .replace(/"(title|name|sheet|label|description|scale|number|vehicle)": "REQUIRED"/g, '"$1": "Simulated"')
    .replace(
      /"(max|minRuns|count|fromDay|referenceWithinMinutes|minPoints|everyDays|lateAfterMinutes|plannedSubjects)": "REQUIRED"/g,
      '"$1": 2',
    )
    .replace(/"REQUIRED"/g, '"1"');
}

const fileOf = (text: string, name = 'protocol.jsonc'): string => {
  const file = join(freshFolder('protocols'), name);
  writeFileSync(file, text);
  return file;
};

describe.each(Object.keys(TEMPLATES))('the template %s', (name) => {
  it('names every REQUIRED of its text, and nothing else that is wrong', async () => {
    const { out: text } = await studyLedger('protocol', 'template', name);
    const { code, out } = await studyLedger('protocol', 'check', fileOf(text), '--json');
    const { missing, wrong } = JSON.parse(out) as { missing: { message: string }[]; wrong: unknown[] };
    expect(code).toBe(1);
    expect(wrong).toEqual([]);
    // Comments speak of it in double quotes as well.
    const uncommented = text.replace(/^\s*\/\/.*$/gm, '');
    expect(missing).toHaveLength(uncommented.split('"REQUIRED"').length - 1);
    expect(missing.filter(({ message }) => message === '')).toEqual([]);
  });

  it('can be approved once it is filled in, and is printed in words', async () => {
    const { out: text } = await studyLedger('protocol', 'template', name);
    const { code, out } = await studyLedger('protocol', 'check', fileOf(filledIn(text)));
    expect(out).toContain('can be approved. Nothing is missing, and nothing contradicts itself.');
    expect(out).not.toMatch(/undefined|REQUIRED|\[object/);
    expect(code).toBe(0);
  });
});

describe('what can be approved and is most often a mistake', () => {
  const bare = {
    title: 'Simulated',
    lateAfterMinutes: 240,
    welfare: { sheet: 'daily', items: [{ code: 'posture', label: 'Posture', max: 3 }], endpoints: [] },
  };
  const handles = ['1.65', '2.36', '2.44', '2.83', '3.22'].map((label) => ({ label, grams: label }));
  const forces = { id: 'KIT', filaments: handles, start: '2.44' };
  const kit = { ...bare, ladder: forces, censoring: { policy: 'bound' } };
  const judging = {
    ...bare,
    ladder: 'MOUSE-N8',
    censoring: { policy: 'bound' },
    baseline: { aggregate: 'mean', minRuns: 1 },
    responder: {
      name: 'rise after the drug',
      version: 1,
      metric: 'log10e4',
      reference: 'pre-drug',
      windowMinutes: [30],
      aggregate: 'max',
      comparator: '>=',
      limit: '0.2',
      direction: 'INCREASE_IS_RELIEF',
      minPoints: 1,
      borderline: '0.05',
      judged: 'first-completed',
    },
    substances: [{ id: 'morphine' }],
  };

  it('is said of numbers of handles as grams', async () => {
    const { code, out } = await studyLedger('protocol', 'check', fileOf(JSON.stringify(kit)));
    expect(code).toBe(0);
    expect(out).toContain('ladder: these forces are the numbers on the handles');
  });

  it.each([
    ['a bare protocol', bare],
    ['a rule by which the doses of a drug are judged', judging],
  ])('is not said of %s', async (_, protocol) => {
    const { code, out } = await studyLedger('protocol', 'check', fileOf(JSON.stringify(protocol)));
    expect(code).toBe(0);
    expect(out).not.toContain('Look again');
  });
});

it('says in words which forms a member has', async () => {
  const { out } = await studyLedger('protocol', 'check', fileOf('{"censoring": 5, "ladder": 5}'));
  expect(out).toContain('censoring: is 5: must be an object in braces, with named fields');
  expect(out).toContain('ladder: is 5: must be one of RAT-H8, RAT-N8, RAT-N9, MOUSE-N8, or written out');
  expect(out).not.toContain('schema');
});

it('writes a template to a new file only', async () => {
  const file = join(freshFolder('protocols'), 'mouse.jsonc');
  const first = await studyLedger('protocol', 'template', 'mouse-sni', '--to', file);
  expect([first.code, first.out]).toEqual([0, expect.stringContaining(`protocol check ${file}`)]);
  writeFileSync(file, 'mine');
  const again = await studyLedger('protocol', 'template', 'mouse-sni', '--to', file);
  expect([again.code, again.err]).toEqual([1, expect.stringContaining('exists already')]);
  expect(readFileSync(file, 'utf8')).toBe('mine');
});

it.each([
  ['{ "title": "A" "x" }', 'line 1, column 16: comma expected'],
  ['{\n  "title": "A",\n  "title": "B"\n}', 'line 3, column 3: “title” stands there a second time'],
  ['{ "title": ', 'value expected'],
])('says where %j is no JSON with comments', async (text, where) => {
  const { code, err } = await studyLedger('protocol', 'check', fileOf(text));
  expect([code, err]).toEqual([1, expect.stringContaining(where)]);
});

it('is approved by a file of commands that names the file of the protocol beside it', async () => {
  const { out: text } = await studyLedger('protocol', 'template', 'mouse-sni');
  const approve = sent('ApproveProtocol', { data: { protocolFile: 'mouse.jsonc' } }, '2026-03-02T08:10:00Z');
  const file = commandFile([registered, approve]);
  writeFileSync(join(file, '..', 'mouse.jsonc'), text);
  const refused = await studyLedger('play', file, '--data', freshFolder('ledger'), '--simulated');
  expect(refused.code).toBe(1);
  expect(refused.out).toMatch(/title is still REQUIRED: Title of the study/);
  expect(refused.out).toMatch(/assays\[0\]\.cutOff is still REQUIRED/);
  writeFileSync(join(file, '..', 'mouse.jsonc'), filledIn(text));
  const taken = await studyLedger('play', file, '--data', freshFolder('ledger'), '--simulated');
  expect([taken.code, taken.out]).toEqual([0, expect.stringContaining('2 commands recorded')]);
});

it('is explained member by member in the documentation', () => {
  const text = readFileSync(new URL('../../docs/protocol.md', import.meta.url), 'utf8');
  expect(membersOf(ProtocolInputSchema as Shape).filter((member) => !text.includes(`\`${member}\``))).toEqual(
    [],
  );
});

interface Shape {
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly items?: Shape;
  readonly anyOf?: readonly Shape[];
}

/** The path of every member that has no members of its own; a quantity is one. */
function membersOf(schema: Shape, path = ''): string[] {
  const { properties, items, anyOf = [] } = schema;
  if (items?.properties) return isQuantity(items.properties) ? [path] : membersOf(items, `${path}[]`);
  const shapes = [...(properties ? [properties] : []), ...anyOf.flatMap((one) => one.properties ?? [])];
  if (shapes.length === 0 || shapes.some(isQuantity)) return [path];
  return shapes.flatMap((members) =>
    Object.entries(members).flatMap(([name, member]) =>
      membersOf(member, path === '' ? name : `${path}.${name}`),
    ),
  );
}

function isQuantity(members: object): boolean {
  return 'unit' in members && 'value' in members;
}
