import { v5 } from 'uuid';
import { ID_WORDS, IdSet, putId } from '../../src/verify/checks/id-set.js';

const NAMESPACE = '3c5f2d9e-7f0a-5b41-9a63-1f0c64a1d7b2';

function wordsOf(...ids: readonly string[]): Uint32Array {
  const words = new Uint32Array(ID_WORDS * ids.length);
  for (const [i, id] of ids.entries()) putId(words, ID_WORDS * i, id);
  return words;
}

describe('the set of record ids', () => {
  it('knows each of many ids again, and takes no other for one of them', () => {
    const ids = Array.from({ length: 20_000 }, (_, i) => v5(String(i), NAMESPACE));
    const words = wordsOf(...ids);
    const set = new IdSet();
    const added = ids.map((_, i) => set.add(words, ID_WORDS * i));
    const again = ids.map((_, i) => set.add(words, ID_WORDS * i));
    expect([added.every(Boolean), again.some(Boolean)]).toEqual([true, false]);
  });

  it.each([
    ['first', 'ffffffff-1111-5111-8111-111111111111'],
    ['second', '11111111-ffff-5111-8111-111111111111'],
    ['third', '11111111-1111-5fff-8111-111111111111'],
    ['fourth', '11111111-1111-5111-8fff-111111111111'],
    ['fifth', '11111111-1111-5111-8111-ffff11111111'],
    ['last', '11111111-1111-5111-8111-1111ffffffff'],
  ])('tells two ids apart that differ in their %s digits', (_, other) => {
    const words = wordsOf('11111111-1111-5111-8111-111111111111', other);
    const set = new IdSet();
    expect([set.add(words, 0), set.add(words, ID_WORDS), set.add(words, 0)]).toEqual([true, true, false]);
  });

  it('never has what is no id', () => {
    const set = new IdSet();
    expect([set.add(new Uint32Array(ID_WORDS), 0), set.add(new Uint32Array(ID_WORDS), 0)]).toEqual([
      true,
      true,
    ]);
  });
});
