import { v4 } from 'uuid';
import { ACCESS_EVENTS, type AccessRecord } from '../../src/lab/access.js';
import { LAB_CATALOGUE } from '../../src/lab/commands/catalogue.js';
import { Engine } from '../../src/recording/engine.js';
import { MemoryStore } from '../../src/store/memory.store.js';
import { StoreError } from '../../src/store/store-error.js';
import { CATALOGUE } from '../../src/study/catalogue.js';
import { knownField } from '../../src/study/commands/common/known-field.js';
import type { Submission } from '../../src/study/commands/common/command.js';
import { parseCommand } from '../../src/study/parse.js';
import { REFUSALS } from '../../src/study/refusal-codes.js';
import { Refusal, refuse } from '../../src/study/refusal.js';
import { Code, matches } from '../../src/study/schema.js';
import { PeopleLab } from '../lab/people/people-lab.js';

const STUDY = 'NP-001';
const MINUTE = 60_000;
/** What a technician may not do. */
const CLOSING = CATALOGUE.find(({ name }) => name === 'CloseStudy')!.example;

class FailingStore extends MemoryStore {
  fails: 'before' | 'after' | undefined;

  override async append(...append: Parameters<MemoryStore['append']>): ReturnType<MemoryStore['append']> {
    const [stream] = append;
    const how = stream === 'access' ? this.fails : undefined;
    if (how === 'before') throw new StoreError('unavailable', 'The store is away.');
    await super.append(...append);
    if (how === 'after') throw new StoreError('unknown-outcome', 'It is not known.');
  }
}

/** A ledger with `tech-1`, what is reported of it, and its access log. */
class NotedLab extends PeopleLab {
  override readonly store = new FailingStore();
  readonly reports: string[] = [];
  override readonly engine = new Engine(this.store, () => this.nowMs, {
    report: (message) => this.reports.push(message),
  });

  asks(actor: string, changes: Partial<Submission> = {}): Submission {
    const by = this.by(actor);
    return { id: v4(), study: STUDY, actor, role: '', session: `s-${actor}`, ...(by && { by }), ...changes };
  }

  /** Sends a command as HTTP does, and notes where it is refused. */
  async give(name: string, body: object, submission: Submission): Promise<string> {
    const definition = CATALOGUE.find((one) => one.name === name)!;
    const command = parseCommand(definition, body, submission);
    const answer =
      command instanceof Refusal ? command : await this.engine.execute(definition, command as never);
    if (!(answer instanceof Refusal)) return 'recorded';
    this.engine.accessNotes.noteRefusal(definition, submission, answer);
    return answer.code;
  }

  async texts(stream = 'access'): Promise<string[]> {
    const texts: string[] = [];
    for await (const page of this.store.read(stream)) texts.push(...page.map(({ text }) => text));
    return texts;
  }

  async records(): Promise<AccessRecord[]> {
    return (await this.texts()).map((text) => JSON.parse(text) as AccessRecord);
  }

  /** What the records say, each with who did it. */
  async said(): Promise<object[]> {
    await this.engine.accessNotes.flush();
    return (await this.records()).map(({ type, actor, actorrole, data }) => ({
      type,
      actor,
      actorrole,
      ...data,
    }));
  }
}

