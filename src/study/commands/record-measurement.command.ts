import type { Static } from 'typebox';
import { EVENTS } from '../events/events.js';
import type { Protocol } from '../protocol.js';
import type { Assay } from '../protocol/measurements.js';
import { refuse, refuseAll, type Refusal } from '../refusal.js';
import { trialKind, type Trial } from '../rules/measurement.js';
import { Code, Line, Minute, RecordNumber } from '../schema.js';
import { SubjectCommand, defineCommand, propose } from './common/command.js';
import { deviation, form, type Flag } from './common/flags.js';
import { Data, Optional, Required } from './common/fields.js';
import { flagMinute } from './common/minutes.js';
import { Observation } from './common/observation.js';
import { lacksSection } from './common/section.js';
import { checkSession, sessionNumbered } from './common/session.js';
import { BENCH } from '../who.js';

const { trials } = EVENTS.MeasurementRecorded.properties;

class Measurement extends Observation {
  @Required(Code, 'The assay, by its id in the protocol, such as heat-latency.')
  assay!: string;

  @Required(Code, 'Where it was measured, one of the sites of the assay.')
  site!: string;

  @Required(
    trials,
    'The single trials in order, as read, in the unit of the assay: a value, with `censored` where the trial was stopped there; n responses of so many touches of a filament; or the values of the left and the right side.',
  )
  trials!: Static<typeof trials>;

  @Optional(RecordNumber, 'Record number of the stimulation or dose that it belongs to.')
  session?: number;

  @Optional(Minute, 'Planned minutes since that stimulation or dose began.')
  minute?: number;

  @Optional(Line, 'The device, by its serial number.')
  device?: string;
}

/**
 * Records a measurement of an assay of the protocol as what was read: the single trials. Their result is computed from
 * them, never entered.
 */
export class RecordMeasurement extends SubjectCommand {
  @Data(Measurement) readonly data!: Measurement;
}

export const recordMeasurement = defineCommand(RecordMeasurement, {
  phase: 'measurement',
  who: BENCH,
  summary: 'Record a measurement of an assay',
  records: 'MeasurementRecorded',
  refuses: [
    'assay-unknown',
    'protocol-lacks-section',
    'responses-exceed-touches',
    'session-unknown',
    'site-unknown',
    'trial-kind',
  ],
  example: {
    subject: 'R01',
    data: {
      assay: 'heat-latency',
      site: 'left-hind-paw',
      trials: [{ value: '8.4' }, { value: '9.1' }, { value: '20.0', censored: true }],
    },
  },
  check: ({ data }, { animal, protocol }) => [
    data.assay === undefined ? undefined : checkAssay(protocol, data.assay),
    checkSession(animal, data.session, 'data.session'),
  ],
  decide({ data }, situation) {
    const { animal, protocol } = situation;
    const unknown = checkAssay(protocol, data.assay);
    if (unknown) return unknown;
    const assay = protocol.assays!.find(({ id }) => id === data.assay)!;
    const session = data.session === undefined ? undefined : sessionNumbered(animal, data.session);
    const unfit = refuseAll([
      checkSite(assay, data.site),
      ...data.trials.map((trial, index) => checkTrial(assay, trial, `data.trials[${index}]`)),
      checkSession(animal, data.session, 'data.session'),
    ]);
    if (unfit) return unfit;
    return propose('MeasurementRecorded', { ...data }, [
      ...flagsOf(assay, data.trials),
      flagMinute(data.minute, session, situation),
    ]);
  },
});

function checkAssay(
  protocol: Protocol,
  named: string,
): Refusal<'protocol-lacks-section' | 'assay-unknown'> | undefined {
  const { assays } = protocol;
  if (!assays) return lacksSection(protocol, 'assays', 'a measurement');
  const ids = assays.map(({ id }) => id);
  if (ids.includes(named)) return undefined;
  return refuse(
    'assay-unknown',
    `The protocol has no assay ${named}; its assays are ${ids.join(', ')}.`,
    'data.assay',
  );
}

function checkSite({ id, sites }: Assay, site: string): Refusal<'site-unknown'> | undefined {
  if (sites.includes(site)) return undefined;
  return refuse(
    'site-unknown',
    `${id} is not measured at ${site}; its sites are ${sites.join(', ')}.`,
    'data.site',
  );
}

const KINDS = {
  value: 'a value, such as {"value":"12.4"}',
  responses: 'n responses of so many touches, such as {"filament":"0.6","n":2,"of":5}',
  pair: 'a value of each side, such as {"left":"52.1","right":"40.3"}',
} as const;

/** Refuses what the assay does not read, what says nothing, and more responses than touches. */
function checkTrial(
  { id, trials: { kind } }: Assay,
  trial: Trial,
  field: string,
): Refusal<'trial-kind' | 'responses-exceed-touches'> | undefined {
  if (trialKind(trial) !== kind) return refuse('trial-kind', `A trial of ${id} is ${KINDS[kind]}.`, field);
  if (saysNothing(trial))
    return refuse(
      'trial-kind',
      `A trial of ${id} says nothing: no touch was made, or both sides are 0. Leave it out.`,
      field,
    );
  if (!('n' in trial) || trial.n <= trial.of) return undefined;
  return refuse(
    'responses-exceed-touches',
    `There are ${trial.n} responses to ${trial.of} touches: check both numbers.`,
    `${field}.n`,
  );
}

function saysNothing(trial: Trial): boolean {
  if ('of' in trial) return trial.of === 0;
  return 'left' in trial && Number(trial.left) === 0 && Number(trial.right) === 0;
}

/** What is odd and can be: another number of trials than planned, and a cut-off that was not kept. */
function flagsOf({ cutOff, trials: { count } }: Assay, all: readonly Trial[]): (Flag | false)[] {
  const values = cutOff === undefined ? [] : all.filter((trial) => 'value' in trial);
  const beyond = (trial: { value: string }): number => Number(trial.value) - Number(cutOff);
  return [
    count !== undefined && all.length !== count && deviation('trials-off-protocol'),
    values.some((trial) => beyond(trial) > 0) && deviation('above-cut-off'),
    values.some((trial) => beyond(trial) === 0 && !trial.censored) && form('at-cut-off'),
    values.some((trial) => beyond(trial) < 0 && trial.censored) && form('censored-below-cut-off'),
  ];
}
