import { exampleProtocol } from '../../../src/study/commands/common/example-protocol.js';
import type { ProtocolInput } from '../../../src/study/rules/complete-protocol.js';
import { about, at, because, begun, corrected, day, dosed, ligated, ready, weighed, wide } from '../bench.js';
import type { Body, Sent } from '../specification.js';

/** What a study needs that is not the reference study: assays, models, substances, settings, and sections left out. */

const { title, welfare, lateAfterMinutes } = exampleProtocol;

function without(...sections: (keyof ProtocolInput)[]): Partial<ProtocolInput> {
  return Object.fromEntries(sections.map((section) => [section, undefined])) as Partial<ProtocolInput>;
}

const everything = without(
  'ladder',
  'censoring',
  'baseline',
  'hypersensitivity',
  'responder',
  'stimulation',
  'titration',
  'sideEffects',
  'licence',
  'plausible',
  'plannedSubjects',
);

describe('a protocol with nothing but the welfare sheet', () => {
  it('is approved, and its record holds no section that was left out', () => {
    const { record } = begun(everything).study.records.at(1)!;
    expect((record.data as { protocol: object }).protocol).toEqual({
      title,
      welfare,
      lateAfterMinutes,
    });
  });

  it.each([
    'RecordThreshold',
    'RecordMeasurement',
    'ApplySCS',
    'AdministerKetamine',
    'AdministerSubstance',
    'ScoreSideEffects',
    'DesignateSubEffectiveDose',
    'InduceModel',
  ])('refuses %s, and says which section it needs', (name) => {
    const { body } = at(day(3), about('R01', name));
    const { message } = begun(everything).when(name, body, day(3)).then.refused('protocol-lacks-section');
    expect(message).toContain('AmendProtocol');
  });

  it('takes weights, scores and operations', () => {
    begun(everything)
      .and(ligated())
      .when('RecordBodyWeight', at(day(4), about('R01', 'RecordBodyWeight')).body, day(4))
      .then.flags();
  });
});

describe('RecordMeasurement', () => {
  const study = begun(wide);
  const when = (data: Body, reason?: string) => {
    const { body } = at(day(4), about('R01', 'RecordMeasurement', data));
    return study.when('RecordMeasurement', { ...body, ...(reason && { reason }) }, day(4)).then;
  };
  const heat = (...trials: object[]) => ({ assay: 'heat-latency', site: 'left-hind-paw', trials });

  it('keeps the trials as they were read', () => {
    const trials = [{ value: '8.40' }, { value: '20.0', censored: true, time: day(4) }];
    when(heat(...trials)).records({ type: 'MeasurementRecorded', data: { trials } });
    when(heat(...trials)).flags();
  });

  it.each<[string, Body, string, string]>([
    ['an assay that the protocol has not', { assay: 'cold' }, 'assay-unknown', 'data.assay'],
    ['a site that the assay has not', { site: 'tail' }, 'site-unknown', 'data.site'],
    [
      'a trial of another kind',
      { trials: [{ value: '8' }, { left: '1', right: '2' }] },
      'trial-kind',
      'data.trials[1]',
    ],
    [
      'more responses than touches',
      { assay: 'withdrawals', trials: [{ filament: '0.6', n: 11, of: 10 }] },
      'responses-exceed-touches',
      'data.trials[0].n',
    ],
    [
      'a trial without a touch',
      { assay: 'withdrawals', trials: [{ filament: '0.6', n: 0, of: 0 }] },
      'trial-kind',
      'data.trials[0]',
    ],
    ['a session that is none', { session: 2, minute: 15 }, 'session-unknown', 'data.session'],
    ['a trial of no kind', { trials: [{ grams: '8' }] }, 'field-invalid', 'data.trials[0]'],
  ])('is refused with %s', (_, data, code, field) => {
    when(data).refused(code, field);
  });

  it('is flagged where the cut-off was not kept, or not marked', () => {
    when(heat({ value: '20.1', censored: true }), 'Looked away').flags('above-cut-off', 'deviation');
    when(heat({ value: '20.1' })).refused('reason-required', 'reason');
    when(heat({ value: '20.0' })).flags('at-cut-off');
    when(heat({ value: '12', censored: true })).flags('censored-below-cut-off');
  });

  it('is a deviation with another number of trials than planned', () => {
    const pairs = { assay: 'weight-bearing', site: 'hind-paws', trials: [{ left: '1', right: '2' }] };
    when(pairs, 'It would not stand').flags('deviation', 'trials-off-protocol');
  });

  it('is corrected as it was recorded', () => {
    const measured = study.and(at(day(4), about('R01', 'RecordMeasurement', heat({ value: '8.4' }))));
    const said = { subject: 'R01', occurredAt: day(4) };
    const right = corrected(3, { ...said, corrected: heat({ value: '4.8' }) });
    measured.when(right.name, right.body, day(5)).then.records({
      type: 'RecordCorrected',
      data: { corrects: 'MeasurementRecorded', corrected: heat({ value: '4.8' }) },
    });
    const wrong = corrected(3, { ...said, corrected: heat({ left: '1', right: '2' }) });
    measured.when(wrong.name, wrong.body, day(5)).then.refused('trial-kind', 'data.corrected.trials[0]');
  });
});