describe('the access log', () => {
  let lab: NotedLab;

  beforeEach(async () => {
    lab = await PeopleLab.begun(new NotedLab());
    await lab.join('tech-1', 'technician');
    await lab.join('sd-1', 'director', 'tech-1');
    const title = { data: { title: 'A study', director: 'sd-1' } };
    expect(await lab.give('RegisterStudy', title, lab.asks('sd-1'))).toBe('recorded');
  });

  afterEach(() => lab.engine.close());

  it('tells of a refused command who gave which, in which role, and why it was refused [R4 R14]', async () => {
    await lab.give('CloseStudy', CLOSING, lab.asks('tech-1', { role: 'technician' }));
    expect(await lab.said()).toEqual([
      {
        type: 'CommandRefused',
        actor: 'tech-1',
        actorrole: 'technician',
        study: STUDY,
        command: 'CloseStudy',
        code: 'not-permitted',
        count: 1,
      },
    ]);
    const [record] = await lab.records();
    expect(record).toMatchObject({ session: 's-tech-1', labsize: lab.engine.labNow.size, source: '/access' });
  });

  it('counts what is refused again in the same minute, in one record more', async () => {
    const close = () => lab.give('CloseStudy', CLOSING, lab.asks('tech-1'));
    for (let i = 0; i < 5; i++) await close();
    expect(await lab.said()).toHaveLength(1);
    lab.later(MINUTE);
    expect(await lab.said()).toMatchObject([{ count: 5 }]);
    await close();
    await close();
    expect(await lab.said()).toMatchObject([{ count: 5 }, { count: 2 }]);
  });

  it('has the first refusal at once, and the number of the others when the minute is over', async () => {
    const close = () => lab.give('CloseStudy', CLOSING, lab.asks('tech-1'));
    await close();
    expect(await lab.said()).toMatchObject([{ count: 1 }]);
    for (let i = 0; i < 3; i++) await close();
    expect(await lab.said()).toHaveLength(1);
    lab.later(MINUTE);
    expect(await lab.said()).toMatchObject([{ count: 1 }, { count: 3 }]);
  });

  it('leaves out what differs between the refusals that it counts', async () => {
    const { study: _, ...elsewhere } = lab.asks('tech-1');
    await lab.give('CloseStudy', {}, lab.asks('tech-1'));
    await lab.give('CloseStudy', {}, { ...elsewhere, study: 'NP-404', session: 'other' });
    const [record] = await lab.said();
    expect(record).toMatchObject({ count: 2 });
    expect(record).not.toHaveProperty('study');
    expect((await lab.records())[0]).not.toHaveProperty('session');
  });

  it('stays small under 10,000 refused commands and 10,000 failed sign-ins', async () => {
    for (let i = 0; i < 10_000; i++) {
      if (i % 1000 === 999) {
        await lab.engine.accessNotes.flush();
        lab.later(MINUTE);
      }
      await lab.give(i % 2 === 0 ? 'CloseStudy' : 'ApplySCS', { [`typed${i}`]: i }, lab.asks('tech-1'));
      lab.engine.accessNotes.noteSignInFailed();
    }
    await lab.engine.accessNotes.flush(true);
    const records = (await lab.said()) as { type: string; count: number }[];
    const count = (type: string): number =>
      records.filter((one) => one.type === type).reduce((sum, one) => sum + one.count, 0);
    expect([count('CommandRefused'), count('SignInFailed')]).toEqual([10_000, 10_000]);
    // Ten minutes and what was left over, of two commands and of signing in.
    expect(records.length).toBeLessThanOrEqual(3 * 11);
  }, 60_000);

  it('holds nothing that a caller typed', async () => {
    const typed = ['Zaphod', 'secret-code-17', 'x'.repeat(50), 'NP-777', '2031-12-24'];
    const [name, code, long, study, date] = typed as [string, string, string, string, string];
    const asks = lab.asks('tech-1', { study });
    await lab.give('ApplySCS', { subject: name, reason: code, data: { [name]: long } }, asks);
    await lab.give('RecordBodyWeight', { subject: name, occurredAt: date, data: { weight: code } }, asks);
    await lab.give('RecordThreshold', { subject: name, data: { touches: [{ [long]: 1 }] } }, asks);
    await lab.give('RegisterStudy', { data: { title: name, director: name } }, asks);
    await lab.give('RecordThreshold', { [long]: name }, lab.asks('tech-1', { role: name }));
    await lab.give('CloseStudy', {}, lab.asks(name, { by: lab.by('tech-1')! }));
    const said = JSON.stringify(await lab.said());
    expect(said).toContain('"field":"data.weight"');
    const bytes = [...(await lab.texts()), ...(await lab.texts('lab')), ...lab.reports].join('\n');
    expect(typed.filter((one) => bytes.includes(one))).toEqual([]);
  });

  it('has nothing of callers who are not signed in', async () => {
    const { by: _, ...unknown } = lab.asks('tech-1');
    await lab.give('CloseStudy', {}, unknown);
    await lab.give('CloseStudy', {}, { ...unknown, actor: 'nobody' });
    lab.engine.accessNotes.noteFile(unknown, { study: STUDY, size: 1, file: 'table.csv' });
    expect(await lab.said()).toEqual([]);
  });

  it('has failed sign-ins by the ledger itself, at most one record a minute [R4 R20]', async () => {
    for (let i = 0; i < 3; i++) lab.engine.accessNotes.noteSignInFailed();
    expect(await lab.said()).toEqual([
      { type: 'SignInFailed', actor: 'study-ledger', actorrole: 'system', count: 3 },
    ]);
  });

  it('has the files that somebody was handed, with the largest size [R4 R41]', async () => {
    for (const size of [3, 5, 4])
      lab.engine.accessNotes.noteFile(lab.asks('sd-1'), {
        study: STUDY,
        size,
        file: 'table.csv',
      });
    lab.engine.accessNotes.noteFile(lab.asks('sd-1'), { file: 'return-eu.zip', year: 2026 });
    expect(await lab.said()).toMatchObject([
      { type: 'FileMade', actorrole: 'director', study: STUDY, size: 5, file: 'table.csv', count: 3 },
      { type: 'FileMade', actorrole: 'self', file: 'return-eu.zip', year: 2026, count: 1 },
    ]);
  });

  it('has one record of all the rows of a file', async () => {
    lab.engine.accessNotes.noteRefusedRows(lab.asks('tech-1'), 'subject-unknown', 734);
    lab.engine.accessNotes.noteRefusedRows(lab.asks('tech-1'), 'subject-unknown', 0);
    expect(await lab.said()).toMatchObject([
      { type: 'CommandRefused', study: STUDY, command: 'Import', code: 'subject-unknown', count: 734 },
    ]);
  });

  it('takes what waits when the ledger is closed', async () => {
    await lab.give('CloseStudy', {}, lab.asks('tech-1'));
    await lab.engine.accessNotes.close();
    expect(await lab.records()).toHaveLength(1);
  });

  // Where it was written after all, the next append finds it there: then the one after that fails anew.
  it.each([
    ['before', 1],
    ['after', 2],
  ] as const)(
    'fails no command where an append fails %s it is written, is reported once until one succeeds, and is written once',
    async (how, times) => {
      lab.store.fails = how;
      for (let i = 0; i < 3; i++) {
        expect(await lab.give('CloseStudy', CLOSING, lab.asks('tech-1'))).toBe('not-permitted');
        await lab.engine.accessNotes.flush();
        lab.later(MINUTE);
      }
      const told = expect.stringMatching(/^The access log could not be written/);
      expect(lab.reports).toEqual(Array.from({ length: times }, () => told));
      lab.store.fails = undefined;
      await lab.engine.accessNotes.flush();
      lab.later(MINUTE);
      const records = (await lab.said()) as { count: number }[];
      expect(records.reduce((sum, { count }) => sum + count, 0)).toBe(3);
    },
  );

  it('lacks what was not written when a process died, and holds nothing half', async () => {
    await lab.give('CloseStudy', {}, lab.asks('tech-1'));
    await lab.engine.accessNotes.flush();
    await lab.give('ApplySCS', {}, lab.asks('tech-1'));
    const next = new Engine(lab.store, () => lab.nowMs);
    const open = await next.log('access');
    expect(open.size).toBe(1);
    expect(open.problem).toBeUndefined();
  });

  it('warns once of 20 failures within 10 minutes [R20]', () => {
    for (let i = 0; i < 19; i++) lab.engine.accessNotes.noteSignInFailed();
    expect([lab.engine.accessNotes.isAlert, lab.reports]).toEqual([false, []]);
    for (let i = 0; i < 30; i++) lab.engine.accessNotes.noteSignInFailed();
    expect(lab.engine.accessNotes.isAlert).toBe(true);
    expect(lab.reports).toEqual([expect.stringMatching(/^Signing in failed 20 times/)]);
    lab.later(10 * MINUTE + 1);
    expect(lab.engine.accessNotes.isAlert).toBe(false);
  });
});

