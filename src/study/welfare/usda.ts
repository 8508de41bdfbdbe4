import type { Fact } from '../study.js';
import type { Course } from './course.js';
import { isModelOfPain, isNerveInjury, isSurgery, type Use } from './animal-use.js';

/** B held and not used, C no pain and no drug, D pain eased, E pain left unrelieved. Null where the records do not say. */
export interface UsdaCategory {
  readonly category: 'B' | 'C' | 'D' | 'E' | null;
  readonly why: string;
  readonly records: readonly number[];
}

/**
 * Category of APHIS form 7023, for a laboratory's own use: rats and mice bred for research are not reported there. Pain
 * that the protocol leaves unrelieved makes E of every animal with a model of pain. An operation is D where anaesthesia and
 * analgesia are recorded, another model of pain where analgesia is, and each is undetermined where that is not.
 */
export function usdaCategory({ facts }: Course, { used, version }: Use): UsdaCategory {
  if (!used) return { category: 'B', why: 'held and never used', records: [] };
  const painful = facts.filter((fact) => isSurgery(fact) || isModelOfPain(fact));
  const records = painful.map(({ holder }) => holder);
  const model = painful.find(isModelOfPain);
  const unrelieved = version?.protocol.welfare.unrelievedPain;
  if (model && version && unrelieved) {
    const pain = isNerveInjury(model) ? 'neuropathic pain' : 'pain of the model';
    const why = `${pain} left unrelieved: ${unrelieved.justification}`;
    return { category: 'E', why, records: [model.holder, version.holder] };
  }
  const [first] = painful;
  if (!first) return { category: 'C', why: 'nothing painful was done', records: [] };
  const bare = painful.find((fact) => !isEased(fact));
  if (bare) {
    const what = isSurgery(bare)
      ? 'an operation without a record of anaesthesia or analgesia'
      : 'a model of pain without a record of analgesia';
    return { category: null, why: `${what}: withheld, or not written down`, records: [bare.holder] };
  }
  const why = painful.some(isSurgery)
    ? 'operated under anaesthesia, with analgesia'
    : 'a model of pain, with analgesia';
  return { category: 'D', why, records };
}

function isEased(fact: Fact): boolean {
  const { anaesthesia, analgesia } = (fact as Fact<'NerveLigated' | 'ModelInduced'>).data;
  return analgesia !== undefined && (anaesthesia !== undefined || !isSurgery(fact));
}
