import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import type { ProtocolInput } from '../../src/study/rules/complete-protocol.js';
import { Protocols } from '../../src/study/study.js';
import { useRecordOf } from '../../src/study/welfare/derive-use-record.js';
import { about, at, because, day, died, given, ligated } from './welfare-bench.js';
import { exampleData, ready } from '../study/bench.js';
import { returnOf } from './histories.js';
import type { Body, Given, Sent } from '../study/specification.js';

/** Studies of other models, substances and assays than the reference study's: what a welfare return makes of them. */

const { titration: _, licence, ...rest } = exampleProtocol;
const { unrelievedPain: __, ...eased } = exampleProtocol.welfare;

const any = {
  model: { kind: 'injection', agent: 'CFA' },
  substances: [{ id: 'morphine' }, { id: 'saline' }, { id: 'clonidine' }],
  assays: [
    {
      id: 'heat-latency',
      title: 'Hargreaves',
      unit: 's',
      increase: 'relief',
      cutOff: '20',
      trials: { kind: 'value', count: 3, aggregate: 'mean' },
      sites: ['left-hind-paw'],
    },
  ],
  welfare: {
    ...eased,
    procedureGrades: [
      { procedure: 'injection-of-agent', severity: 'moderate' },
      { procedure: 'sham-induction', severity: 'mild' },
      { procedure: 'spared-nerve-injury', severity: 'severe' },
      { procedure: 'dose', severity: 'mild' },
    ],
  },
} as const satisfies Partial<ProtocolInput>;

const study = (changes: Partial<ProtocolInput> = {}): Given =>
  given({ ...rest, licence: licence!, ...any, ...changes }, exampleData('EnrolSubject'));
const induced = (data: Body = {}, when = day(3)): Sent => at(when, about('R01', 'InduceModel', data));
const dosed = (data: Body, when: string): Sent => {
  const morphine = { substance: 'morphine', dose: { value: '1', unit: 'mg' }, ...data };
  return at(when, about('R01', 'AdministerSubstance', morphine));
};
const heat = (when: string): Sent => at(when, about('R01', 'RecordMeasurement'));

const useOf = ({ study: state, facts }: { study: Given['study']; facts: ReturnType<Given['facts']> }) =>
  useRecordOf(state, new Protocols(state), 'R01', facts);
const useIn = (so: Given) => useOf({ study: so.study, facts: so.facts('R01') });

describe('a procedure', () => {
  it.each([
    ['injection', 'injection-of-agent'],
    ['systemic', 'systemic-agent'],
    ['incision', 'incision'],
    ['other', 'other-induction'],
  ])('is an induction of kind %s: %s', (kind, procedure) => {
    const so = study({ model: { kind: kind as 'injection' } }).and(induced({ kind }));
    expect(useIn(so)).toMatchObject({
      use: { used: true },
      procedures: [{ kind: procedure, n: 1, records: [3] }],
    });
  });

  it.each(['spinal-nerve-ligation', 'chronic-constriction', 'spared-nerve-injury', 'transection'])(
    'is %s',
    (procedure) => {
      const so = study({ model: { kind: 'nerve-injury' } }).and(ligated('R01', { procedure }));
      expect(useIn(so).procedures).toMatchObject([{ kind: procedure, side: 'left' }]);
    },
  );

  it('is every dose, by its substance, with the sum where all are amounts', () => {
    const so = study().and(
      dosed({}, day(4)),
      dosed({ dose: { value: '500', unit: 'ug' } }, day(6)),
      dosed({ substance: 'clonidine', dose: { value: '10', unit: 'nmol' } }, day(8)),
      dosed({ substance: 'saline', purpose: 'vehicle', dose: { value: '0.9', unit: '%' } }, day(10)),
    );
    expect(useIn(so).procedures).toEqual([
      expect.objectContaining({
        kind: 'dose',
        what: 'morphine',
        n: 2,
        totalDose: { value: '1500', unit: 'ug' },
      }),
      expect.not.objectContaining({ totalDose: expect.anything() }),
      expect.objectContaining({ kind: 'dose', what: 'saline', n: 1 }),
    ]);
    expect(useIn(so).procedures[1]).toMatchObject({ what: 'clonidine', n: 1 });
  });

  it('is a measurement, by its assay, and begins the use', () => {
    const so = study().and(heat(day(1)), heat(day(2)));
    expect(useIn(so)).toMatchObject({
      use: { used: true, startedOn: { value: '2026-03-03', records: [3] } },
      procedures: [{ kind: 'measurement', what: 'heat-latency', n: 2 }],
    });
  });

  it('is no rescue: that is an intervention', () => {
    const so = study().and(dosed({ purpose: 'rescue' }, day(4)));
    expect(useIn(so)).toMatchObject({
      use: { used: false },
      procedures: [],
      monitoring: {
        interventions: [{ record: 3, kind: 'rescue', description: 'morphine, 1 mg, subcutaneous' }],
      },
    });
  });

  it('has the severity of the licence’s own scheme', () => {
    expect(useIn(study().and(induced())).severity.proposed).toEqual({ severity: 'moderate', evidence: [3] });
    const sham = study().and(induced({ sham: true, agent: 'saline' }));
    expect(useIn(sham).severity.proposed).toEqual({ severity: 'mild', evidence: [3] });
    const sni = study({ model: { kind: 'nerve-injury' } }).and(
      ligated('R01', { procedure: 'spared-nerve-injury' }),
    );
    expect(useIn(sni).severity.proposed).toEqual({ severity: 'severe', evidence: [3] });
    expect(useIn(study().and(dosed({}, day(4)))).severity.proposed).toEqual({
      severity: 'mild',
      evidence: [3],
    });
  });
});

