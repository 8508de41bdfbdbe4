import { rmSync } from 'node:fs';
import {
  GoldenLedger,
  LEDGERS,
  allSchemas,
  canonical,
  catalogue,
  openAnswers,
  verifyLedger,
} from './golden-ledger.js';
import { differences } from './differences.js';

/** Golden ledgers are read for ever as they were read then: see the README.md of each version's folder. */

describe.each(LEDGERS)('the golden ledger %s', (name) => {
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

  it('folds to the same answers and the same root at every size [R46 R50]', async () => {
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
    expect(compared).toBe((name.startsWith('ledger-0.1') ? 5 : 3) * codes.length);
    expect(differences(ledger.expected.lab ?? {}, await today.lab())).toEqual([]);
    await today.close();
  });

  it('verifies [R46]', async () => {
    const { verdict, exitCode, logs, findings, signatures } = await verifyLedger(path, { threads: 0 });
    expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    expect({ verdict, exitCode }).toEqual({ verdict: ledger.expected.verdict, exitCode: 0 });
    expect(differences(ledger.expected.logs, logs)).toEqual([]);
    expect(differences(ledger.expected.signatures ?? [], signatures ?? [])).toEqual([]);
  });
});

describe('the golden ledger every-kind', () => {
  const ledger = new GoldenLedger('ledger-0.1/every-kind');
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

describe('the golden ledger laboratory', () => {
  const { records } = new GoldenLedger('ledger-0.4/laboratory');
  const parsed = (log: string) => records.get(log)!.map((text) => JSON.parse(text) as Attributes);

  it('holds every record type of version 0.4, and each still has its schema', () => {
    const typesIn = (log: string) => new Set(parsed(log).map(({ type }) => type));
    const newer = {
      lab: ['ClockConfirmed'],
      access: [],
      study: ['ModelInduced', 'MeasurementRecorded', 'SubstanceAdministered'],
    };
    const { lab, access, study } = catalogue.recordTypes;
    expect(typesIn('lab')).toEqual(new Set([...lab!, ...newer.lab]));
    expect(typesIn('access')).toEqual(new Set([...access!, ...newer.access]));
    expect(typesIn('study-EVERY-03')).toEqual(new Set([...study!, ...newer.study]));
    const schemas = allSchemas();
    expect(
      Object.values(newer)
        .flat()
        .filter((type) => !(`${type}.1` in schemas)),
    ).toEqual([]);
  });

  it('holds an imported row, a correction, a void, and keys of a second epoch', () => {
    const study = parsed('study-EVERY-03');
    expect(study.filter(({ importrow }) => importrow !== undefined)).toHaveLength(2);
    const rotated = parsed('lab').findIndex(({ type }) => type === 'KeyRotated');
    expect(rotated).toBeGreaterThan(0);
    expect(
      parsed('lab')
        .slice(rotated)
        .map(({ type }) => type),
    ).toContain('StudyCheckpointed');
  });
});

describe('the golden ledger governed', () => {
  const { records, expected } = new GoldenLedger('ledger-0.7/governed');

  it('holds every act that is signed in the demo, a superseded signature, and one found after closing', () => {
    const study = records.get('study-GOV-01')!.map((text) => JSON.parse(text) as Flagged);
    expect(study.map(({ type }) => type)).toEqual(
      expect.arrayContaining([
        'DeviationAcknowledged',
        'InspectionReported',
        'ProtocolAmended',
        'RecordWitnessed',
        'StudyArchived',
        'StudyClosed',
        'TrailReviewed',
      ]),
    );
    expect(study.filter(({ data }) => data.flags?.includes('after-close'))).toHaveLength(1);
    const statuses = expected.signatures!.map((one) => (one as { readonly status: string }).status);
    expect(statuses.filter((status) => status === 'superseded')).toHaveLength(1);
    expect(statuses.filter((status) => status === 'valid')).toHaveLength(14);
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

interface Attributes {
  readonly type: string;
  readonly importrow?: number;
}

interface Flagged extends Attributes {
  readonly data: { readonly flags?: readonly string[] };
}

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
