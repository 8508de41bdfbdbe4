import { commandNamed } from '../../../src/study/catalogue.js';
import { exampleProtocol } from '../../../src/study/commands/common/example-protocol.js';
import type { EventType } from '../../../src/study/events/events.js';
import type { Protocol } from '../../../src/study/protocol.js';
import type { StoredStudyRecord, StudyRecord } from '../../../src/study/record.js';
import { completeProtocol } from '../../../src/study/rules/complete-protocol.js';

const START = Date.parse('2026-03-02T08:00:00Z');
const MINUTE = 60_000;
const DAY = 24 * 60;
const protocol = completeProtocol({
  ...exampleProtocol,
  assays: [
    {
      id: 'heat-latency',
      title: 'Latency to withdraw from radiant heat',
      unit: 's',
      increase: 'relief',
      cutOff: '20',
      trials: { kind: 'value', aggregate: 'mean' },
      sites: ['left-hind-paw', 'right-hind-paw'],
    },
  ],
}) as Protocol;
/** The same, whose rules judge the assay. */
const judgingHeat = completeProtocol({
  ...protocol,
  hypersensitivity: { ...protocol.hypersensitivity!, of: 'heat-latency', metric: 'percent', limit: '20' },
  responder: {
    ...protocol.responder!,
    of: 'heat-latency',
    metric: 'difference',
    direction: 'FROM_ASSAY',
  },
}) as Protocol;

function exampleData(command: string): Record<string, unknown> {
  return commandNamed(command)?.example['data'] as Record<string, unknown>;
}

function touches(run: string): { filament: string; response: string }[] {
  return run.split(' ').map((touch) => ({ filament: touch.slice(0, -1), response: touch.slice(-1) }));
}

const RUNS = {
  high: touches('2O 4O 6O 8X 6O 8X 6O 8X'),
  middle: touches('2O 4X 2O 4X 2O 4X'),
  low: touches('2X 1X 0.6O 1X 0.6O 1X 0.6O'),
} as const;

/** Records of a study, one a minute, without the decisions that a long history would take minutes for. */
export class LongHistory {
  readonly records: StoredStudyRecord[] = [];
  private minute = 0;
  private version: number | undefined;

  constructor(
    readonly animals: readonly string[] = ['R01'],
    private readonly rules = protocol,
  ) {
    this.add('StudyOpened', exampleData('RegisterStudy'), {});
    this.amend(1);
    for (const subject of animals) this.add('SubjectEnrolled', exampleData('EnrolSubject'), { subject });
  }

  /** Number of the next record. */
  get size(): number {
    return this.records.length;
  }

  wait(minutes: number): void {
    this.minute += minutes;
  }

  add(type: EventType, data: object, { subject = 'R01', earlier = 0 }: Where = {}): number {
    const number = this.size;
    const ofStudy = ['StudyOpened', 'ProtocolApproved', 'ProtocolAmended'].includes(type);
    const recordedtime = new Date(START + MINUTE * this.minute++).toISOString();
    const record = {
      type,
      ...(!ofStudy && { subject }),
      ...(this.version !== undefined && { protocolversion: this.version }),
      actor: 'tech-1',
      actorrole: 'technician',
      time: new Date(Date.parse(recordedtime) - earlier * MINUTE).toISOString(),
      recordedtime,
      reason: 'As it was',
      data,
    };
    this.records.push({ number, leaf: '', record: record as unknown as StudyRecord });
    return number;
  }

  amend(version: number): void {
    this.add(version === 1 ? 'ProtocolApproved' : 'ProtocolAmended', { version, protocol: this.rules });
    this.version = version;
  }

  run(kind: keyof typeof RUNS, data: object = {}, where?: Where): number {
    const facts = { paw: 'ipsilateral', ladder: 'RAT-N8', touches: RUNS[kind], ...data };
    return this.add('ThresholdRecorded', facts, where);
  }

