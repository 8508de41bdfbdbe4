import { doseVolumeOf } from '../../study/rules/dose-volume.js';
import { formatQuantity, type Quantity } from '../../study/quantity.js';

/** What each flag of a record means, as the end of a sentence that begins with “This record”. */
export const FLAG_MEANINGS: Readonly<Record<string, string>> = {
  deviation: 'departs from the protocol; its reason says why, and the study director assesses it',
  implausible: 'states a value that is hardly possible in such an animal: check it',
  query: 'looked like a mistake; its reason says why it is right',
  late: 'is late: it was entered longer after the event than the protocol allows',
  unsupported: 'rests on a record that was withdrawn',
  'time-in-doubt': 'was written while the clock of the server was in doubt',

  'above-cut-off': 'states a trial above the cut-off of the assay',
  'after-end-of-use': 'says that something was done after the use of the animal had ended',
  'after-close': 'was found after the study was closed',
  'after-exclusion': 'says that something was done to an animal that was excluded',
  'amplitude-off-target':
    'states an amplitude outside the planned fraction of the motor threshold of that day',
  'before-enrolment': 'happened before the animal was enrolled',
  'before-protocol': 'happened before any protocol was approved',
  'calibration-overdue': 'was made with an instrument whose calibration was due again before that day',
  'carry-over': 'gives a dose sooner after a stimulation than the protocol allows',
  'designated-dose-effective': 'designates a dose that was effective alone in one of its courses',
  'designated-dose-with-side-effects': 'designates a dose after which side effects were scored',
  'designation-unsupported':
    'designates a dose of which no cited course shows that it is without effect and side effects',
  'dose-not-designated': 'combines stimulation with another dose than the designated one',
  'dose-off-ladder': 'gives a dose that is not among those of the protocol',
  'evidence-left-out': 'designates a dose and does not cite all of its courses',
  'flush-off-protocol':
    'states another flush than the protocol, or less than the dead volume of the catheter',
  'follows-too-old': 'follows a dose that was given too long before',
  'lot-expired': 'gives a lot after its expiry date',
  'lot-off-protocol': 'gives a lot that is not among those of the protocol',
  'lower-dose-effective': 'designates a dose although a smaller one was effective alone',
  'minute-off': 'happened at another time than its planned minute says',
  'model-off-protocol': 'states another model than the protocol',
  'no-catheter': 'gives a dose through a catheter that is not on record',
  'no-designated-dose': 'combines stimulation with a dose before any was designated',
  'no-motor-threshold-that-day': 'sets an amplitude without a motor threshold of that day',
  'not-as-planned': 'tells what departed from the protocol, or was not done',
  'not-judged-hypersensitive': 'treats an animal that is not judged hypersensitive',
  'preservative-off-protocol': 'states another preservative than the protocol',
  'route-off-protocol': 'gives a dose by another route than the protocol',
  'second-side': 'operates the second side; the ipsilateral paw stays that of the first',
  'stimulation-off-protocol': 'stimulates with other settings than the protocol',
  'trials-off-protocol': 'has another number of trials than the protocol plans',
  untrained: 'is of a procedure for which the training of whoever did it was not on record',
  'vehicle-off-protocol': 'states another vehicle than the protocol',
  'volume-off-protocol': 'states another volume than the protocol',
  'washout-short': 'gives a dose sooner after the one before than the protocol allows',

  'amplitude-out-of-range': 'states an amplitude outside the plausible range of the protocol',
  'body-weight-out-of-range': 'states a body weight outside the plausible range of the protocol',
  'dose-implausible': 'states a dose that is hardly ever given by that route',
  'dose-volume-mismatch': 'states a dose, a volume and a concentration that do not fit together',
  'dose-weight-off': 'works the dose out with a weight that is far from the last one on record',
  'handles-as-grams': 'has a ladder whose forces are the numbers on the handles of filaments, not grams',
  'lot-expiry-differs': 'states another expiry date for a lot than an earlier record',
  overlaps: 'states a stimulation that began before another one had ended',
  'percent-off': 'states another percentage of the motor threshold than amplitude and threshold give',
  'weight-jump': 'states a weight that is far from the last one on record',

  contradicts: 'says something else than another record of the same animal, thing and instant',
  'looks-like': 'enrols an animal whose identifier is easily taken for that of another',
  'same-as': 'says the same as another record of the same animal, thing and instant',

  ambiguous: 'has a touch whose response could not be told',
  'at-cut-off': 'has a trial at the cut-off that is not marked as stopped there',
  'censored-below-cut-off': 'has a trial that was stopped below the cut-off',
  'end-of-ladder': 'has a run that reached an end of the ladder before its six critical responses',
  'repeated-filament': 'has a run in which a filament was repeated after a clear response',
  'skipped-step': 'has a run that moved by more than one filament',
  'stopped-early': 'has a run that was stopped before the rule had completed it',
  'stopped-late': 'has a run that went on after the rule had completed it',
  'too-short': 'has a run with too few responses for a bound at that end of the ladder',
  'wrong-direction': 'has a run that moved against the rule',
  'wrong-start': 'has a run that began at another filament than the ladder says',

  'delayed-entry': 'was entered while there was no connection, and sent later',

  'by-another': 'corrects or withdraws what another person recorded',
  'by-program': 'was sent by a program, with a token of the person',

  imported: 'was read from a file',
  'filaments-inferred': 'was read from responses and the last filament: the filaments follow from the rule',
  'last-filament-inconsistent': 'was read from responses that do not end at the last filament named',
  'order-inferred': 'was read from a table without the order of the touches: it follows from the rule',
  'time-assumed': 'has a date or a time of day that was not in the file',
};

/** What a flag says of one record: its meaning, with the numbers where there are some. */
export function flagInWords(flag: string, data: object): string | undefined {
  const meaning = FLAG_MEANINGS[flag];
  if (meaning === undefined) return undefined;
  const stated = flag === 'dose-volume-mismatch' ? doseVolumeOf(data) : undefined;
  if (!stated) return `This record ${meaning}.`;
  const { dose, volume, concentration, microgram } = stated;
  const made: Quantity = { value: String(Number(microgram.toPrecision(4))), unit: 'ug' };
  return `This record ${meaning}: ${formatQuantity(dose)} is stated, and ${formatQuantity(volume)} at ${formatQuantity(concentration)} hold ${formatQuantity(made)}.`;
}

/** The kinds of flags: where one has a code of its own, that says more. */
const KINDS: ReadonlySet<string> = new Set(['deviation', 'implausible', 'query']);

/** What the flags of a record, or of what would be one, mean: a sentence each. */
export function flagsInWords(flags: readonly string[], data: object): string[] {
  return flags.filter((flag) => !KINDS.has(flag)).flatMap((flag) => flagInWords(flag, data) ?? []);
}
