import { rmSync } from 'node:fs';
import {
  GoldenLedger,
  allSchemas,
  canonical,
  catalogue,
  openAnswers,
  verifyLedger,
} from './golden-ledger.js';
import { differences } from './differences.js';

/** Ledgers of version 0.1 are read for ever as they were read then: see ledger-0.1/README.md. */

describe.each(['demo', 'every-kind'] as const)('the golden ledger %s of version 0.1', (name) => {
  const ledger = new GoldenLedger(name);
  let path: string;
  beforeAll(async () => {
    path = await ledger.rebuilt();
  });
  afterAll(() => rmSync(path, { recursive: true }));

  it('holds the canonical bytes of each record', () => {
    for (const [log, texts] of ledger.records) {
      const changed = texts.filter((text) => canonical(JSON.parse(text)) !== text);
      expect([log, changed]).toEqual([log, []]);
    }
  });

  it('folds to the same answers and the same root at every size', async () => {
    const today = await openAnswers(path);
    let compared = 0;
    for (const { code, size, root, golden } of ledger.answers()) {
      const answers = await today.at(code, size);
      expect({ code, size, differences: differences(golden, answers) }).toEqual({
        code,
        size,
        differences: [],
      });
      expect(answers).toMatchObject({ 'study-flow': { root, treeSize: Number(size) } });
      compared++;
    }
    const codes = Object.keys(ledger.expected.studies);
    expect(await today.studies()).toEqual(codes);
    expect(compared).toBe(5 * codes.length);
    await today.close();
  });

  it('verifies', async () => {
    const { exitCode, logs, findings } = await verifyLedger(path, { threads: 0 });
    expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect(exitCode).toBe(0);
    expect(differences(ledger.expected.logs, logs)).toEqual([]);
  });
});

describe('the golden ledger every-kind', () => {
  const ledger = new GoldenLedger('every-kind');
  const goldenAnswers = [...ledger.answers()].map(({ golden }) => golden);
  const records = (log: RegExp) =>
    [...ledger.records].flatMap(([name, texts]) =>
      log.test(name) ? texts.map((text) => JSON.parse(text) as { type: string; data: object }) : [],
    );

  it('holds every record type of version 0.1, and each still has its schema', () => {
    const { lab, access, study } = catalogue.recordTypes;
    const typesIn = (log: RegExp) => new Set(records(log).map(({ type }) => type));
    expect(typesIn(/^lab$/)).toEqual(new Set(lab));
    expect(typesIn(/^access$/)).toEqual(new Set(access));
    expect(typesIn(/^study-/)).toEqual(new Set(study));
    const schemas = allSchemas();
    expect([...lab, ...access, ...study].filter((type) => !(`${type}.1` in schemas))).toEqual([]);
  });

  it('holds every flag', () => {
    const flagsOf = (data: object): string[] =>
      [...objectsIn(data)].flatMap(({ flags = [] }) => flags as string[]);
    expect(new Set(records(/./).flatMap(({ data }) => flagsOf(data)))).toEqual(new Set(catalogue.flags));
    const { flags, flagsOfAnswersOnly } = catalogue;
    expect(new Set(goldenAnswers.flatMap(flagsOf))).toEqual(new Set([...flags, ...flagsOfAnswersOnly]));
  });

  it('holds every status and method of a threshold, and every reason for an undecided verdict', () => {
    const thresholds = new Set<string>();
    const undecided = new Set<unknown>();
    for (const found of objectsIn(goldenAnswers)) {
      if ('status' in found && 'method' in found) thresholds.add(kindOf(found as unknown as Derived));
      if (found['holds'] === null) undecided.add(found['why']);
    }
    expect(thresholds).toEqual(new Set(catalogue.thresholds));
    expect(undecided).toEqual(new Set(catalogue.undecided));
  });
});

describe('differences', () => {
  it('are found in members and lists; more members are none', () => {
    const golden = { a: [1, { b: 0.1 }], c: null };
    expect(differences(golden, { a: [1, { b: 0.1, d: 2 }], c: null, e: 1 })).toEqual([]);
    expect(differences(golden, { a: [1, { b: 0.1 + 1e-17 }], c: null })).toEqual([]);
    expect(differences(golden, { a: [1, { b: 0.100001 }], c: null })).toHaveLength(1);
    expect(differences(golden, { a: [2, {}] })).toHaveLength(3);
    expect(differences(golden, { a: [1, { b: 0.1 }, 3], c: {} })).toHaveLength(2);
  });
});

interface Derived {
  readonly status: string;
  readonly method: string | null;
  readonly bound: { readonly relation: string } | null;
}

function kindOf({ status, method, bound }: Derived): string {
  return [status, method ?? 'null', ...(bound ? [bound.relation] : [])].join(' ');
}

/** Every object at any depth. */
function* objectsIn(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const inner of Object.values(value) as unknown[]) yield* objectsIn(inner);
}
