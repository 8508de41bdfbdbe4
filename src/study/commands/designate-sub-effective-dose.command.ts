import { Type } from '../schema-types.js';
import { isSameDose } from '../dose.js';
import { AnyDose } from '../quantity.js';
import { refuse } from '../refusal.js';
import { isTitrated } from '../rules/administration.js';
import { Chart } from '../rules/chart.js';
import { judgeDose } from '../rules/titration.js';
import { RecordNumber, Text } from '../schema.js';
import { SubjectCommand, defineCommand, propose } from './common/command.js';
import { deviation } from './common/flags.js';
import { Data, Required } from './common/fields.js';
import { lacksSection } from './common/section.js';
import { doseNumbered } from './common/session.js';

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
    const history = animal.history();
    const given = administrations.filter((fact) => fact !== undefined);
    const ofThatDose = given.filter(({ data: { dose, bodyWeight } }) =>
      isSameDose(data.dose, dose, bodyWeight),
    );
    const courses = ofThatDose.map((fact) => judgeDose(fact, new Chart(history, protocols)));
    return propose('SubEffectiveDoseDesignated', { ...data }, [
      courses.some(({ effective }) => effective.holds === true) && deviation('designated-dose-effective'),
      courses.some(({ sideEffects }) => sideEffects === true) &&
        deviation('designated-dose-with-side-effects'),
      !courses.some(({ effective, sideEffects }) => effective.holds === false && sideEffects === false) &&
        deviation('designation-unsupported'),
    ]);
  },
});
