import { printable } from '../../schema.js';
import { refuse, refuseAll, type Refusal } from '../../refusal.js';

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
  if (used !== planned)
    return refuse(
      'scale-unknown',
      `The protocol scores on “${planned}” and not on “${printable(used)}”.`,
      field,
    );
  const codes = items.map(({ code }) => code);
  return refuseAll(
    scores.flatMap<Refusal<'item-unknown' | 'score-too-high' | 'item-twice'> | undefined>(
      ({ item, score }, index) => {
        const max = items.find(({ code }) => code === item)?.max;
        const place = `data.scores[${index}]`;
        if (max === undefined) {
          const message = `“${planned}” has no item ${item}; its items are ${codes.join(', ')}.`;
          return [refuse('item-unknown', message, `${place}.item`)];
        }
        const isTwice = scores.findIndex((other) => other.item === item) < index;
        return [
          score > max
            ? refuse(
                'score-too-high',
                `The score of ${item} is ${score}, and the highest is ${max}.`,
                `${place}.score`,
              )
            : undefined,
          isTwice ? refuse('item-twice', `${item} is scored twice.`, `${place}.item`) : undefined,
        ];
      },
    ),
  );
}
