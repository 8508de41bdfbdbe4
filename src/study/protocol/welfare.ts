import type { Static } from 'typebox';
import { Type } from '../schema-types.js';
import { Decimal } from '../quantity.js';
import {
  Code,
  Line,
  ProspectiveSeverity,
  Score,
  Severity,
  Text,
  closed,
  member,
  optionalMember,
} from '../schema.js';

/** How animals are looked after: score sheets, endpoints, monitoring, and the licence. */

const Item = closed({
  code: member(Code, 'The name that scores give the item.'),
  label: member(Line, 'What is looked at.'),
  max: member(Score, 'The worst score; 0 is none.'),
});
const Items = Type.Array(Item, { minItems: 1, maxItems: 40 });

export const SideEffectsSchema = closed({
  scale: member(Line, 'The name that scores give the scale.'),
  items: member(Items, 'What is scored.'),
});

const Endpoint = closed({
  id: member(Code, 'The name that decisions give the endpoint.'),
  description: member(Text, 'The endpoint in words.'),
  weightLossPercent: optionalMember(
    Decimal,
    'Loss of body weight against the heaviest weight since enrolment, per cent.',
  ),
  totalScore: optionalMember(Score, 'Sum of the welfare sheet at or above which the endpoint is reached.'),
  itemScore: optionalMember(
    closed({
      item: member(Code, 'The item, by its code.'),
      atLeast: member(Score, 'Score from which the endpoint is reached.'),
    }),
    'One item of the sheet, and the score at or above which the endpoint is reached.',
  ),
});

/** What is done to an animal, as far as a protocol can give it a severity of its own. */
export const ProcedureKind = Type.Enum([
  'partial-ligation',
  'sham-ligation',
  'spinal-nerve-ligation',
  'chronic-constriction',
  'spared-nerve-injury',
  'transection',
  'injection-of-agent',
  'systemic-agent',
  'incision',
  'other-induction',
  'sham-induction',
  'electrode',
  'catheter',
  'dose',
  'stimulation',
  'motor-threshold',
  'threshold-test',
  'measurement',
]);

export type ProcedureKind = Static<typeof ProcedureKind>;

const Graded = member(Severity, 'The severity in the licence’s own scheme.');

/** The severity of an observation in the licence's own scheme; observations that are not listed are not graded. */
const Grading = {
  grades: optionalMember(
    Type.Array(
      closed({
        atLeast: member(Score, 'Score from which the grade holds.'),
        severity: Graded,
        item: optionalMember(Code, 'The item that is graded; the sum of the sheet where left out.'),
      }),
      { maxItems: 40 },
    ),
    'Severity by the sum of the sheet, or by one of its items.',
  ),
  weightGrades: optionalMember(
    Type.Array(
      closed({
        lossPercent: member(Decimal, 'Loss from which the grade holds, per cent.'),
        severity: Graded,
      }),
      { maxItems: 10 },
    ),
    'Severity by the loss of weight against the heaviest since enrolment, per cent.',
  ),
  procedureGrades: optionalMember(
    Type.Array(closed({ procedure: member(ProcedureKind, 'What is done.'), severity: Graded }), {
      maxItems: 20,
    }),
    'Severity by the procedure, whatever is observed.',
  ),
};

const Monitoring = closed({
  id: member(Code, 'The name of the check.'),
  check: member(Type.Enum(['welfare-score', 'body-weight']), 'What is checked.'),
  everyDays: member(Type.Integer({ minimum: 1, maximum: 31 }), 'The check is due again after so many days.'),
  afterSurgeryDays: optionalMember(
    Type.Integer({ minimum: 1, maximum: 60 }),
    'Only during so many days after an operation; always where left out.',
  ),
});

export const WelfareSchema = closed({
  sheet: member(Line, 'The name that scores give the sheet.'),
  items: member(Items, 'What is scored.'),
  ...Grading,
  endpoints: member(Type.Array(Endpoint, { maxItems: 20 }), 'Humane endpoints.'),
  monitoring: optionalMember(Type.Array(Monitoring, { maxItems: 12 }), 'Checks that are due.'),
  refinement: optionalMember(Text, 'What is done to reduce pain, beside what each record says.'),
  unrelievedPain: optionalMember(
    closed({ justification: member(Text, 'The reason, in words.') }),
    'Why pain is left unrelieved, where the question of the study needs that.',
  ),
});

/** The techniques of special interest of the British Return of Procedures. */
const Technique = Type.Enum([
  'forced-swim-test',
  'household-product-testing',
  'tobacco-product-testing',
  'alcohol-product-testing',
  'monoclonal-antibodies-from-ascites',
]);

export const LicenceSchema = closed({
  number: member(Line, 'Number of the licence.'),
  title: optionalMember(Line, 'Its title.'),
  authority: optionalMember(Line, 'Who granted it.'),
  prospectiveSeverity: member(ProspectiveSeverity, 'The severity that it foresees.'),
  legalType: optionalMember(
    Type.Enum(['procedure', 'killed-for-tissue']),
    'Under German law: a procedure (§ 7 (2) TierSchG), or killing for tissue (§ 4 (3)).',
  ),
  purpose: optionalMember(
    closed({
      area: member(Code, 'Area, such as translational.'),
      field: optionalMember(Code, 'Field of it, such as nervous.'),
      other: optionalMember(Line, 'The purpose in words, where no field fits.'),
    }),
    'Purpose, in the words of the statistics.',
  ),
  endangered: optionalMember(
    Type.Boolean(),
    'Whether the species is an endangered one. Asked by the return of the United Kingdom alone.',
  ),
  techniques: optionalMember(
    Type.Array(Technique, { maxItems: 5, uniqueItems: true }),
    'The techniques of special interest that are used; an empty list where none is. Asked by the return of the United Kingdom alone.',
  ),
  legislation: optionalMember(
    closed({
      law: member(Code, 'The law, such as human-medicines.'),
      origin: member(Code, 'Where it comes from, such as eu.'),
    }),
    'For regulatory purposes only: the law that asks for the test, and where that law comes from.',
  ),
  predicted: optionalMember(
    Type.Array(
      closed({
        severity: member(ProspectiveSeverity, 'The severity.'),
        animals: member(Type.Integer({ minimum: 0, maximum: 100_000 }), 'How many animals.'),
      }),
      { maxItems: 4 },
    ),
    'The animals of this study by severity, as the non-technical summary predicts them.',
  ),
});
