import fc from 'fast-check';
import { AppendList } from '../../src/study/fold/append-list.js';
import { runs } from '../support/effort.js';

describe('an append-only list', () => {
  it('never changes, whatever is grown from it', () => {
    const step = fc.tuple(
      fc.constantFrom('append', 'appendAll', 'insert', 'remove'),
      fc.nat(),
      fc.array(fc.integer(), { minLength: 1, maxLength: 3 }),
      fc.nat(),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const lists: [AppendList<number>, number[]][] = [[AppendList.EMPTY, []]];
        for (const [kind, from, items, at] of steps) {
          const [list, model] = lists[from % lists.length] as [AppendList<number>, number[]];
          const index = at % (model.length + 1);
          switch (kind) {
            case 'append':
              lists.push([list.append(items[0] as number), [...model, items[0] as number]]);
              break;
            case 'appendAll':
              lists.push([list.appendAll(items), [...model, ...items]]);
              break;
            case 'insert':
              lists.push([
                list.insert(index, items[0] as number),
                model.toSpliced(index, 0, items[0] as number),
              ]);
              break;
            default:
              lists.push([list.remove(index), model.toSpliced(index, 1)]);
          }
        }
        for (const [list, model] of lists) {
          expect([...list]).toEqual(model);
          expect([list.length, list.last, list.at(0), list.at(-1), list.at(model.length)]).toEqual([
            model.length,
            model.at(-1),
            model[0],
            undefined,
            undefined,
          ]);
          expect(list.toArray(2)).toEqual(model.slice(0, 2));
        }
      }),
      runs(100),
    );
  });

  it('finds the first that passes by halving', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 20 })),
        fc.integer({ min: -1, max: 21 }),
        (items, limit) => {
          const sorted = items.sort((a, b) => a - b);
          const found = AppendList.of(sorted).firstIndex((item) => item > limit);
          const expected = sorted.findIndex((item) => item > limit);
          expect(found).toBe(expected < 0 ? sorted.length : expected);
        },
      ),
      runs(100),
    );
  });

  it('can be grown while somebody reads it', () => {
    let list = AppendList.of([1, 2, 3]);
    const read: number[] = [];
    for (const item of list) {
      read.push(item);
      list = list.append(item);
    }
    expect(read).toEqual([1, 2, 3]);
  });

  it('works out once what is derived from it, and anew for a list grown from it', () => {
    let times = 0;
    const sum = (list: AppendList<number>): number => {
      times += 1;
      return list.toArray().reduce((total, item) => total + item, 0);
    };
    const list = AppendList.of([1, 2]);
    expect([list.derived(sum), list.derived(sum), times]).toEqual([3, 3, 1]);
    expect([list.append(3).derived(sum), list.derived(sum)]).toEqual([6, 3]);
    expect(list.derived(({ length }) => length)).toBe(2);
  });
});
