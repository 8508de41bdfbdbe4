import type { Fact } from '../study.js';
import type { Course } from './course.js';
import { SURGERIES, procedureOf, type Use } from './animal-use.js';

/** B held and not used, C no pain and no drug, D pain eased, E pain left unrelieved. Null where the records do not say. */
export interface UsdaCategory {
  readonly category: 'B' | 'C' | 'D' | 'E' | null;
  readonly why: string;
  readonly records: readonly number[];
}

/**
 * Category of APHIS form 7023, for a laboratory's own use: rats and mice bred for research are not reported there. Pain
 * that the protocol leaves unrelieved makes E of every lesioned animal; an operation is D where anaesthesia and
 * analgesia are recorded, and undetermined where either is not.
 */
export function usdaCategory({ facts }: Course, { used, version }: Use): UsdaCategory {
  if (!used) return { category: 'B', why: 'held and never used', records: [] };
  const operations = facts.filter((fact) => SURGERIES.has(procedureOf(fact) ?? 'threshold-test'));
  const records = operations.map(({ holder }) => holder);
  const lesion = operations.find((fact) => procedureOf(fact) === 'partial-ligation');
  const unrelieved = version?.protocol.welfare.unrelievedPain;
  if (lesion && version && unrelieved) {
    const why = `neuropathic pain left unrelieved: ${unrelieved.justification}`;
    return { category: 'E', why, records: [lesion.holder, version.holder] };
  }
  const [first] = operations;
  if (!first) return { category: 'C', why: 'nothing painful was done', records: [] };
  const bare = operations.find((fact) => {
    const { anaesthesia, analgesia } = (fact as Fact<'NerveLigated'>).data;
    return !anaesthesia || !analgesia;
  });
  if (!bare) return { category: 'D', why: 'operated under anaesthesia, with analgesia', records };
  const why = 'an operation without a record of anaesthesia or analgesia: withheld, or not written down';
  return { category: null, why, records: [bare.holder] };
}
