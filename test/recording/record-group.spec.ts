import type { Receipt } from '../../src/recording/open-stream.js';
import type { GroupOptions } from '../../src/recording/record-group.js';
import { StoreError } from '../../src/store/store-error.js';
import { Refusal } from '../../src/study/refusal.js';
import { SlowStore, setUp, taking } from './slow-queue.js';

/** Takes two names an append: a name of three letters makes a record of 34 bytes. */
class NarrowStore extends SlowStore {
  override readonly maxAppendBytes = 75;
}

/** As a cluster: each append by itself. */
class DividingStore extends NarrowStore {
  override readonly groupsAppends = false;
}

function group(store = new SlowStore(), options: GroupOptions = {}) {
  const queue = setUp(store);
  const outcome: { answer?: Receipt[] | Refusal | Error } = {};
  const together = (...names: string[]): void =>
    void queue.queue
      .submitTogether(
        names.map((name) => taking(name, `+${name}`)),
        options,
      )
      .then((answer) => (outcome.answer = answer))
      .catch((error: Error) => (outcome.answer = error));
  const numbers = (): unknown =>
    outcome.answer instanceof Refusal || outcome.answer instanceof Error
      ? outcome.answer
      : outcome.answer?.map(({ records }) => records[0]!.number);
  return { ...queue, together, numbers };
}

describe('a group', () => {
  it('is one append, in its turn between those before and after it', async () => {
    const { store, send, together, settle, numbers, kindsOf } = group();
    send(['a', 'b']);
    together('c', 'd', 'e');
    send(['f']);
    await settle();
    for (const _ of [1, 2, 3]) {
      await store.asked.at(-1)!.write();
      await settle();
    }
    expect(store.asked.map(({ names }) => names)).toEqual([['a', 'b'], ['c', 'd', 'e'], ['f']]);
    expect(numbers()).toEqual([2, 3, 4]);
    expect(kindsOf(['f'])).toEqual(['#5']);
  });

  it('leaves nothing where one of it is refused, in whatever part', async () => {
    const { store, send, together, settle, numbers } = group(new NarrowStore());
    send(['aaa']);
    await settle();
    await store.asked[0]!.write();
    together('bbb', 'ccc', 'ddd', 'eee', 'aaa');
    await settle();
    expect(numbers()).toMatchObject({ code: 'study-exists' });
    expect(await store.names()).toEqual(['aaa']);
  });

  it('that is too large for one append takes several in one turn, which the store keeps together', async () => {
    const { store, together, settle, numbers } = group(new NarrowStore());
    together('aaa', 'bbb', 'ccc', 'ddd', 'eee');
    await settle();
    expect(store.asked.map(({ from, names }) => [from, names])).toEqual([
      [0, ['aaa', 'bbb']],
      [2, ['ccc', 'ddd']],
      [4, ['eee']],
    ]);
    for (const { write } of store.asked) await write();
    await settle();
    expect(numbers()).toEqual([0, 1, 2, 3, 4]);
  });

  it('that fails in one of several appends leaves no state behind', async () => {
    const { store, open, together, settle, numbers } = group(new NarrowStore());
    together('aaa', 'bbb', 'ccc');
    await settle();
    for (const { fail } of store.asked) fail(new StoreError('full', 'There is no space left.'));
    await settle();
    expect(numbers()).toMatchObject({ code: 'full' });
    expect([open.size, await store.names()]).toEqual([0, []]);
  });

  it('that the store cannot keep together is refused with its bound, and nothing is recorded', async () => {
    const { store, together, settle, numbers } = group(new DividingStore());
    together('aaa', 'bbb', 'ccc');
    await settle();
    expect(numbers()).toMatchObject({
      code: 'group-too-large',
      message: expect.stringMatching(
        /^3 records of \d+ bytes in all .* 75 bytes, or some 2 .*divide the file/,
      ) as string,
    });
    expect(store.asked).toEqual([]);
    together('aaa', 'bbb');
    await settle();
    await store.asked[0]!.write();
    await settle();
    expect(numbers()).toEqual([0, 1]);
  });

  it('that may be cut has nobody of this process between its parts', async () => {
    const { store, send, together, settle, numbers } = group(new DividingStore(), { mayBeCut: true });
    together('aaa', 'bbb', 'ccc', 'ddd', 'eee');
    send(['fff']);
    for (let part = 0; part < 4; part++) {
      await settle();
      await store.asked[part]!.write();
    }
    await settle();
    expect(store.asked.map(({ names }) => names)).toEqual([['aaa', 'bbb'], ['ccc', 'ddd'], ['eee'], ['fff']]);
    expect(numbers()).toEqual([0, 1, 2, 3, 4]);
  });

  it('that is cut off after a part says that it is not known, and is completed by proposing it again', async () => {
    const { store, together, settle, numbers } = group(new DividingStore(), { mayBeCut: true });
    together('aaa', 'bbb', 'ccc');
    await settle();
    await store.asked[0]!.write();
    await settle();
    store.asked[1]!.fail(new StoreError('full', 'There is no space left.'));
    await settle();
    expect(numbers()).toMatchObject({ code: 'unknown-outcome' });
    together('aaa', 'bbb', 'ccc');
    await settle();
    await store.asked[2]!.write();
    await settle();
    expect(numbers()).toEqual([0, 1, 2]);
    expect(await store.names()).toEqual(['aaa', 'bbb', 'ccc']);
  });

  it('is decided again where another process was first', async () => {
    const { store, together, settle, numbers } = group();
    await store.others('x');
    together('a', 'b');
    await settle();
    await store.asked[0]!.write();
    await settle();
    await store.asked[1]!.write();
    await settle();
    expect(numbers()).toEqual([1, 2]);

    await store.others('c');
    together('d', 'c');
    await settle();
    await store.asked[2]!.write();
    await settle();
    expect(numbers()).toMatchObject({ code: 'study-exists' });
    expect(await store.names()).toEqual(['x', 'a', 'b', 'c']);
  });

  it('fails whole where the store fails before anything of it is written', async () => {
    const { store, together, settle, numbers } = group();
    together('a', 'b');
    await settle();
    store.asked[0]!.fail(new StoreError('full', 'There is no space left.'));
    await settle();
    expect(numbers()).toMatchObject({ code: 'full' });
    expect(await store.names()).toEqual([]);
  });
});
