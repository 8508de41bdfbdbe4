import fc from 'fast-check';
import { CATALOGUE, commandNamed, routeOf } from '../../../src/study/catalogue.js';
import { dataClassOf, fieldsOf } from '../../../src/study/commands/common/fields.js';
import { EVENTS } from '../../../src/study/events/events.js';
import { anyValueOf } from '../any-value.js';
import {
  about,
  at,
  because,
  closed,
  day,
  died,
  dosed,
  example,
  exampleData,
  ready,
  sideEffects,
  stimulated,
  weighed,
  wide,
} from '../bench.js';
import { by } from '../signing.js';
import { COMMITTED, given, type Body, type Given } from '../specification.js';
import { runs } from '../../support/effort.js';

/** Record 10 a stimulation, 11 a dose, 12 a late weight: what commands about other records can name. */
const bench = benchWith({});
const wideBench = benchWith(wide);

function benchWith(changes: Parameters<typeof ready>[0]): Given {
  return ready(changes).and(
    stimulated(day(18)),
    dosed(day(19)),
    because('Sheet found', { name: 'RecordBodyWeight', body: weight(), clock: day(19, '18:00') }),
    sideEffects(day(19, '18:30'), 11, 0, 510),
  );
}
const NOW = day(20);
/** Record 14 reaches an endpoint. */
const ailing = bench.and(
  at(day(19, '19:00'), about('R01', 'ScoreWelfare', { scores: [{ item: 'autotomy', score: 3 }] })),
);
const ended = bench.and(died(day(19, '19:00')));
/** Record 14 is closing. */
const over = bench.and(closed);
/** Record 14 is somebody else's. */
const shared = bench.and(by('tech-2', weighed(day(19, '19:00'), '243.80')));
/** Record 14 is an inspection. */
const inspected = bench.and(
  at(day(19, '19:00'), { name: 'RecordInspection', body: example('RecordInspection') }),
);

function weight(): Body {
  return { subject: 'R01', occurredAt: day(19, '11:00'), data: { weight: { value: '243.70', unit: 'g' } } };
}

/** For each command a body that is accepted on the bench: what the example leaves to the study is filled in. */
const CORES: Readonly<Record<string, Body>> = {
  LigateNerve: { side: 'right' },
  EnrolSubject: { use: { kind: 'reuse', previousActualSeverity: 'mild' } },
  RecordThreshold: { session: 10, struck: [{ place: 2, filament: '4', response: 'O', why: 'mistyped' }] },
  ApplySCS: { follows: 11, setting: 'tonic' },
  RecordMeasurement: { session: 10 },
  ScoreSideEffects: { after: 11 },
  DesignateSubEffectiveDose: { evidence: [11] },
  ImplantElectrode: { action: 'repaired' },
  RecordIntervention: { because: 12 },
  DecideEndpoint: { endpoint: 'autotomy', reachedBy: 14 },
  AcknowledgeDeviation: { target: { number: 12, leaf: bench.leaf(12) } },
  ReviewTrail: { from: 14, to: 14 },
  ReportInspection: { target: { number: 14, leaf: inspected.leaf(14) } },
  VoidRecord: { target: { number: 12, leaf: bench.leaf(12) } },
  WitnessRecord: { target: { number: 14, leaf: shared.leaf(14) } },
  CorrectRecord: {
    target: { number: 12, leaf: bench.leaf(12) },
    replaces: { number: 12, leaf: bench.leaf(12) },
    subject: 'R01',
    occurredAt: day(19, '11:00'),
    removed: ['weight'],
    corrected: { weight: { value: '234.70', unit: 'g' } },
  },
};

const aboutAnimals = CATALOGUE.filter(({ command }) => fieldsOf(command).has('subject')).map(
  ({ name }) => name,
);

/** Of sections that the example study leaves out. */
const NEED_MORE = ['AdministerSubstance', 'ApplySCS', 'InduceModel', 'RecordMeasurement'];

function benchOf(name: string): Given {
  if (name === 'RegisterStudy') return given();
  if (name === 'ApproveProtocol')
    return given({ name: 'RegisterStudy', body: { data: exampleData('RegisterStudy') } });
  if (name === 'DecideEndpoint') return ailing;
  if (name === 'WitnessRecord') return shared;
  if (name === 'ArchiveStudy' || name === 'ReopenStudy') return over;
  if (name === 'ReportInspection' || name === 'ReviewTrail') return inspected;
  if (NEED_MORE.includes(name)) return wideBench;
  return name === 'AssessSeverity' ? ended : bench;
}

function bodyOf(name: string, data: unknown): Body {
  const subject = name === 'EnrolSubject' ? 'R02' : 'R01';
  return {
    ...(aboutAnimals.includes(name) && { subject }),
    reason: 'As it happened',
    data: { ...(data as Body), ...exampleData(name), ...CORES[name] },
  };
}

/** What is asked for and not kept: a signature is kept as it was made over it. */
const ASKED: Readonly<Record<string, readonly string[]>> = {
  SignRecords: ['meaning', 'range', 'records'],
};

