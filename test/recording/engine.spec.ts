import { Engine } from '../../src/recording/engine.js';
import type { Receipt } from '../../src/recording/open-stream.js';
import type { NewRecord } from '../../src/store/event-store.js';
import { MemoryStore } from '../../src/store/memory.store.js';
import { StoreError } from '../../src/store/store-error.js';
import { commandNamed } from '../../src/study/catalogue.js';
import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import { parseCommand } from '../../src/study/parse.js';
import { Refusal } from '../../src/study/refusal.js';

const NOW = Date.UTC(2026, 2, 2, 9, 15);
const WEIGHT = { subject: 'R01', data: { weight: { value: '243.70', unit: 'g' } } };

/** A store that others write to as well, that counts appends and can be told to fail the next one. */
class SharedStore extends MemoryStore {
  override readonly soleWriter: boolean = false;
  appends: number[] = [];
  failure: StoreError | undefined;

  override async append(stream: string, size: number, records: readonly NewRecord[]): Promise<void> {
    if (this.failure) {
      const failure = this.failure;
      this.failure = undefined;
      throw failure;
    }
    await super.append(stream, size, records);
    this.appends.push(records.length);
  }
}

let count = 0;
const freshId = (): string => `00000000-0000-4000-8000-${String(++count).padStart(12, '0')}`;

async function send(
  engine: Engine,
  name: string,
  body: object,
  id = freshId(),
  study = 'KET-01',
): Promise<Receipt | Refusal> {
  const definition = commandNamed(name)!;
  const command = parseCommand(definition, body, { id, study, actor: 'tech-1', role: 'technician' });
  return command instanceof Refusal ? command : engine.execute(definition, command);
}

async function opened(store: MemoryStore): Promise<Engine> {
  const engine = new Engine(store, () => NOW);
  await engine.initialise('lab.example', true, freshId());
  return engine;
}

async function withAnimal(store = new SharedStore()): Promise<{ store: SharedStore; engine: Engine }> {
  const engine = await opened(store);
  await send(engine, 'RegisterStudy', { data: { title: 'Engine', director: 'sd-01' } });
  await send(engine, 'ApproveProtocol', { data: { protocol: exampleProtocol } });
  await send(engine, 'EnrolSubject', commandNamed('EnrolSubject')!.example);
  return { store, engine };
}

const code = (answer: Receipt | Refusal): string => (answer instanceof Refusal ? answer.code : 'recorded');

describe('a command sent again', () => {
  it('gets the first receipt, also from another process and after a restart [R12]', async () => {
    const { store, engine } = await withAnimal();
    const id = freshId();
    const first = await send(engine, 'RecordBodyWeight', WEIGHT, id);
    await send(engine, 'RecordBodyWeight', WEIGHT);
    expect(await send(engine, 'RecordBodyWeight', WEIGHT, id)).toEqual(first);
    expect(await send(await opened(store), 'RecordBodyWeight', WEIGHT, id)).toEqual(first);
    expect((await engine.study('KET-01')).size).toBe(5);
  });

  it('at the same moment is recorded once', async () => {
    const { engine } = await withAnimal();
    const id = freshId();
    const answers = await Promise.all([1, 2, 3].map(() => send(engine, 'RecordBodyWeight', WEIGHT, id)));
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect((await engine.study('KET-01')).size).toBe(4);
  });

  it.each([
    ['other data', { ...WEIGHT, data: { weight: { value: '243.71', unit: 'g' } } }],
    ['another animal', { ...WEIGHT, subject: 'R02' }],
    ['another time', { ...WEIGHT, occurredAt: '2026-03-02T09:00:00Z' }],
    ['another reason', { ...WEIGHT, reason: 'Because' }],
  ])('is refused with %s', async (_what, body) => {
    const { engine } = await withAnimal();
    const id = freshId();
    await send(engine, 'RecordBodyWeight', WEIGHT, id);
    expect(code(await send(engine, 'RecordBodyWeight', body, id))).toBe('command-id-reused');
  });

  it.each([
    ['without a time', WEIGHT],
    ['with its time', { ...WEIGHT, occurredAt: '2026-03-02T09:15:40Z' }],
  ])('later, its first answer %s being lost, is answered with what it became', async (_what, body) => {
    const { engine } = await withAnimal();
    const id = freshId();
    const first = await send(engine, 'RecordBodyWeight', body, id);
    const again = {
      occurredAt: '2026-03-02T09:14:58Z',
      reason: 'Entered while there was no connection',
      ...body,
      enteredAt: '2026-03-02T09:14:58Z',
    };
    expect(await send(engine, 'RecordBodyWeight', again, id)).toEqual(first);
    const other = { ...again, data: { weight: { value: '243.71', unit: 'g' } } };
    expect(code(await send(engine, 'RecordBodyWeight', other, id))).toBe('command-id-reused');
    const earlier = { ...again, occurredAt: '2026-03-02T09:16:00Z' };
    const expected = 'occurredAt' in body ? 'command-id-reused' : 'recorded';
    expect(code(await send(engine, 'RecordBodyWeight', earlier, id))).toBe(expected);
  });

  it('that was refused is decided anew', async () => {
    const { engine } = await withAnimal();
    const [id, weighing] = [freshId(), { ...WEIGHT, subject: 'R02' }];
    expect(code(await send(engine, 'RecordBodyWeight', weighing, id))).toBe('subject-unknown');
    await send(engine, 'EnrolSubject', { ...commandNamed('EnrolSubject')!.example, subject: 'R02' });
    expect(code(await send(engine, 'RecordBodyWeight', weighing, id))).toBe('recorded');
  });
});

