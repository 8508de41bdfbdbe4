import { exampleProtocol as example } from '../../../src/study/commands/common/example-protocol.js';
import type { Protocol } from '../../../src/study/protocol.js';
import { RESPONDER_PRESETS } from '../../../src/study/protocol/rules.js';
import { completeProtocol, type ProtocolInput } from '../../../src/study/rules/complete-protocol.js';
import { wide } from '../bench.js';

const problemsOf = (changes: object) => {
  const completed = completeProtocol({ ...example, ...changes } as ProtocolInput);
  return Array.isArray(completed) ? completed.map(({ path, message }) => `${path}: ${message}`) : [];
};
const [heat, pair] = wide.assays!;
const rule = RESPONDER_PRESETS['A']!;
const { baseline: _, ...unbased } = example;

describe('the problems of a protocol', () => {
  it('are none for the example, with assays, substances and settings or without', () => {
    expect(problemsOf({})).toEqual([]);
    expect(problemsOf(wide)).toEqual([]);
  });

  it('are said all at once', () => {
    expect(
      problemsOf({
        ladder: 'MOUSE',
        responder: { ...rule, minPoints: 9 },
        titration: { ...example.titration, minPoints: 9 },
      }).map((problem) => problem.split(':')[0]),
    ).toEqual(['ladder', 'responder.minPoints', 'titration.minPoints']);
  });

  it.each<[string, object, string]>([
    [
      'a rule of no assay',
      { responder: { ...rule, of: 'cold' } },
      'responder.of: cold is none of the assays',
    ],
    [
      'a metric of the threshold on an assay',
      { ...wide, responder: { ...rule, of: 'heat-latency' } },
      'responder.metric: log10e4 is a metric of the threshold',
    ],
    [
      'a direction from an assay that is not named',
      { responder: { ...rule, direction: 'FROM_ASSAY' } },
      'responder.direction: FROM_ASSAY needs',
    ],
    [
      'an assay that worsens as it increases',
      { ...wide, responder: { ...rule, metric: 'percent', of: 'withdrawals' } },
      'responder.direction: an increase of withdrawals is worsening',
    ],
    [
      'a maximum possible effect without a cut-off',
      { ...wide, responder: { ...rule, metric: 'percent-mpe', of: 'weight-bearing' } },
      'needs the cut-off of weight-bearing',
    ],
    [
      'a drug that is no substance',
      { substances: [{ id: 'morphine' }] },
      'titration.drug: ketamine is titrated',
    ],
    [
      'a substance twice',
      { substances: [{ id: 'ketamine' }, { id: 'ketamine' }] },
      'substances: a substance is listed twice: ketamine',
    ],
    [
      'doses that cannot be compared',
      {
        substances: [
          {
            id: 'ketamine',
            doses: [
              { value: '1', unit: 'mg' },
              { value: '1', unit: 'nmol' },
            ],
          },
        ],
      },
      'substances[0].doses: the doses are in units that cannot be compared',
    ],
    [
      'a site twice',
      { assays: [{ ...heat, sites: ['tail', 'tail'] }] },
      'assays[0].sites: a site of heat-latency',
    ],
    ['a pair in seconds', { assays: [{ ...pair, unit: 's' }] }, 'assays[0].unit: a pair of values'],
    ['an assay twice', { assays: [heat, heat] }, 'assays: an assay is listed twice: heat-latency'],
    [
      'a setting twice',
      { stimulation: { ...wide.stimulation, settings: [1, 2].map(() => wide.stimulation!.settings![0]) } },
      'stimulation.settings: a setting is listed twice: tonic',
    ],
    [
      'settings without a frequency',
      { stimulation: { settings: [{ id: 'tonic' }] } },
      'tonic has no frequency',
    ],
    [
      'a cross-over of one setting',
      { stimulation: { ...example.stimulation, crossOver: { periods: 2, washoutHours: '24' } } },
      'stimulation.crossOver: a cross-over needs two settings',
    ],
    [
      'an operation on naive animals',
      { model: { kind: 'none', procedure: 'sham' } },
      'model.procedure: an operation',
    ],
  ])('name %s', (__, changes, problem) => {
    expect(problemsOf(changes)).toEqual(expect.arrayContaining([expect.stringContaining(problem)]));
  });

  it('name what a rule rests on and the protocol leaves out', () => {
    const leftOut = (...sections: (keyof Protocol)[]) =>
      problemsOf(Object.fromEntries(sections.map((section) => [section, undefined])));
    expect(leftOut('baseline')).toEqual([expect.stringContaining('baseline: hypersensitivity is judged by')]);
    expect(leftOut('ladder', 'censoring')).toEqual([
      expect.stringContaining('hypersensitivity: it judges the threshold'),
      expect.stringContaining('responder: it judges the threshold'),
    ]);
    expect(leftOut('censoring')).toEqual([expect.stringContaining('censoring: ')]);
    expect(leftOut('stimulation')).toEqual([expect.stringContaining('responder.reference: pre-stimulation')]);
    expect(leftOut('stimulation', 'titration')).toEqual([
      expect.stringContaining('responder: nothing is done'),
    ]);
    expect(leftOut('responder')).toEqual([expect.stringContaining('responder: the titration is judged by')]);
    const reversal = { ...rule, metric: 'percent-pre-lesion' };
    const { hypersensitivity: ___, ...unjudged } = unbased;
    const completed = completeProtocol({ ...unjudged, responder: reversal } as ProtocolInput);
    expect(completed).toEqual([{ path: 'baseline', message: expect.stringContaining('percent-pre-lesion') }]);
  });
});
