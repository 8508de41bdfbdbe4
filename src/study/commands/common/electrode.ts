import { refuse, type Refusal } from '../../refusal.js';
import type { AnimalAt } from './animal-at.js';

/** What is stimulated has an electrode. */
export function checkElectrode(animal: AnimalAt): Refusal<'no-electrode'> | undefined {
  if (animal.last('ElectrodeImplanted')) return undefined;
  return refuse(
    'no-electrode',
    `${animal.id} has no electrode on record by then: record its implantation first.`,
    'subject',
  );
}
