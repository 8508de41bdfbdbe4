import { Chart } from '../../src/study/rules/chart.js';
import { judgeHypersensitivity } from '../../src/study/rules/hypersensitivity.js';
import { judgeResponse } from '../../src/study/rules/responder.js';
import { Protocols, factsOf, type Study } from '../../src/study/study.js';

/** How many animals reached each stage, by the verdicts that the study's own rules give. */
export interface Counts {
  enrolled: number;
  ligated: number;
  hypersensitive: number;
  neverHypersensitive: number;
  responders: number;
  nonResponders: number;
  titrated: number;
  designated: number;
  combined: number;
  converted: number;
}

export function countsOf(study: Study): Counts {
  const protocols = new Protocols(study);
  const histories = [...study.subjects.values()].map(({ facts }) => facts.toArray());
  const count = (holds: (history: (typeof histories)[number]) => boolean): number =>
    histories.filter(holds).length;
  return {
    enrolled: count((h) => factsOf(h, 'SubjectEnrolled').length > 0),
    ligated: count((h) => factsOf(h, 'NerveLigated').length > 0),
    hypersensitive: count((h) => judgeHypersensitivity(new Chart(h, protocols)).holds === true),
    neverHypersensitive: count((h) => judgeHypersensitivity(new Chart(h, protocols)).holds === false),
    responders: count((h) => judgeResponse('scs', new Chart(h, protocols)).holds === true),
    nonResponders: count((h) => judgeResponse('scs', new Chart(h, protocols)).holds === false),
    titrated: count((h) =>
      factsOf(h, 'KetamineAdministered').some(({ data }) => data.purpose === 'titration'),
    ),
    designated: count((h) => factsOf(h, 'SubEffectiveDoseDesignated').length > 0),
    combined: count((h) => factsOf(h, 'SCSApplied').some(({ data }) => data.follows !== undefined)),
    converted: count(
      (h) =>
        judgeResponse('scs', new Chart(h, protocols)).holds === false &&
        judgeResponse('combination', new Chart(h, protocols)).holds === true,
    ),
  };
}
