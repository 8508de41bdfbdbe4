import type { Induction } from '../../study/rules/induction.js';
import type { Fact } from '../../study/study.js';

const MODELS = {
  injection: 'injection',
  systemic: 'first dose',
  incision: 'incision',
  other: 'induction',
} as const;

/** What day 0 of an animal was: `ligation`, `injury`, `injection`, `enrolment`. */
export function inductionInWords(fact: Fact<Induction> | undefined): string {
  switch (fact?.type) {
    case 'NerveLigated':
      return /ligation|sham/.test((fact as Fact<'NerveLigated'>).data.procedure) ? 'ligation' : 'injury';
    case 'ModelInduced':
      return MODELS[(fact as Fact<'ModelInduced'>).data.kind];
    case 'SubjectEnrolled':
      return 'enrolment';
    default:
      return 'induction of the model';
  }
}
