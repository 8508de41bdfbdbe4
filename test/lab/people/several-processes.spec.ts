import { Engine } from '../../../src/recording/engine.js';
import { MemoryStore } from '../../../src/store/memory.store.js';
import { Refusal } from '../../../src/study/refusal.js';
import { STUDY, StudyOfPeople, WEIGHT } from './study-of-people.js';

class SharedStore extends MemoryStore {
  override readonly soleWriter: boolean = false;
}

/** Two processes on one store: the first one keeps the people. */
async function twoProcesses(): Promise<{ lab: StudyOfPeople; other: Engine }> {
  const lab = await StudyOfPeople.opened(new SharedStore());
  const other = new Engine(lab.store, () => lab.nowMs);
  await other.study(STUDY);
  return { lab, other };
}

describe('authority, where several processes record', () => {
  const weigh = (lab: StudyOfPeople, engine: Engine) =>
    lab.command('RecordBodyWeight', 'tech-1', WEIGHT, '', STUDY, engine);

  it('is never decided on a smaller lab than the study was before', async () => {
    const { lab, other } = await twoProcesses();
    const before = other.labNow.size;
    const grant = lab.people.persons.get('tech-1')!.grants[0]!.number;
    await lab.done('RevokeRole', 'admin-1', { grant, cause: 'new-duties' });
    // The study shows the other process that the lab has grown: its append meets this record and is decided again.
    await lab.ok('RecordBodyWeight', 'vet-1', WEIGHT);
    expect(other.labNow.size).toBe(before);
    expect(await weigh(lab, other)).toMatchObject({ code: 'not-permitted' });
    const { state } = await other.study(STUDY);
    const sizes = [...state.records].map(({ record }) => record.labsize ?? 0);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
  });

  it('is refused only after the lab was read to its end', async () => {
    const { lab, other } = await twoProcesses();
    const grant = lab.people.persons.get('tech-1')!.grants[0]!.number;
    await lab.done('RevokeRole', 'admin-1', { grant, cause: 'mistake' });
    await other.lab();
    await lab.done('GrantRole', 'admin-1', { person: 'tech-1', role: 'technician' });
    expect(await weigh(lab, other)).not.toBeInstanceOf(Refusal);
  });

  it('rests on a lab that was read within five seconds', async () => {
    const { lab, other } = await twoProcesses();
    await weigh(lab, other);
    const grant = lab.people.persons.get('tech-1')!.grants[0]!.number;
    await lab.done('RevokeRole', 'admin-1', { grant, cause: 'new-duties' });
    const spent = performance.now() + 5001;
    const now = performance.now.bind(performance);
    performance.now = () => spent;
    try {
      expect(await weigh(lab, other)).toMatchObject({ code: 'not-permitted' });
    } finally {
      performance.now = now;
    }
  });

  it('lets one of two administrators go who end each other at once', async () => {
    const { lab } = await twoProcesses();
    await lab.join('admin-2', 'administrator', 'tech-1');
    const end = (actor: string, person: string) =>
      lab.send('DeactivatePerson', actor, { person, cause: 'misuse' });
    const answers = await Promise.all([end('admin-1', 'admin-2'), end('admin-2', 'admin-1')]);
    expect(answers.filter((answer) => answer instanceof Refusal)).toHaveLength(1);
  });
});
