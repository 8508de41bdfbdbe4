import type { Protocol } from '../protocol.js';
import { isDose } from '../rules/administration.js';
import { inductionType } from '../rules/induction.js';
import { ketamineIn, substancesOf } from '../rules/planned.js';
import type { Fact } from '../study.js';

/** Something that can be recorded about an animal, whether it is due or not. */
export interface Doable {
  readonly group: 'measure' | 'treat' | 'care' | 'operate' | 'end';
  /** In words: “Body weight”. */
  readonly what: string;
  /** The command that records it, and what is known before: as much of its data, and which substance of the protocol. */
  readonly command: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** What can be recorded about a living animal under a protocol, the usual first. */
export function canBeDone(history: readonly Fact[], protocol: Protocol): Doable[] {
  const has = (type: Fact['type']): boolean => history.some((fact) => fact.type === type);
  const session = history.findLast((fact) => fact.type === 'SCSApplied' || isDose(fact));
  return [
    ...measurements(protocol),
    ...(protocol.stimulation && has('ElectrodeImplanted') ? STIMULATION : []),
    ...doses(protocol),
    ...(protocol.sideEffects && session
      ? [
          doable('treat', 'Side effects', 'ScoreSideEffects', {
            scale: protocol.sideEffects.scale,
            after: session.number,
          }),
        ]
      : []),
    ...CARE,
    ...operations(protocol),
    ...(history.some(isDose) && protocol.titration
      ? [doable('end', 'Designation of a dose', 'DesignateSubEffectiveDose')]
      : []),
    ...END,
  ];
}

function doable(group: Doable['group'], what: string, command: string, data: Doable['data'] = {}): Doable {
  return { group, what, command, data };
}

function measurements({ ladder, assays = [] }: Protocol): Doable[] {
  const paws = ladder ? (['ipsilateral', 'contralateral'] as const) : [];
  return [
    ...paws.map((paw) =>
      doable('measure', `Threshold, ${paw} paw`, 'RecordThreshold', { paw, ladder: ladder!.id }),
    ),
    ...assays.map(({ id }) => doable('measure', sentenceCase(id), 'RecordMeasurement', { assay: id })),
  ];
}

const STIMULATION = [
  doable('treat', 'Motor threshold', 'DetermineMotorThreshold'),
  doable('treat', 'Stimulation', 'ApplySCS'),
];

function doses(protocol: Protocol): Doable[] {
  const ketamine = ketamineIn(protocol)?.id;
  return substancesOf(protocol).map(({ id, name }) => {
    const command = id === ketamine ? 'AdministerKetamine' : 'AdministerSubstance';
    return doable('treat', `Dose of ${name ?? id}`, command, { substance: id });
  });
}

const CARE = [
  doable('care', 'Body weight', 'RecordBodyWeight'),
  doable('care', 'Welfare score', 'ScoreWelfare'),
  doable('care', 'Adverse event', 'ReportAdverseEvent'),
  doable('care', 'Intervention', 'RecordIntervention'),
];

function operations(protocol: Protocol): Doable[] {
  const type = inductionType(protocol);
  return [
    ...(type === 'NerveLigated' ? [doable('operate', 'Operation on the nerve', 'LigateNerve')] : []),
    ...(type === 'ModelInduced' ? [doable('operate', 'Induction of the model', 'InduceModel')] : []),
    ...(protocol.stimulation ? [doable('operate', 'Electrode', 'ImplantElectrode')] : []),
    ...(substancesOf(protocol).length > 0 ? [doable('operate', 'Catheter', 'ImplantCatheter')] : []),
  ];
}

const END = [
  doable('end', 'Exclusion', 'ExcludeSubject'),
  doable('end', 'Euthanasia', 'EuthaniseSubject'),
  doable('end', 'Another end', 'RecordFate'),
];

function sentenceCase(id: string): string {
  const words = id.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
