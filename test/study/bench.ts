import { commandNamed } from '../../src/study/catalogue.js';
import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import type { ProtocolInput } from '../../src/study/rules/complete-protocol.js';
import { given, sent, type Body, type Given, type Sent } from './specification.js';

/** What a bench of the example protocol sends, on days counted from the approval on 2 March 2026. */

/** `day(14, '10:30')` is 16 March 2026 at 10:30 UTC. */
export function day(number: number, clock = '10:00'): string {
  const date = String(2 + number).padStart(2, '0');
  return number < 30
    ? `2026-03-${date}T${clock}:00Z`
    : `2026-04-${String(number - 29).padStart(2, '0')}T${clock}:00Z`;
}

export function example(name: string): Body {
  return commandNamed(name)?.example ?? {};
}

export function exampleData(name: string): Body {
  return example(name)['data'] as Body;
}

/** The command's example about an animal, with other data and other members where given. */
export function about(subject: string, name: string, data: Body = {}, rest: Body = {}): Sent {
  return sent(name, { ...example(name), subject, ...rest, data: { ...exampleData(name), ...data } });
}

export function at(occurredAt: string, { name, body }: Sent): Sent {
  return sent(name, { ...body, occurredAt });
}

/** Why: for what is due to give a reason. */
export function because(reason: string, { name, body, clock }: Sent): Sent {
  return sent(name, { ...body, reason }, clock);
}

export const registered = sent('RegisterStudy', example('RegisterStudy'), '2026-03-02T08:00:00Z');
export const approved = approvedWith({});

/** A section that is undefined is left out. */
export function approvedWith(changes: Partial<ProtocolInput>): Sent {
  const members = Object.entries({ ...exampleProtocol, ...changes });
  const protocol = Object.fromEntries(members.filter(([, value]) => value !== undefined));
  return sent('ApproveProtocol', { data: { protocol } }, '2026-03-02T08:10:00Z');
}

/** What the example study leaves out: assays, substances, a model, and a setting of the stimulation with a name. */
export const wide: Partial<ProtocolInput> = {
  model: { kind: 'nerve-injury' },
  assays: [
    {
      id: 'heat-latency',
      title: 'Latency to withdraw from radiant heat',
      unit: 's',
      increase: 'relief',
      cutOff: '20.0',
      trials: { kind: 'value', aggregate: 'mean' },
      sites: ['left-hind-paw', 'right-hind-paw'],
    },
    {
      id: 'weight-bearing',
      title: 'Share of weight on the injured side',
      unit: '%',
      increase: 'relief',
      trials: { kind: 'pair', count: 3, aggregate: 'median' },
      sites: ['hind-paws'],
    },
    {
      id: 'withdrawals',
      title: 'Withdrawals of ten touches',
      unit: '%',
      increase: 'worsening',
      trials: { kind: 'responses', aggregate: 'mean' },
      sites: ['left-hind-paw'],
    },
  ],
  substances: [
    { id: 'ketamine' },
    {
      id: 'morphine',
      doses: ['1', '3'].map((value) => ({ value, unit: 'mg/kg' as const })),
      washoutHours: '24',
    },
    { id: 'saline' },
  ],
  stimulation: {
    duration: exampleProtocol.stimulation.duration!,
    amplitudeFraction: exampleProtocol.stimulation.amplitudeFraction!,
    settings: [
      {
        id: 'tonic',
        frequency: exampleProtocol.stimulation.frequency!,
        pulseWidth: exampleProtocol.stimulation.pulseWidth!,
      },
    ],
  },
};

export function enrolled(subject: string): Sent {
  return at('2026-03-02T08:20:00Z', about(subject, 'EnrolSubject'));
}

/** Records 0 to 2: registered, approved, R01 enrolled. */
export function begun(changes: Partial<ProtocolInput> = {}): Given {
  return given(registered, approvedWith(changes), enrolled('R01'));
}

export function ligated(subject = 'R01', data: Body = {}): Sent {
  return at(day(3), about(subject, 'LigateNerve', data));
}

export function electrode(subject = 'R01', data: Body = {}): Sent {
  return about(subject, 'ImplantElectrode', data);
}

export function catheter(subject = 'R01'): Sent {
  return about(subject, 'ImplantCatheter');
}

/** A run that follows the rule of RAT-N8, by its outcome in grams: 15+ is a bound above, 0.4- one below. */
const RUNS = {
  '15+': '2O 4O 6O 8O 15O',
  /** OOOXOX… at 2 4 6 8 6 8 6 8. */
  high: '2O 4O 6O 8X 6O 8X 6O 8X',
  middle: '2O 4X 2O 4X 2O 4X',
  low: '2X 1X 0.6O 1X 0.6O 1X 0.6O',
  '0.4-': '2X 1X 0.6X 0.4X',
} as const;

export type Run = keyof typeof RUNS;

export function touches(run: string): { filament: string; response: string }[] {
  return run.split(' ').map((touch) => ({ filament: touch.slice(0, -1), response: touch.slice(-1) }));
}

export function measured(run: Run, when: string, data: Body = {}, subject = 'R01'): Sent {
  return at(when, about(subject, 'RecordThreshold', { touches: touches(RUNS[run]), ...data }));
}

export function motorThreshold(when: string, data: Body = {}, subject = 'R01'): Sent {
  return at(when, about(subject, 'DetermineMotorThreshold', data));
}

export function stimulated(when: string, data: Body = {}, subject = 'R01'): Sent {
  return at(when, about(subject, 'ApplySCS', data));
}

export function dosed(when: string, data: Body = {}, subject = 'R01'): Sent {
  return at(when, about(subject, 'AdministerKetamine', data));
}

export function sideEffects(when: string, after: number, score = 0, minute = 15, subject = 'R01'): Sent {
  const scores = [{ item: 'ataxia', score }];
  return at(when, about(subject, 'ScoreSideEffects', { after, minute, scores }));
}

export function weighed(when: string, grams = '243.70', subject = 'R01'): Sent {
  return at(when, about(subject, 'RecordBodyWeight', { weight: { value: grams, unit: 'g' } }));
}

export function died(when: string, subject = 'R01'): Sent {
  return at(when, about(subject, 'EuthaniseSubject'));
}

export function excluded(when: string, subject = 'R01'): Sent {
  return at(when, about(subject, 'ExcludeSubject'));
}

export function corrected(target: number, data: Body, rest: Body = {}): Sent {
  return sent('CorrectRecord', {
    reason: 'Copied wrongly',
    ...rest,
    data: { target: { number: target }, ...data },
  });
}

export function voided(target: number, rest: Body = {}): Sent {
  return sent('VoidRecord', { reason: 'Entered by mistake', ...rest, data: { target: { number: target } } });
}

export const closed = sent('CloseStudy', { data: { outcome: 'completed' } });

/**
 * Records 3 to 9: two baselines, ligation, a fall, an electrode and a catheter, a motor threshold on the morning of
 * day 18: R01 is hypersensitive and ready for stimulation.
 */
export function ready(changes: Partial<ProtocolInput> = {}): Given {
  return begun(changes).and(
    measured('15+', day(1)),
    measured('high', day(2)),
    ligated(),
    measured('low', day(17)),
    at(day(17, '14:00'), electrode()),
    at(day(17, '15:00'), catheter()),
    motorThreshold(day(18, '09:00')),
  );
}