describe('commands that wait together', () => {
  it('are appended in one go, each decided on what those before it record', async () => {
    const { store, engine } = await withAnimal();
    store.appends = [];
    const ligation = commandNamed('LigateNerve')!.example;
    const answers = await Promise.all([
      send(engine, 'RecordBodyWeight', WEIGHT),
      send(engine, 'LigateNerve', ligation),
      send(engine, 'LigateNerve', ligation),
      send(engine, 'RecordBodyWeight', { ...WEIGHT, subject: 'R99' }),
      send(engine, 'RecordBodyWeight', WEIGHT),
    ]);
    expect(answers.map(code)).toEqual([
      'recorded',
      'recorded',
      'nerve-already-ligated',
      'subject-unknown',
      'recorded',
    ]);
    expect(store.appends).toEqual([3]);
    const sizes = answers.flatMap((answer) => (answer instanceof Refusal ? [] : [answer.treeSize]));
    expect(sizes).toEqual([4, 5, 6]);
  });

  it('are none of them answered where the store fails, and can all be sent again', async () => {
    const { store, engine } = await withAnimal();
    store.failure = new StoreError('full', 'No space.');
    const both = (): Promise<string>[] =>
      [WEIGHT, { ...WEIGHT, subject: 'R99' }].map(async (body) =>
        send(engine, 'RecordBodyWeight', body).then(code, (error: StoreError) => error.code),
      );
    expect(await Promise.all(both())).toEqual(['full', 'full']);
    expect((await engine.study('KET-01')).size).toBe(3);
    expect(await Promise.all(both())).toEqual(['recorded', 'subject-unknown']);
  });
});

describe('two processes on one store', () => {
  it('decide again on what the other recorded, and refuse nobody on what they do not know yet', async () => {
    const { store, engine: first } = await withAnimal();
    const second = await opened(store);
    expect(code(await send(second, 'RecordBodyWeight', WEIGHT))).toBe('recorded');
    await send(first, 'EnrolSubject', { ...commandNamed('EnrolSubject')!.example, subject: 'R02' });
    expect(code(await send(second, 'RecordBodyWeight', { ...WEIGHT, subject: 'R02' }))).toBe('recorded');
    const ligation = commandNamed('LigateNerve')!.example;
    const race = await Promise.all([
      send(first, 'LigateNerve', ligation),
      send(second, 'LigateNerve', ligation),
    ]);
    expect(race.map(code).sort()).toEqual(['nerve-already-ligated', 'recorded']);
    expect((await first.study('KET-01')).root(7)).toBe((await second.study('KET-01')).root(7));
  });

  it('register a code once', async () => {
    const store = new SharedStore();
    const [first, second] = [await opened(store), await opened(store)];
    const answers = await Promise.all(
      [first, second].map((engine, index) =>
        send(engine, 'RegisterStudy', { data: { title: `Study ${index}`, director: 'sd-01' } }),
      ),
    );
    expect(answers.map(code).sort()).toEqual(['recorded', 'study-exists']);
  });
});