describe('InduceModel', () => {
  const cfa = { kind: 'injection', agent: 'CFA' } as const;
  const study = begun({ ...without('hypersensitivity'), model: cfa });
  const when = (data: Body, reason?: string) => {
    const { body } = at(day(3), about('R01', 'InduceModel', data));
    return study.when('InduceModel', { ...body, ...(reason && { reason }) }, day(3)).then;
  };

  it('takes the agent that is planned, and the vehicle of a sham', () => {
    when({ agent: 'cfa' }).flags();
    when({ agent: 'saline', sham: true }).flags();
  });

  it('is a deviation with another agent or kind', () => {
    when({ agent: 'carrageenan' }, 'No CFA left').flags('deviation', 'model-off-protocol');
    when({ kind: 'incision' }, 'As amended').flags('deviation', 'model-off-protocol');
    when({ agent: 'carrageenan' }).refused('reason-required', 'reason');
  });

  it('needs the weight of a dose per body weight', () => {
    when({ dose: { value: '1', unit: 'mg/kg' } }).refused('field-missing', 'data.bodyWeight');
    when({ dose: { value: '1', unit: 'mg' } }).flags();
  });
});

describe('LigateNerve', () => {
  it.each(['spinal-nerve-ligation', 'chronic-constriction', 'spared-nerve-injury', 'transection'])(
    'takes %s',
    (procedure) => {
      begun()
        .when('LigateNerve', ligated('R01', { procedure }).body, day(3))
        .then.records({ data: { procedure } });
    },
  );

  it('is a deviation where another model or operation is planned', () => {
    const operate = (model: ProtocolInput['model'], procedure: string) => {
      const { name, body } = because('As amended', ligated('R01', { procedure }));
      return begun({ ...without('hypersensitivity'), ...(model && { model }) }).when(name, body, day(3)).then;
    };
    const planned = { kind: 'nerve-injury', procedure: 'spared-nerve-injury' } as const;
    operate(planned, 'spared-nerve-injury').flags();
    operate(planned, 'sham').flags();
    operate(planned, 'transection').flags('deviation', 'model-off-protocol');
    operate({ kind: 'none' }, 'transection').flags('deviation', 'model-off-protocol');
    operate({ kind: 'injection' }, 'transection').flags('deviation', 'model-off-protocol');
    operate(undefined, 'transection').flags();
  });
});