  /** Heat latencies of three trials, the last of which was stopped. */
  heat(seconds: string, data: object = {}): number {
    const trials = [{ value: seconds }, { value: seconds }, { value: '20', censored: true }];
    return this.add('MeasurementRecorded', { assay: 'heat-latency', site: 'left-hind-paw', trials, ...data });
  }

  /** Two baselines, the ligation, and three weeks later a run that makes the animal hypersensitive. */
  lesion(subject = 'R01'): { ligation: number; test: number } {
    this.run('high', {}, { subject });
    this.run('high', {}, { subject });
    const ligation = this.add('NerveLigated', exampleData('LigateNerve'), { subject });
    this.wait(20 * DAY);
    const test = this.run('low', {}, { subject });
    this.add('ElectrodeImplanted', exampleData('ImplantElectrode'), { subject });
    return { ligation, test };
  }

  /** A stimulation with as many points as the rule asks for. */
  session(data: object = {}, subject = 'R01'): number {
    const session = this.add('SCSApplied', { ...exampleData('ApplySCS'), ...data }, { subject });
    for (const minute of [15, 30]) this.run('high', { session, minute }, { subject });
    return session;
  }

  dose(): number {
    const session = this.add('KetamineAdministered', exampleData('AdministerKetamine'));
    for (const minute of [15, 30, 60]) this.run('low', { session, minute });
    return session;
  }

  /** A correction of a record that `replaces` holds now; answers its own number. */
  correct(target: number, replaces: number, changes: object = {}): number {
    const { record } = this.records[target] as StoredStudyRecord;
    const { subject = 'R01', time: occurredAt, type: corrects } = record;
    const corrected = { ...record.data, ...changes };
    const data = { target: { number: target }, replaces: { number: replaces } };
    return this.add('RecordCorrected', { ...data, subject, occurredAt, corrects, corrected }, { subject });
  }
}

interface Where {
  readonly subject?: string;
  /** Minutes by which it happened before it was recorded. */
  readonly earlier?: number;
}

type Kind = keyof typeof RUNS;

function times(n: number, each: (index: number) => void): void {
  for (let index = 0; index < n; index++) each(index);
}

