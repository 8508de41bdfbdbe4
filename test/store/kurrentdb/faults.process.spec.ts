import { status } from '@grpc/grpc-js';
import { setTimeout as pause } from 'node:timers/promises';
import { makeEventId } from '../../../src/store/kurrentdb/event.js';
import { readKurrentDBAddress } from '../../../src/store/kurrentdb/address.js';
import { KurrentDBStore } from '../../../src/store/kurrentdb/kurrentdb.store.js';
import type { Patience } from '../../../src/store/kurrentdb/connection.js';
import type { NewRecord } from '../../../src/store/event-store.js';
import { expectCode, readAll, record, records } from '../test-records.js';
import { KurrentDBDouble, type Fault } from './server-double.js';

/** These test our side of the wire only; the double's file says what it stands for. */
describe('kurrentdb (double): when the server misbehaves', () => {
  /** Attempts are short, since many faults are silence. Where the store has to recover, a busy machine may take its time. */
  const patience = { attemptMs: 800, giveUpMs: 90_000, staleMs: 90_000 };
  /** For what has to be refused at the first attempt: none may be cut off by its time. */
  const oneAttempt = { attemptMs: 90_000 };
  /** For what has to be given up. */
  const hasty = { attemptMs: 200, giveUpMs: 700, staleMs: 300 };
  let double: KurrentDBDouble;
  let store: KurrentDBStore;
  const useStore = async (patient: Partial<Patience>): Promise<void> => {
    await store.close();
    store = new KurrentDBStore(readKurrentDBAddress(double.url), patient);
  };
  const unhandled: unknown[] = [];
  const note = (error: unknown): void => void unhandled.push(error);

  beforeAll(() => process.on('unhandledRejection', note));
  afterAll(() => process.off('unhandledRejection', note));
  beforeEach(async () => {
    double = await KurrentDBDouble.start();
    store = new KurrentDBStore(readKurrentDBAddress(double.url), patience);
  });
  afterEach(async () => {
    await store.close();
    double.stop();
    expect(unhandled).toEqual([]);
  });

  /** The first so many appends, or reads, meet the fault. */
  const first = (count: number, fault: Fault) => (): Fault | undefined => (count-- > 0 ? fault : undefined);
  const error = (code: number, details = 'x', after = false, metadata = {}): Fault => ({
    kind: 'error',
    code,
    details,
    after,
    metadata,
  });
  const texts = async (stream = 'lab'): Promise<string[]> =>
    (await readAll(store, stream)).map(({ text }) => text);
  const stored = (stream = 'lab'): string[] =>
    double.stream(stream).events.map(({ data }) => data.toString());

  describe('an append', () => {
    it('is stored as JSON under the record’s type, its bytes as they are, its id made of the leaf hash', async () => {
      const text = '{"a":"\\u0007µ","id":"x","type":"ThresholdRecorded"}';
      // One whose members JavaScript would reorder: the bytes count.
      await store.append('study-A', 0, [record(text), record('{"2":1,"1":2}'), record('{no JSON}')]);
      const { events } = double.stream('study-A');
      expect(events.map(({ type, contentType, data }) => [type, contentType, data.toString()])).toEqual([
        ['ThresholdRecorded', 'application/json', text],
        ['record', 'application/json', '{"2":1,"1":2}'],
        ['record', 'application/octet-stream', '{no JSON}'],
      ]);
      expect(events[0]!.id).toBe(makeEventId(record(text).leaf));
      expect(events[0]!.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    });

    const lost: [string, Fault][] = [
      ['is written and never answered', { kind: 'silence', after: true }],
      ['is not written and never answered', { kind: 'silence', after: false }],
      ['is answered too late', { kind: 'delay', ms: 1_200 }],
      ['is cut off after it was written', { kind: 'cut', after: true }],
      ['is cut off before', { kind: 'cut', after: false }],
      ['is written, and the call ended as if all were well', { kind: 'end', after: true }],
      ['is not written, and the call ended as if all were well', { kind: 'end', after: false }],
      ['is written and answered without saying so', { kind: 'empty', after: true }],
      ['is not written and answered without saying so', { kind: 'empty', after: false }],
      ['meets a server that is not ready', error(status.UNKNOWN, 'Server Is Not Ready')],
      ...[1, 4, 8, 10, 13, 14].map((code): [string, Fault] => [
        `is written and answered with gRPC code ${code}`,
        error(code, 'x', true),
      ]),
      ...[1, 4, 8, 10, 13, 14].map((code): [string, Fault] => [`meets gRPC code ${code}`, error(code)]),
      ['is refused for a record that is not there', { kind: 'false-conflict' }],
      ['is refused for an event that was never committed', { kind: 'false-conflict', actual: 7 }],
      ['is refused by a server that knows less', { kind: 'false-conflict', actual: -1 }],
    ];
    it.each(lost)(
      'that %s is sent again, the same at the same place, and recorded once',
      async (_, fault) => {
        const [before, ...two] = records(3) as [NewRecord, NewRecord, NewRecord];
        await store.append('lab', 0, [before]);
        double.faults.append = first(2, fault);
        await store.append('lab', 1, two);
        const attempts = double.appends.slice(1);
        expect(attempts.length).toBeGreaterThan(1);
        for (const attempt of attempts) expect(attempt).toEqual(attempts[0]);
        expect(stored()).toEqual([before, ...two].map(({ text }) => text));
        expect(await texts()).toEqual(stored());
      },
    );

    it.each([3, 7, 9, 12, 16])(
      'that is written when its call ends with gRPC code %d, after others were answered on it, is sent again',
      async (code) => {
        const [before, after] = records(2) as [NewRecord, NewRecord];
        await store.append('lab', 0, [before]);
        double.faults.append = first(1, error(code, 'x', true));
        await store.append('lab', 1, [after]);
        expect(double.appends).toHaveLength(3);
        expect(stored()).toEqual([before, after].map(({ text }) => text));
      },
    );

    it('that is denied after nobody knew what became of it is not known to be refused', async () => {
      const faults: Fault[] = [{ kind: 'cut', after: true }, error(status.PERMISSION_DENIED)];
      double.faults.append = () => faults.shift();
      await expectCode(store.append('lab', 0, records(1)), 'unknown-outcome');
      expect(stored()).toHaveLength(1);
      await store.append('lab', 0, records(1));
      expect(stored()).toHaveLength(1);
    });

    it('is never under way twice', async () => {
      const times: number[] = [];
      double.faults.append = () =>
        times.push(performance.now()) < 4 ? { kind: 'silence', after: false } : undefined;
      const begun = performance.now();
      await store.append('lab', 0, records(1));
      expect(times).toHaveLength(4);
      // Counted from the beginning: an attempt that reaches the server late does not make the next one look early.
      for (const [attempt, time] of times.entries())
        expect(time - begun).toBeGreaterThanOrEqual(attempt * (patience.attemptMs - 5));
    });

    it('of which nobody knows what became is told as such, when the time is over', async () => {
      await useStore(hasty);
      double.faults.append = () => ({ kind: 'silence', after: false });
      await expectCode(store.append('lab', 0, records(1)), 'unknown-outcome');
      double.faults.append = () => ({ kind: 'false-conflict' });
      await expectCode(store.append('lab', 0, records(1)), 'unknown-outcome');
      double.faults = {};
      await useStore(patience);
      await store.append('lab', 0, records(1));
      expect(stored()).toHaveLength(1);
    });

    it('that another process was faster than is a conflict, also where the answer was lost before', async () => {
      const other = new KurrentDBStore(readKurrentDBAddress(double.url), patience);
      double.faults.append = first(1, { kind: 'silence', after: false });
      const late = store.append('lab', 0, records(1, 'late'));
      await other.append('lab', 0, records(2, 'other'));
      // Whichever of the two met the fault, one of them was first.
      const outcome = await late.catch((e: unknown) => e);
      if (outcome !== undefined) expect(outcome).toMatchObject({ code: 'conflict', actualSize: 2 });
      await other.close();
    });

    it('that was ours all along is no conflict', async () => {
      const ours = records(2, 'ours');
      await store.append('lab', 0, ours);
      await store.append('lab', 2, records(1, 'then'));
      double.faults.append = first(1, { kind: 'false-conflict', actual: 2 });
      await store.append('lab', 0, ours);
      expect(stored()).toHaveLength(3);
    });

    it.each([
      ['denied', error(status.PERMISSION_DENIED)],
      ['denied', error(status.UNAUTHENTICATED)],
      ['unsupported', error(status.UNIMPLEMENTED)],
      ['invalid', error(status.INVALID_ARGUMENT)],
      ['too-large', error(status.UNKNOWN, 'MaximumAppendSizeExceeded')],
    ] as const)('is refused as %s at once', async (code, fault) => {
      await useStore(oneAttempt);
      double.faults.append = () => fault;
      await expectCode(store.append('lab', 0, records(1)), code);
      expect(double.appends).toHaveLength(1);
    });

    it('that the server takes for a stream begun anew raises an alarm', async () => {
      await store.append('lab', 0, records(3));
      double.streams.softDelete('lab');
      const other = new KurrentDBStore(readKurrentDBAddress(double.url), patience);
      await expectCode(other.append('lab', 0, records(1, 'anew')), 'integrity');
      await other.close();
    });

    it('beside many others survives that all their connections break', async () => {
      await store.size('lab');
      let cuts = 3;
      double.faults.append = () =>
        cuts > 0 && Math.random() < 0.1 ? (cuts--, { kind: 'cut', after: Math.random() < 0.5 }) : undefined;
      const each = Array.from({ length: 200 }, (_, i) => store.append(`study-${i}`, 0, records(2, `s${i}`)));
      await Promise.all(each);
      for (let i = 0; i < 200; i++) expect(stored(`study-${i}`)).toHaveLength(2);
    });
  });

  describe('a read', () => {
    const all = records(600);
    beforeEach(async () => {
      await store.append('lab', 0, all);
    });

    it.each<[string, Fault]>([
      ['is not answered', { kind: 'silence', after: false }],
      ['is cut off', { kind: 'cut', after: false }],
      ['ends half-way as if that were the end', { kind: 'short' }],
      ['shows an older state', { kind: 'stale', by: 100 }],
      ['shows nothing yet', { kind: 'stale', by: 600 }],
      ['meets gRPC code 14', error(14)],
      ['meets gRPC code 4', error(4)],
      ['meets a server that is not ready', error(status.UNKNOWN, 'Server Is Not Ready')],
    ])('that %s is made again, until it is whole', async (_, fault) => {
      double.faults.read = first(2, fault);
      expect(await texts()).toEqual(all.map(({ text }) => text));
      double.faults.read = first(1, fault);
      expect(await store.size('lab')).toBe(600);
    });

    it('that nobody answers says so, when the time is over', async () => {
      await useStore(hasty);
      double.faults.read = () => ({ kind: 'silence', after: false });
      await expectCode(store.size('lab'), 'unavailable');
      await expectCode(readAll(store, 'lab'), 'unavailable');
    });

    it('that may not be made is refused at once', async () => {
      double.faults.read = () => error(status.PERMISSION_DENIED);
      await expectCode(store.size('lab'), 'denied');
    });

    it('that is given up leaves nothing open, however often', async () => {
      await store.append('study-A', 0, records(3));
      for (let i = 0; i < 150; i++)
        for await (const page of store.read('study-A')) if (page.length > 0) break;
      double.faults.read = () => ({ kind: 'delay', ms: 50 });
      for (let i = 0; i < 5; i++) for await (const page of store.read('lab', 500)) if (page.length > 0) break;
      while (double.openReads > 0) await pause(10);
      double.faults = {};
      expect(await store.size('lab')).toBe(600);
    });
  });

  describe('a server', () => {
    it('that is down at the start is waited for, and named when the time is over', async () => {
      double.stop();
      await useStore(hasty);
      await expectCode(store.size('lab'), 'unavailable');
      await useStore(patience);
      const asked = store.size('lab');
      setTimeout(() => void double.restart(), 500);
      expect(await asked).toBe(0);
    });

    it('that was restarted is found again', async () => {
      await store.append('lab', 0, records(1));
      for (let i = 1; i < 4; i++) {
        double.stop();
        const appended = store.append('lab', i, records(1, `r${i}`));
        setTimeout(() => void double.restart(), 200 * i);
        await appended;
        expect(await store.size('lab')).toBe(i + 1);
      }
    });

    it('that is not the leader sends on to the one that is', async () => {
      const leader = await KurrentDBDouble.start();
      const metadata = {
        exception: 'not-leader',
        'leader-endpoint-host': '127.0.0.1',
        'leader-endpoint-port': String(leader.port),
      };
      double.faults = {
        append: () => error(5, 'Leader info available', false, metadata),
        read: () => error(5, '', false, metadata),
      };
      expect(await store.size('lab')).toBe(0);
      await store.append('lab', 0, records(1));
      expect(leader.stream('lab').events).toHaveLength(1);
      await store.close();
      leader.stop();
    });
  });
});
