import { Type } from '../schema-types.js';
import { isLargerDose, isSameDose } from '../dose.js';
import type { Protocol } from '../protocol.js';
import { AnyDose } from '../quantity.js';
import { refuse } from '../refusal.js';
import { isTitrated, type DoseFact } from '../rules/administration.js';
import { Chart } from '../rules/chart.js';
import { judgeDose, type DoseVerdict } from '../rules/titration.js';
import { RecordNumber, Text } from '../schema.js';
import { SubjectCommand, defineCommand, propose } from './common/command.js';
import { deviation } from './common/flags.js';
import { Data, Required } from './common/fields.js';
import { lacksSection } from './common/section.js';
import { checkDose, doseNumbered } from './common/session.js';
import { THE_STUDY_DIRECTOR } from '../who.js';

const Evidence = Type.Array(RecordNumber, { minItems: 1, maxItems: 50, uniqueItems: true });

class Designation {
  @Required(AnyDose, 'The dose designated.')
  dose!: AnyDose;

  @Required(Evidence, 'Record numbers of the administrations whose courses justify it.')
  evidence!: number[];

  @Required(Text, 'Why this dose.')
  justification!: string;
}

/** Names the animal's own sub-effective dose, on the evidence of its titration. */
export class DesignateSubEffectiveDose extends SubjectCommand {
  @Data(Designation) readonly data!: Designation;
}

export const designateSubEffectiveDose = defineCommand(DesignateSubEffectiveDose, {
  phase: 'treatment',
  who: THE_STUDY_DIRECTOR,
  summary: 'Designate the sub-effective dose of an animal',
  records: 'SubEffectiveDoseDesignated',
  refuses: ['administration-unknown', 'protocol-lacks-section'],
  example: {
    subject: 'R01',
    data: {
      dose: { value: '30', unit: 'ug' },
      evidence: [57],
      justification: 'Highest dose without effect and without side effects',
    },
  },
  check: ({ data: { evidence = [] } }, { animal }) =>
    evidence.map((number, index) => checkDose(animal, number, `data.evidence[${index}]`)),
  decide({ data, subject }, { animal, protocol, protocols }) {
    if (!protocol.titration) return lacksSection(protocol, 'titration', 'a designated dose');
    const administrations = data.evidence.map((number) => doseNumbered(animal, number));
    const missing = administrations.findIndex((fact) => !fact || !isTitrated(fact, protocols.of(fact)));
    if (missing >= 0) {
      return refuse(
        'administration-unknown',
        `Record ${data.evidence[missing]} is no earlier dose of ${protocol.titration.drug} to ${subject}: name the doses that were titrated.`,
        `data.evidence[${missing}]`,
      );
    }
    const chart = new Chart(animal.history(), protocols);
    const courses = coursesIn(chart, protocol);
    const ofThatDose = courses.filter(
      ({ data: given, isMeasured }) => isMeasured && isSameDose(data.dose, given.dose, given.bodyWeight),
    );
    const cited = ofThatDose.filter(({ number }) => data.evidence.includes(number));
    const smaller = courses.filter(({ data: given }) =>
      isLargerDose(data.dose, given.dose, given.bodyWeight),
    );
    return propose('SubEffectiveDoseDesignated', { ...data }, [
      ofThatDose.some(isEffective) && deviation('designated-dose-effective'),
      ofThatDose.some(({ sideEffects }) => sideEffects === true) &&
        deviation('designated-dose-with-side-effects'),
      smaller.some(isEffective) && deviation('lower-dose-effective'),
      cited.length < ofThatDose.length && deviation('evidence-left-out'),
      !cited.some(({ effective, sideEffects }) => effective.holds === false && sideEffects === false) &&
        deviation('designation-unsupported'),
    ]);
  },
});

/** A dose of the titrated drug, and what came of it. */
interface Course extends DoseVerdict {
  readonly number: number;
  readonly data: DoseFact['data'];
  /** Whether anything was measured or scored after it, before a stimulation. */
  readonly isMeasured: boolean;
}

function coursesIn(chart: Chart, protocol: Protocol): Course[] {
  return [...chart.doses]
    .filter((dose) => isTitrated(dose, protocol))
    .map((dose) => {
      const verdict = judgeDose(dose, chart);
      const isStep = dose.data.purpose === 'titration';
      const isMeasured =
        verdict.effective.holds !== null ||
        (isStep && (verdict.sideEffects !== null || chart.thresholds.inSession(dose.number).isMeasured));
      return { number: dose.number, data: dose.data, isMeasured, ...verdict };
    });
}

function isEffective({ effective }: Course): boolean {
  return effective.holds === true;
}
