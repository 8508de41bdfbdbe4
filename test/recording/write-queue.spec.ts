import fc from 'fast-check';
import { StoreError } from '../../src/store/store-error.js';
import { Refusal } from '../../src/study/refusal.js';
import { runs } from '../support/effort.js';
import { setUp, type Asked } from './slow-queue.js';

describe('commands that come while others are being written', () => {
  it('wait, are decided on what was recorded before them, and share one append', async () => {
    const { store, crowd, send, settle, kindsOf } = setUp();
    send(crowd('a'));
    await settle();
    send(['a0', 'b0', 'b1'], (name) => `second ${name}`);
    await settle();
    expect(store.asked.map(({ from, names }) => [from, names.length])).toEqual([[0, 8]]);
    expect(kindsOf(['a0', 'second a0', 'second b0'])).toEqual(['waits', 'waits', 'waits']);
    await store.asked[0]!.write();
    await settle();
    expect(store.asked.slice(1).map(({ from, names }) => [from, names])).toEqual([[8, ['b0', 'b1']]]);
    expect(kindsOf(['a0', 'second a0', 'second b0'])).toEqual(['#0', 'waits', 'waits']);
    await store.asked[1]!.write();
    await settle();
    expect(kindsOf(['second a0', 'second b0', 'second b1'])).toEqual(['study-exists', '#8', '#9']);
    expect(await store.names()).toEqual([...crowd('a'), 'b0', 'b1']);
  });

  it('and repeat one of those get its receipt; with other content they are refused', async () => {
    const { store, crowd, send, settle, answers } = setUp();
    send(crowd('a'));
    await settle();
    send(['a3']);
    send(['x'], () => 'a4');
    await settle();
    await store.asked[0]!.write();
    await settle();
    expect(answers.get('a3')).toMatchObject({ treeSize: 4 });
    expect(answers.get('a4')).toMatchObject({ code: 'command-id-reused' });
    expect(store.asked).toHaveLength(1);
  });

  it('are decided without the records of an append that failed', async () => {
    const { store, crowd, send, settle, kindsOf } = setUp();
    send(crowd('a'));
    send(['a0'], () => 'refused beside');
    await settle();
    send(['a0', 'b'], (name) => `second ${name}`);
    await settle();
    store.asked[0]!.fail(new StoreError('full', 'no space'));
    await settle();
    expect(kindsOf(['a0', 'a7', 'refused beside'])).toEqual(['failed', 'failed', 'failed']);
    await store.asked[1]!.write();
    await settle();
    expect(kindsOf(['second a0', 'second b'])).toEqual(['#0', '#1']);
  });

  it('are decided again where another process was first', async () => {
    const { store, crowd, send, settle, kindsOf } = setUp();
    await store.others(...crowd('a'));
    send([...crowd('b')]);
    send(['a0'], (name) => `second ${name}`);
    await settle();
    await store.asked[0]!.write();
    await settle();
    expect(store.asked.slice(1).map(({ from, names }) => [from, names.length])).toEqual([[8, 8]]);
    await store.asked[1]!.write();
    await settle();
    expect(kindsOf(['b0', 'b7', 'second a0'])).toEqual(['#8', '#15', 'study-exists']);
    expect(await store.names()).toEqual([...crowd('a'), ...crowd('b')]);
  });

  it('whatever fails and whoever else records: every yes is there once, in order, and no is true', async () => {
    const step = fc.oneof(
      { weight: 4, arbitrary: fc.record({ send: fc.array(fc.nat(40), { minLength: 1, maxLength: 20 }) }) },
      { weight: 4, arbitrary: fc.constant('write' as const) },
      { weight: 1, arbitrary: fc.constant('fail' as const) },
      { weight: 1, arbitrary: fc.record({ others: fc.nat(40) }) },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { store, open, queue, answers, send, settle } = setUp();
        const pending: Asked[] = [];
        let sent = 0;
        const arrive = (): void => void pending.push(...store.asked.splice(0));
        for (const each of steps) {
          if (each === 'write') await pending.shift()?.write();
          else if (each === 'fail') pending.shift()?.fail(new StoreError('unavailable', 'away'));
          else if ('others' in each) await store.others(`other ${each.others}`).catch(() => undefined);
          else
            send(
              each.send.map((n) => `n${n}`),
              (name) => `${name} as ${sent++}`,
            );
          await settle();
          arrive();
        }
        for (; pending.length > 0; arrive()) await pending.shift()!.write().then(settle);
        const names = await store.names();
        expect(queue.idle).toBe(true);
        expect(answers.size).toBe(sent);
        for (const [id, answer] of answers) {
          const name = id.split(' as ')[0]!;
          if (answer instanceof Refusal) expect(names).toContain(name);
          else if (!(answer instanceof Error)) expect(names[answer.records[0]!.number]).toBe(name);
        }
        const own = names.filter((name) => !name.startsWith('other'));
        expect(new Set(own).size).toBe(own.length);
        await open.catchUp();
        expect(open.state).toEqual(names);
      }),
      runs(300),
    );
  });
});