describe('monitoring after surgery', () => {
  const due = (so: Given): number =>
    useIn(so).monitoring.checks.find(({ id }) => id === 'score-after-surgery')!.due;

  it('is due after an incision and after every operation on a nerve, and not after an injection', () => {
    const incised = study({ model: { kind: 'incision' } }).and(induced({ kind: 'incision' }), died(day(10)));
    expect(due(incised)).toBe(3);
    const transected = study({ model: { kind: 'nerve-injury' } }).and(
      ligated('R01', { procedure: 'transection' }),
    );
    expect(due(transected.and(died(day(10))))).toBe(3);
    expect(due(study().and(induced(), died(day(10))))).toBe(0);
  });
});

describe('the category of the USDA', () => {
  const category = (so: Given): string => {
    const { category: letter, why } = useIn(so).severity.usdaInternal;
    return `${letter}: ${why}`;
  };
  const analgesia = { agent: 'meloxicam', dose: '1 mg/kg' };
  const anaesthesia = { agent: 'isoflurane' };

  it('is E where the protocol leaves the pain of the model unrelieved, whatever the model is', () => {
    const welfare = { ...any.welfare, unrelievedPain: { justification: 'It is what is measured' } };
    expect(category(study({ welfare }).and(induced()))).toBe(
      'E: pain of the model left unrelieved: It is what is measured',
    );
    const nerve = study({ welfare, model: { kind: 'nerve-injury' } });
    expect(category(nerve.and(ligated('R01', { procedure: 'chronic-constriction' })))).toBe(
      'E: neuropathic pain left unrelieved: It is what is measured',
    );
    expect(category(study({ welfare }).and(induced({ sham: true })))).toBe('C: nothing painful was done');
  });

  it('is D where pain is eased, and undetermined where no record says so', () => {
    expect(category(study().and(induced({ analgesia })))).toBe('D: a model of pain, with analgesia');
    expect(category(study().and(induced({ anaesthesia })))).toBe(
      'null: a model of pain without a record of analgesia: withheld, or not written down',
    );
    const cut = study({ model: { kind: 'incision' } });
    expect(category(cut.and(induced({ kind: 'incision', analgesia, anaesthesia })))).toBe(
      'D: operated under anaesthesia, with analgesia',
    );
    expect(category(cut.and(induced({ kind: 'incision', analgesia })))).toMatch(
      /^null: an operation without/,
    );
  });

  it('is C where there are doses and tests alone', () => {
    expect(category(study().and(heat(day(2)), dosed({}, day(4))))).toBe('C: nothing painful was done');
  });
});

describe('a return', () => {
  it('counts a use of any model, substance and assay', () => {
    const so = study({ licence: { ...licence!, endangered: false, techniques: [] } }).and(
      heat(day(2)),
      induced(),
      dosed({}, day(4)),
      died(day(10)),
      because('As seen', at(day(11), about('R01', 'AssessSeverity', { severity: 'moderate' }))),
    );
    const { made, text } = returnOf([so.study], 2026, 'eu');
    expect([made.uses, made.gaps, made.inconsistent]).toEqual([1, [], []]);
    expect(text('arrive-16.txt')).toContain('No anaesthetic or analgesic is recorded.');
  });

  it('finds non-recovery inconsistent where an assay was read off the animal', () => {
    const so = study().and(
      induced(),
      heat(day(3, '11:00')),
      died(day(3, '12:00')),
      because('As seen', at(day(4), about('R01', 'AssessSeverity', { severity: 'non-recovery' }))),
    );
    expect(returnOf([so.study], 2026, 'eu').made.inconsistent).toMatchObject([
      { subject: 'R01', text: expect.stringContaining('tested awake on 2026-03-05'), records: [6, 4] },
    ]);
  });

  it('reads the reference study as before', () => {
    const kinds = useIn(ready()).procedures.map(({ kind, n }) => `${kind} ${n}`);
    expect(kinds).toEqual([
      'partial-ligation 1',
      'electrode 1',
      'catheter 1',
      'threshold-test 3',
      'motor-threshold 1',
    ]);
  });
});