describe('AdministerSubstance', () => {
  // Of the weight that the doses are worked out with.
  const study = begun({ ...wide, ...without('titration') }).and(
    because('Weighed twice', weighed(day(3), '312.5')),
  );
  const given = (hour: number, data: Body = {}): Sent =>
    at(day(4, `${String(hour).padStart(2, '0')}:00`), about('R01', 'AdministerSubstance', data));
  const when = (data: Body, reason?: string, bench = study) => {
    const { name, body } = given(10, data);
    return bench.when(name, { ...body, ...(reason && { reason }) }, day(4)).then;
  };
  const saline = { substance: 'saline', dose: { value: '0.9', unit: '%' } };

  it('takes a dose that is planned, in any unit of its kind', () => {
    when({}).records({ type: 'SubstanceAdministered', data: { substance: 'morphine' } });
    when({ dose: { value: '0.003', unit: 'g/kg' } }).flags();
    when({ dose: { value: '0.9375', unit: 'mg' } }).flags();
    when(saline).flags();
  });

  it('is implausible above 100 %, or with as much as the animal weighs', () => {
    when({ ...saline, dose: { value: '250', unit: '%' } }).flags('dose-implausible', 'implausible');
    when({ ...saline, dose: { value: '100', unit: '%' } }).flags();
    when({ dose: { value: '1000', unit: 'g/kg' } }).refused('quantity-impossible', 'data.dose');
    when({ dose: { value: '313', unit: 'g' } }, 'Misread').flags(
      'deviation',
      'dose-implausible',
      'dose-off-ladder',
      'implausible',
    );
  });

  it('is a deviation with a dose that is not planned', () => {
    when({ dose: { value: '2', unit: 'mg/kg' } }, 'Misread').flags('deviation', 'dose-off-ladder');
    when({ dose: { value: '0', unit: 'mg/kg' }, purpose: 'vehicle' }).flags();
  });

  it.each<[string, Body, string, string | undefined]>([
    ['a substance of another study', { substance: 'clonidine' }, 'substance-unknown', 'data.substance'],
    [
      'a unit of another kind',
      { dose: { value: '3', unit: 'nmol' } },
      'dose-not-comparable',
      'data.dose.unit',
    ],
    ['no weight for a dose per weight', { bodyWeight: undefined }, 'field-missing', 'data.bodyWeight'],
    [
      'a step of a titration that is not planned',
      { purpose: 'titration' },
      'protocol-lacks-section',
      undefined,
    ],
    ['a route that is misspelt', { route: 'subcutaneus' }, 'field-invalid', 'data.route'],
  ])('is refused with %s', (_, data, code, field) => {
    when(data).refused(code, field);
  });

  it('refuses a step of the titration of another drug', () => {
    when({ purpose: 'titration' }, undefined, begun(wide)).refused('not-titrated', 'data.purpose');
  });

  it('counts the wash-out of a substance from its own doses, vehicles and controls left out', () => {
    const early = (...before: Sent[]) => {
      const { name, body } = given(12);
      return study.and(...before).when(name, { ...body, reason: 'Early' }, day(4, '12:00')).then;
    };
    early(given(9)).flags('deviation', 'washout-short');
    early(given(9, { purpose: 'rescue' })).flags('deviation', 'washout-short');
    early(given(9, { purpose: 'vehicle', dose: { value: '0', unit: 'mg/kg' } })).flags();
    early(given(9, { purpose: 'control' })).flags();
    early(given(9, saline)).flags();
  });
});

describe('AdministerKetamine', () => {
  const clonidine = { ...exampleProtocol.titration, drug: 'clonidine' };

  it('is refused where the protocol gives another drug, and none is recorded as ketamine', () => {
    const { name, body } = dosed(day(4));
    const { message } = begun({ titration: clonidine }).when(name, body, day(4)).then.refused('not-ketamine');
    expect(message).toContain('AdministerSubstance');
  });

  it.each(['ketamine', 'S-ketamine', 'Esketamine hydrochloride'])('is taken where %s is titrated', (drug) => {
    const { name, body } = because('No catheter', dosed(day(4)));
    begun({ titration: { ...exampleProtocol.titration, drug } })
      .when(name, body, day(4))
      .then.records({ type: 'KetamineAdministered' });
  });
});

describe('ApplySCS', () => {
  const tonic = wide.stimulation!.settings![0]!;
  const burst = {
    ...tonic,
    id: 'burst',
    burst: { pulses: 5, frequency: { value: '500', unit: 'Hz' } },
  } as const;
  const settings = [tonic, burst, { id: 'sham', sham: true }];
  const study = ready({ stimulation: { ...wide.stimulation, settings } });
  const when = (data: Body) => {
    const { name, body } = because('As it happened', at(day(18), about('R01', 'ApplySCS', data)));
    return study.when(name, body, day(18)).then;
  };
  const flagged = (data: Body): string[] => {
    const { data: kept } = when(data).records({ type: 'SCSApplied' }).study.records.last!.record;
    return (kept.flags ?? []) as string[];
  };

  it('names its setting where the protocol has several', () => {
    expect(when({}).refused('setting-unknown', 'data.setting').message).toContain('tonic, burst, sham');
    when({ setting: 'high' }).refused('setting-unknown', 'data.setting');
    const { name, body } = at(day(18), about('R01', 'ApplySCS', { setting: 'tonic' }));
    ready().when(name, body, day(18)).then.refused('setting-unknown', 'data.setting');
  });

  it('is compared with the setting that it names', () => {
    expect(flagged({ setting: 'tonic' })).not.toContain('stimulation-off-protocol');
    expect(flagged({ setting: 'burst' })).toContain('stimulation-off-protocol');
    expect(flagged({ setting: 'burst', burst: burst.burst })).not.toContain('stimulation-off-protocol');
    expect(flagged({ setting: 'tonic', burst: burst.burst })).toContain('stimulation-off-protocol');
    const cycle = { on: { value: '30', unit: 's' }, off: { value: '30', unit: 's' } };
    expect(flagged({ setting: 'tonic', dutyCycle: cycle })).toContain('stimulation-off-protocol');
    expect(flagged({ setting: 'sham', amplitude: { value: '0', unit: 'mA' } })).not.toContain(
      'amplitude-off-target',
    );
  });
});
