import { refuse, type Refusal } from '../../refusal.js';

interface Item {
  code: string;
  max: number;
}

/** Refuses scores on another scale than the protocol's, on unknown items, above an item's maximum, or twice. */
export function checkScores(
  used: string,
  planned: string,
  scores: readonly { item: string; score: number }[],
  items: readonly Item[],
  field: 'data.scale' | 'data.sheet',
): Refusal<'scale-unknown' | 'item-unknown' | 'score-too-high' | 'item-twice'> | undefined {
  if (used !== planned) return refuse('scale-unknown', `The protocol scores on “${planned}”.`, field);
  const seen = new Set<string>();
  for (const [index, { item, score }] of scores.entries()) {
    const known = items.find(({ code }) => code === item);
    const place = `data.scores[${index}]`;
    if (!known) {
      const codes = items.map(({ code }) => code).join(', ');
      return refuse(
        'item-unknown',
        `“${planned}” has no item ${item}; its items are ${codes}.`,
        `${place}.item`,
      );
    }
    if (score > known.max) return refuse('score-too-high', `${item} ends at ${known.max}.`, `${place}.score`);
    if (seen.has(item)) return refuse('item-twice', `${item} is scored twice.`, `${place}.item`);
    seen.add(item);
  }
  return undefined;
}
