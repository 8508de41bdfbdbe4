import { randomUUID } from 'node:crypto';
import { Engine } from '../../../src/recording/engine.js';
import type { EventStore } from '../../../src/store/event-store.js';
import { readKurrentDBAddress } from '../../../src/store/kurrentdb/address.js';
import { KurrentDBStore } from '../../../src/store/kurrentdb/kurrentdb.store.js';
import { openSqliteStore } from '../../../src/store/sqlite/open-sqlite.js';
import { Refusal } from '../../../src/study/refusal.js';
import { KurrentDBDouble } from '../../store/kurrentdb/server-double.js';
import { times } from '../../support/effort.js';
import { freshFolder } from '../../support/folders.js';
import { STUDY, StudyOfPeople, WEIGHT } from './study-of-people.js';

/** A role that is revoked while commands wait in it, on the embedded store and by two processes on a cluster. */
describe('a role that is revoked while its commands wait', () => {
  it('gives no record from then on, in one process on SQLite', async () => {
    const store = openSqliteStore(freshFolder('waiting'), { create: true, holder: 'test' });
    const lab = await StudyOfPeople.opened(store);
    for (let round = 0; round < times(30, 5); round++) {
      const revoking = await hurry(lab, [lab.engine], round);
      await expectNoneBeyond(lab, lab.engine, revoking);
      // The command after it is decided on the lab that has it.
      expect(await lab.not('RecordBodyWeight', 'tech-1', WEIGHT)).toBe('not-permitted');
      await lab.done('GrantRole', 'admin-1', { person: 'tech-1', role: 'technician' });
    }
    await lab.engine.close();
  });

  describe('on KurrentDB', () => {
    let double: KurrentDBDouble;
    beforeAll(async () => {
      double = await KurrentDBDouble.start();
    });
    afterAll(() => double.stop());

    it('gives no record on a lab that has its end, in two processes', async () => {
      const prefix = `${randomUUID()}.`;
      const open = (): EventStore => new KurrentDBStore({ ...readKurrentDBAddress(double.url), prefix });
      const lab = await StudyOfPeople.opened(open());
      const other = new Engine(open(), () => lab.nowMs);
      await other.study(STUDY);
      for (let round = 0; round < times(15, 3); round++) {
        const revoking = await hurry(lab, [lab.engine, other], round);
        await expectNoneBeyond(lab, other, revoking);
        await other.lab();
        const late = await lab.command('RecordBodyWeight', 'tech-1', WEIGHT, '', STUDY, other);
        expect(late).toMatchObject({ code: 'not-permitted' });
        await lab.done('GrantRole', 'admin-1', { person: 'tech-1', role: 'technician' });
        await other.lab();
      }
      await other.close();
      await lab.engine.close();
    });
  });
});

/** Commands of all processes at once, with the end of the role among them. @returns the size of the lab that has it */
async function hurry(lab: StudyOfPeople, engines: readonly Engine[], round: number): Promise<number> {
  const grant = lab.people.persons.get('tech-1')!.grants.find(({ revoked }) => revoked === undefined)!;
  const weigh = (engine: Engine, actor: string) =>
    lab.command('RecordBodyWeight', actor, WEIGHT, '', STUDY, engine);
  const before = Array.from({ length: round % 7 }, () => engines.map((engine) => weigh(engine, 'tech-1')));
  const revoked = lab.done('RevokeRole', 'admin-1', { grant: grant.number, cause: 'mistake' });
  const after = Array.from({ length: 8 }, () =>
    engines.flatMap((engine) => [weigh(engine, 'tech-1'), weigh(engine, 'vet-1')]),
  );
  const answers = await Promise.all([...before, ...after].flat());
  for (const answer of answers)
    if (answer instanceof Refusal) expect(['not-permitted', 'busy']).toContain(answer.code);
  return (await revoked).records[0]!.number + 1;
}

/** Records on a lab that has the end are none of the technician's, and `labsize` never falls. */
async function expectNoneBeyond(lab: StudyOfPeople, engine: Engine, size: number): Promise<void> {
  const { state } = await engine.study(STUDY);
  const records = [...state.records].map(({ record }) => record);
  const sizes = records.map(({ labsize }) => labsize ?? 0);
  expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
  const grants = lab.people.persons.get('tech-1')!.grants;
  const heldAt = (labsize: number): boolean =>
    grants.some(({ number, revoked = Infinity }) => number < labsize && labsize <= revoked);
  const beyond = records.filter(
    ({ actor, labsize = 0 }) => actor === 'tech-1' && (labsize >= size || !heldAt(labsize)),
  );
  expect(beyond.map(({ sequence, labsize }) => ({ sequence, labsize }))).toEqual([]);
}