describe('a registration cut off between its two streams', () => {
  it('shows as unfinished, and is finished by the same registration only', async () => {
    const store = new SharedStore();
    const engine = await opened(store);
    const registration = { data: { title: 'Cut off', director: 'sd-01' } };
    const append = store.append.bind(store);
    store.append = (stream, size, records) =>
      stream === 'lab'
        ? append(stream, size, records)
        : Promise.reject(new StoreError('unavailable', 'Gone.'));
    await expect(send(engine, 'RegisterStudy', registration)).rejects.toThrow('Gone.');
    store.append = append;
    expect(code(await send(engine, 'RecordBodyWeight', WEIGHT))).toBe('study-unfinished');
    expect(code(await send(engine, 'RegisterStudy', { data: { title: 'Other', director: 'sd-01' } }))).toBe(
      'study-exists',
    );
    expect(code(await send(engine, 'RegisterStudy', registration))).toBe('recorded');
    const lab = await engine.lab();
    expect((await engine.study('KET-01')).state.records.at(0)?.record.labsize).toBe(
      (lab.studies.get('KET-01')?.number ?? 0) + 1,
    );
  });
});

describe('an open study', () => {
  it('is let go when others need the room, and comes back as it was', async () => {
    const engine = new Engine(new MemoryStore(), () => NOW, { openRecords: 4 });
    await engine.initialise('lab.example', true, freshId());
    const roots: string[] = [];
    for (const study of ['A-1', 'A-2', 'A-3']) {
      await send(engine, 'RegisterStudy', { data: { title: study, director: 'sd-01' } }, freshId(), study);
      await send(engine, 'ApproveProtocol', { data: { protocol: exampleProtocol } }, freshId(), study);
      await send(engine, 'EnrolSubject', commandNamed('EnrolSubject')!.example, freshId(), study);
      roots.push((await engine.study(study)).root(3));
    }
    const before = await engine.study('A-3');
    expect(await engine.study('A-3')).toBe(before);
    const again = await engine.study('A-1');
    expect(again.root(3)).toBe(roots[0]);
    expect(code(await send(engine, 'RecordBodyWeight', WEIGHT, freshId(), 'A-1'))).toBe('recorded');
  });
});

describe('a record', () => {
  it('is refused where its bytes would be more than a log entry takes', async () => {
    const engine = await opened(new MemoryStore());
    await send(engine, 'RegisterStudy', { data: { title: 'Large', director: 'sd-01' } });
    const items = Array.from({ length: 40 }, (_, index) => ({
      code: `item-${index}`,
      label: '€'.repeat(400),
      max: 3,
    }));
    const protocol = {
      ...exampleProtocol,
      sideEffects: { scale: 'large', items },
      welfare: {
        ...exampleProtocol.welfare,
        items: [...exampleProtocol.welfare.items, ...items.slice(0, 30)],
      },
    };
    expect(code(await send(engine, 'ApproveProtocol', { data: { protocol } }))).toBe('record-too-large');
    expect(code(await send(engine, 'ApproveProtocol', { data: { protocol: exampleProtocol } }))).toBe(
      'recorded',
    );
  });

  it('is never written earlier than the one before it, though the clock goes back [R22]', async () => {
    let now = NOW;
    const engine = new Engine(new MemoryStore(), () => now);
    await engine.initialise('lab.example', true, freshId());
    await send(engine, 'RegisterStudy', { data: { title: 'Clock', director: 'sd-01' } });
    now -= 3_600_000;
    await send(engine, 'ApproveProtocol', { data: { protocol: exampleProtocol } });
    const { records } = (await engine.study('KET-01')).state;
    expect(records.at(1)?.record.recordedtime).toBe(records.at(0)?.record.recordedtime);
  });
});