/** Histories of one kind of thing n times: what a reader of projections might meet. */
export const LONG_HISTORIES: Readonly<Record<string, (n: number) => LongHistory>> = {
  'stimulations, one run after each': lesioned((study) => {
    const session = study.add('SCSApplied', exampleData('ApplySCS'));
    study.run('high', { session, minute: 15 });
  }),
  'stimulations with a whole course': lesioned((study) => study.session()),
  'aborted stimulations': lesioned((study) =>
    study.add('SCSApplied', { ...exampleData('ApplySCS'), outcome: 'aborted' }),
  ),
  'runs after a settled verdict': lesioned((study) => study.run('low')),
  'runs of one session': (n) => {
    const study = new LongHistory();
    study.lesion();
    study.run('low');
    const session = study.session();
    times(n, (index) => study.run('high', { session, minute: index % 2 ? 15 : 30 }));
    return study;
  },
  measurements: lesioned((study) => study.heat('8')),
  'stimulations judged by an assay': (n) => {
    const study = new LongHistory(['R01'], judgingHeat);
    times(2, () => study.heat('16'));
    study.lesion();
    study.heat('5');
    times(n, () => {
      const session = study.add('SCSApplied', exampleData('ApplySCS'));
      for (const minute of [15, 30]) study.heat('12', { session, minute });
    });
    return study;
  },
  'a correction of each of many measurements': (n) => {
    const study = new LongHistory();
    study.lesion();
    const first = study.size;
    times(n, () => study.heat('8'));
    times(n, (index) => study.correct(first + index, first + index));
    return study;
  },
  baselines: (n) => {
    const study = new LongHistory();
    times(n, () => study.run('high'));
    study.lesion();
    return study;
  },
  weights: lesioned((study) => study.add('BodyWeightRecorded', { weight: { value: '240', unit: 'g' } })),
  'doses with course, scores and designation': lesioned((study) => {
    const dose = study.dose();
    study.add('SideEffectsScored', { after: dose, minute: 15, scores: [{ item: 'ataxia', score: 0 }] });
    study.add('SubEffectiveDoseDesignated', {
      dose: exampleData('AdministerKetamine')['dose'],
      evidence: [dose],
      justification: 'Without effect',
    });
    study.session({ follows: dose });
  }),
  'scores of one dose': (n) => {
    const study = new LongHistory();
    study.lesion();
    const after = study.dose();
    times(n, () =>
      study.add('SideEffectsScored', { after, minute: 15, scores: [{ item: 'ataxia', score: 0 }] }),
    );
    return study;
  },
  'corrections of one run': correctedOften('test', (index) => ({
    touches: RUNS[(['low', 'middle'] as Kind[])[index % 2] as Kind],
  })),
  'corrections of the ligation': correctedOften('ligation', () => ({})),
  'a correction of each of many runs': (n) => {
    const study = new LongHistory();
    study.lesion();
    const [first, end] = [study.size, study.size + n];
    times(n, () => study.run('low'));
    for (let number = first; number < end; number++) study.correct(number, number, { touches: RUNS.middle });
    return study;
  },
  'a void of each of many runs': (n) => {
    const study = new LongHistory();
    study.lesion();
    const first = study.size;
    times(n, () => study.run('low'));
    times(n, (index) => study.add('RecordVoided', { target: { number: first + index } }));
    return study;
  },
  amendments: lesioned((study, index) => {
    study.amend(index + 2);
    study.run('low');
  }),
  'scores that reach an endpoint, each decided on': lesioned((study) => {
    const [posture, autotomy] = [3, 3];
    study.add('WelfareScored', {
      scores: [
        { item: 'posture', score: posture },
        { item: 'autotomy', score: autotomy },
      ],
    });
    study.add('EndpointDecided', {
      endpoint: protocol.welfare.endpoints[0]?.id,
      reachedBy: study.size - 1,
      decision: 'continue',
      justification: 'Looked at again in the evening',
    });
  }),
  'scores that were corrected after all decisions': (n) => {
    const study = new LongHistory();
    study.lesion();
    const scores = {
      scores: [
        { item: 'posture', score: 3 },
        { item: 'autotomy', score: 3 },
      ],
    };
    const first = study.size;
    times(n, () => study.add('WelfareScored', scores));
    const endpoint = protocol.welfare.endpoints[0]?.id;
    times(n, () =>
      study.add('EndpointDecided', { endpoint, reachedBy: first, decision: 'continue', justification: 'x' }),
    );
    times(n, (index) => study.correct(first + index, first + index));
    return study;
  },
  'operations, with a score each day': lesioned((study) => {
    study.add('ElectrodeImplanted', exampleData('ImplantElectrode'));
    study.wait(DAY);
    study.add('WelfareScored', { scores: [{ item: 'posture', score: 0 }] });
  }),
  animals: (n) => {
    const study = new LongHistory(Array.from({ length: n }, (_, index) => `R${1000 + index}`));
    for (const subject of study.animals) {
      study.lesion(subject);
      study.session({}, subject);
    }
    return study;
  },
};

/** n times the same after a lesion. */
function lesioned(each: (study: LongHistory, index: number) => void) {
  return (n: number): LongHistory => {
    const study = new LongHistory();
    study.lesion();
    times(n, (index) => each(study, index));
    return study;
  };
}

function correctedOften(which: 'ligation' | 'test', changes: (index: number) => object) {
  return (n: number): LongHistory => {
    const study = new LongHistory();
    const { [which]: target } = study.lesion();
    times(n, () => study.run('low'));
    let holder = target;
    times(n, (index) => (holder = study.correct(target, holder, changes(index))));
    return study;
  };
}