it('nothing is noted in a ledger without people, real or simulated', async () => {
  for (const simulated of [false, true]) {
    const engine = new Engine(new MemoryStore(), () => 0);
    await engine.initialise('lab.example', simulated, v4());
    const by = { method: 'simulated', signedInMs: 0 } as const;
    const asks = { id: v4(), study: STUDY, actor: 'tech-1', role: '', by };
    engine.accessNotes.noteRefusal(CATALOGUE[0]!, asks, refuse('busy', ''));
    engine.accessNotes.noteSignInFailed();
    await engine.accessNotes.flush(true);
    expect((await engine.log('access')).size).toBe(0);
    await engine.close();
  }
});

describe('a noted refusal', () => {
  const { command, code, field } = ACCESS_EVENTS.CommandRefused.properties;

  it('has room for every command and code there is', () => {
    const names = [...CATALOGUE, ...LAB_CATALOGUE].map((one) => one.name);
    expect(names.filter((name) => !matches(command, name))).toEqual([]);
    expect(Object.keys(REFUSALS).filter((one) => !matches(code, one))).toEqual([]);
    expect(code).toBe(Code);
  });

  it.each([
    ['RecordThreshold', 'data.touches[3].filament', 'data.touches.filament'],
    ['RecordThreshold', 'data.touches.3.filament', 'data.touches.filament'],
    ['RecordThreshold', 'data.touches[3].Zaphod', 'data.touches'],
    ['RecordThreshold', 'data.Zaphod', 'data'],
    ['RecordThreshold', 'data.constructor', 'data'],
    ['RecordThreshold', 'subject', 'subject'],
    ['RecordThreshold', 'Zaphod', undefined],
    ['RecordThreshold', '', undefined],
    ['RecordThreshold', 'id', 'id'],
    ['RegisterPerson', 'data.person', 'data.person'],
  ])('of %s names the field %j as %j', (name, path, expected) => {
    const definition = [...CATALOGUE, ...LAB_CATALOGUE].find((one) => one.name === name)!;
    const known = knownField(definition, path);
    expect(known).toBe(expected);
    if (known !== undefined) expect(matches(field as never, known)).toBe(true);
  });
});
