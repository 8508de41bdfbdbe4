import { groupedBy } from '../../study/grouped-by.js';
import { substanceName, type DoseFact } from '../../study/rules/administration.js';
import type { Fact, Protocols } from '../../study/study.js';
import { item, own, type Section } from './section.js';

/** What is said under a heading, and what is missing there. */
type Said = Pick<Section, 'items' | 'gaps'>;

/** What `grouped` says of doses, substance by substance where several were given. */
export function groupedBySubstance(
  what: string,
  doses: readonly DoseFact[],
  protocols: Protocols,
  value: (dose: DoseFact) => string | undefined,
): Said {
  const bySubstance = [...groupedBy(doses, (dose) => substanceName(dose, protocols))];
  if (bySubstance.length < 2) return grouped(what, doses, value);
  const parts = bySubstance.map(([name, those]) => grouped(`${what} of ${name}`, those, value));
  return { items: parts.flatMap(({ items }) => items), gaps: parts.flatMap(({ gaps }) => gaps) };
}

/** One item for each value, with how often and where it was recorded, and a gap where it was not recorded. */
export function grouped<F extends Fact>(
  what: string,
  facts: readonly F[],
  value: (fact: F) => string | undefined,
): Said {
  const found = groupedBy(facts, value);
  const without = (found.get(undefined) ?? []).map(({ holder }) => holder);
  found.delete(undefined);
  const some = `#${without.slice(0, 5).join(' #')}${without.length > 5 ? ' …' : ''}`;
  return {
    items: [...found].map(([said, those]) =>
      item(what, `${said}: ${those.length} of ${facts.length}`, those.flatMap(own)),
    ),
    gaps:
      without.length === 0 ? [] : [`${what}: not recorded in ${without.length} of ${facts.length} (${some})`],
  };
}
