import type { OpenQuestion, UseRecord } from './animal-use-record.js';

/** The codes of questions that keep any return from being complete; the others are for information. */
export const BLOCKING: ReadonlySet<string> = new Set([
  'not-enrolled',
  'severity-not-assessed',
  'severity-contradicted',
  'severity-above-licence',
  'use-missing',
  'place-of-birth-missing',
  'genetic-status-missing',
  'new-line-missing',
  'licence-missing',
  'purpose-missing',
  'legislation-missing',
  'legal-type-contradicted',
]);

type Known = Omit<UseRecord, 'openQuestions'>;

export function openQuestions(known: Known, studyClosed: boolean): OpenQuestion[] {
  const questions: OpenQuestion[] = [];
  const ask = (code: string, text: string, records: readonly number[] = []): void => {
    questions.push({ code, text, records });
  };
  const { use, fate, humaneEndpoints, monitoring, adverseEvents } = known;
  if (use.enrolledOn.value === null) ask('not-enrolled', 'no enrolment holds');
  if (studyClosed && fate.value === null)
    ask('fate-missing', 'the study is closed, and nothing says what became of it');
  for (const { id, record, decision } of humaneEndpoints.reached) {
    if (decision === null)
      ask('endpoint-undecided', `endpoint ${id} was reached, and nothing is decided`, [record]);
  }
  for (const { id, missed } of monitoring.checks) {
    const [first] = missed;
    if (first)
      ask('monitoring-missed', `${id}: missed from ${first.from}, ${missed.length} stretches in all`);
  }
  for (const { expected, reportedTo, record } of adverseEvents) {
    if (!expected && reportedTo === null)
      ask('event-not-reported', 'an unexpected event, and nobody told of it', [record]);
  }
  if (use.used) {
    if (!isTissueOnly(known)) askAboutSeverity(known, ask);
    askAboutAnimal(known, ask);
    askAboutLicence(known, ask);
  }
  if (known.animal.bredForProcedures.value === null)
    ask('bred-missing', 'not said whether it was bred for procedures');
  if (known.animal.supplier.value === null) ask('supplier-missing', 'not said from whom it came');
  return questions;
}

/** Killed for tissue without an earlier procedure: no severity is assessed. */
export function isTissueOnly({ use, procedures }: Pick<Known, 'use' | 'procedures'>): boolean {
  return use.legalType.value === 'killed-for-tissue' && procedures.length === 0;
}

type Ask = (code: string, text: string, records?: readonly number[]) => void;

function askAboutSeverity({ severity, use }: Known, ask: Ask): void {
  const { actual, prospective, proposed } = severity;
  if (use.endedOn.value === null) return;
  if (!actual) {
    const proposal = proposed ? `; the records propose ${proposed.severity}` : '';
    return ask('severity-not-assessed', `nobody has assessed its severity${proposal}`, proposed?.evidence);
  }
  if (actual.contradictedBy.length > 0) {
    ask(
      'severity-contradicted',
      `assessed as ${actual.severity}, and graded higher without a reason: correct the assessment`,
      [actual.record, ...actual.contradictedBy],
    );
  }
  const foreseen = prospective.value;
  if (
    foreseen !== null &&
    ORDER.indexOf(actual.severity) > ORDER.indexOf(foreseen) &&
    actual.reason === null
  ) {
    ask(
      'severity-above-licence',
      `${actual.severity}, where the licence foresaw ${foreseen}, without a reason`,
      [actual.record],
    );
  }
}

const ORDER: readonly string[] = ['mild', 'moderate', 'severe'];

function askAboutAnimal({ animal, use }: Known, ask: Ask): void {
  if (use.reuse.value === null) ask('use-missing', 'not said whether it was used before');
  if (use.reuse.value === false && animal.placeOfBirth.value === null)
    ask('place-of-birth-missing', 'not said where it was born');
  if (animal.geneticStatus.value === null) ask('genetic-status-missing', 'its genetic status is not said');
  if (animal.newGeneticLine.value === null)
    ask('new-line-missing', 'not said whether it served a new genetic line');
}

function askAboutLicence({ use, procedures }: Known, ask: Ask): void {
  if (use.legalType.value === 'killed-for-tissue' && procedures.length > 0)
    ask(
      'legal-type-contradicted',
      'licensed for killing alone, and something was done to it',
      procedures[0]?.records,
    );
  if (use.project.value === null) return ask('licence-missing', 'its protocol names no licence');
  if (use.purpose.value === null) return ask('purpose-missing', 'its licence names no purpose');
  if (use.purpose.value.area === 'regulatory' && use.legislation.value === null)
    ask('legislation-missing', 'a regulatory purpose, and the licence names no law');
}