describe.each(CATALOGUE.map(({ name }) => name))('%s', (name) => {
  const definition = commandNamed(name) ?? CATALOGUE[0]!;
  const fields = fieldsOf(dataClassOf(definition.command));
  const schemas = [...fields].map(([field, { schema, required }]) => ({ field, schema, required }));

  it('has the example that it shows accepted, given what it names', () => {
    benchOf(name).when(name, bodyOf(name, {}), NOW).then.records({ type: definition.records });
  });

  it('is accepted with every optional field, the records that they name being in CORES, and keeps what was said', () => {
    const full = fc.record(
      Object.fromEntries(
        schemas
          .filter(({ required, field }) => !required && !ASKED[name]?.includes(field))
          .map(({ field, schema }) => [field, anyValueOf(schema, { optional: 'all' })]),
      ),
    );
    fc.assert(
      fc.property(full, (data) => {
        const body = bodyOf(name, data);
        const { record } = benchOf(name).when(name, body, NOW);
        for (const field of Object.keys(data)) {
          if (field === 'replaces' || field === 'removed') continue;
          const { flags: _, ...kept } = (record.data as { corrected?: Body }).corrected ?? {};
          expect(field === 'corrected' ? kept : (record.data as Body)[field]).toEqual(
            definition.personal.includes(field) ? COMMITTED : (body['data'] as Body)[field],
          );
        }
      }),
      runs(20),
    );
  });

  it('is refused without a field that is required, and names it', () => {
    const body = bodyOf(name, {});
    for (const { field, required } of schemas) {
      if (!required) continue;
      const { [field]: _, ...rest } = body['data'] as Body;
      benchOf(name)
        .when(name, { ...body, data: rest }, NOW)
        .then.refused('field-missing', `data.${field}`);
    }
    const { data: _, ...rest } = body;
    benchOf(name).when(name, rest, NOW).then.refused('field-invalid', 'data');
    if (aboutAnimals.includes(name)) {
      const { subject: __, ...anonymous } = body;
      benchOf(name).when(name, anonymous, NOW).then.refused('field-missing', 'subject');
    }
  });

  it('is refused with a field that it does not have, and says which there are', () => {
    const body = bodyOf(name, {});
    const data = body['data'] as Body;
    const refusal = benchOf(name)
      .when(name, { ...body, data: { ...data, wieght: 1 } }, NOW)
      .then.refused('field-unknown', 'data.wieght');
    expect(refusal.message).toContain([...fields.keys()].join(', '));
    benchOf(name)
      .when(name, { ...body, actor: 'somebody' }, NOW)
      .then.refused('field-unknown', 'actor');
    benchOf(name)
      .when(name, { ...body, data: { ...data, flags: ['late'] } }, NOW)
      .then.refused('field-unknown', 'data.flags');
  });

  it('is refused with null for a field: what is absent is left out', () => {
    const body = bodyOf(name, {});
    for (const { field } of schemas) {
      const data = { ...(body['data'] as Body), [field]: null };
      benchOf(name)
        .when(name, { ...body, data }, NOW)
        .then.refused('field-invalid', `data.${field}`);
    }
  });

  it('takes exactly the facts that its record keeps', () => {
    const kept = Object.keys(EVENTS[definition.records].properties);
    const added: Record<string, string[]> = {
      ApproveProtocol: ['version'],
      AmendProtocol: ['version'],
      CorrectRecord: ['corrects', 'correctsVersion'],
      SignRecords: ['envelope', 'webauthn'],
    };
    // The entry that is discarded has a time of its own.
    const ofAny = name === 'DiscardEntry' ? ['flags'] : ['flags', 'enteredAt'];
    // What is left out stands in no record.
    const notKept = ['removed', ...(ASKED[name] ?? [])];
    expect([...fields.keys()].filter((field) => !notKept.includes(field)).sort()).toEqual(
      kept.filter((field) => !ofAny.includes(field) && !added[name]?.includes(field)).sort(),
    );
  });

  it('says in one line what it does, and describes every field', () => {
    expect(definition.summary).toMatch(/^[A-Z][^\n]{5,80}[^.]$/);
    for (const { description } of fields.values()) expect(description).toMatch(/^[A-Z0-9].*\.$/s);
  });
});

describe('the catalogue', () => {
  it('has each command, record type and route once', () => {
    for (const key of ['name', 'records'] as const) {
      expect(new Set(CATALOGUE.map((definition) => definition[key])).size).toBe(CATALOGUE.length);
    }
    expect(new Set(CATALOGUE.map(({ name }) => routeOf(name))).size).toBe(CATALOGUE.length);
  });

  it('records every type of record', () => {
    expect(CATALOGUE.map(({ records }) => records).sort()).toEqual(Object.keys(EVENTS).sort());
  });

  it.each([
    ['ApplySCS', 'apply-scs'],
    ['DesignateSubEffectiveDose', 'designate-sub-effective-dose'],
    ['RecordThreshold', 'record-threshold'],
  ])('sends %s to %s', (name, route) => {
    expect(routeOf(name)).toBe(route);
  });

  it('knows no command by the name of what every object has', () => {
    for (const name of ['constructor', '__proto__', 'toString', ''])
      expect(commandNamed(name)).toBeUndefined();
  });
});
