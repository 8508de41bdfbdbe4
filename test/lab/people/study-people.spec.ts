import { v4 } from 'uuid';
import { commandNamed } from '../../../src/study/catalogue.js';
import type { StudyCommand } from '../../../src/study/commands/common/command.js';
import { parseCommand } from '../../../src/study/parse.js';
import { masterSchedule } from '../../../src/queries/master-schedule.js';
import { ask } from '../../../src/queries/ask.js';
import { ShowProjection, ShowStudy } from '../../../src/queries/queries.js';
import { studyPeople, type PersonOfStudy } from '../../../src/lab/people/study-people.js';
import { finish } from '../../../src/study/steps.js';
import { studyAt, type Study } from '../../../src/study/study.js';
import { STUDY, StudyOfPeople, WEIGHT } from './study-of-people.js';

const DAY_MS = 86_400_000;

describe('the persons of a study', () => {
  let lab: StudyOfPeople;

  beforeEach(async () => {
    lab = await StudyOfPeople.opened();
  });

  const study = async (size?: number): Promise<Study> => {
    const { state } = await lab.engine.study(STUDY);
    return size === undefined ? state : studyAt(state, size);
  };
  const persons = async (size?: number): Promise<ReadonlyMap<string, PersonOfStudy>> => {
    const found = finish(studyPeople(await study(size), lab.people));
    return new Map(found.persons.map((one) => [one.person, one]));
  };

  it('are who made records, in which roles, and whom records name', async () => {
    await lab.hire('obs-1');
    await lab.ok('RecordBodyWeight', 'sd-1', {
      ...WEIGHT,
      data: { ...WEIGHT.data, observedBy: 'obs-1' },
    });
    const found = await persons();
    expect([...found.keys()]).toEqual(['sd-1', 'tech-1', 'obs-1']);
    expect(found.get('sd-1')).toMatchObject({
      roles: ['director'],
      namedAs: ['study director'],
      records: 3,
      first: 0,
      last: 3,
      registered: lab.people.persons.get('sd-1')!.number,
      roleConflict: false,
    });
    expect(found.get('obs-1')).toMatchObject({ roles: [], namedAs: ['observer'], records: 0, first: 3 });
  });

  it('are the same at a tree size, whatever the lab records later [R13]', async () => {
    const { size } = await study();
    const before = await persons();
    await lab.done('GrantRole', 'admin-1', { person: 'vet-1', role: 'technician' });
    await lab.done('RegisterPerson', 'admin-1', { person: 'obs-2', name: 'O. Later' });
    await lab.done('GrantRole', 'admin-1', {
      person: 'tech-1',
      role: 'administrator',
      conflict: 'small-laboratory',
    });
    await lab.done('DeactivatePerson', 'admin-1', { person: 'tech-1', cause: 'left' });
    await lab.weigh('vet-1');
    expect(await persons(size)).toEqual(before);
  });

  it('are marked where roles of theirs conflicted while they acted, though they do no longer', async () => {
    const grant = await lab.done('GrantRole', 'admin-1', {
      person: 'vet-1',
      role: 'administrator',
      conflict: 'small-laboratory',
    });
    await lab.weigh('vet-1');
    await lab.done('RevokeRole', 'admin-1', { grant: grant.records[0]!.number, cause: 'conflict' });
    await lab.weigh('tech-1');
    const found = await persons();
    expect(found.get('vet-1')!.roleConflict).toBe(true);
    expect(found.get('tech-1')!.roleConflict).toBe(false);
  });

  it('are marked for roles that the same human holds under another id', async () => {
    await lab.done('RegisterPerson', 'admin-1', { person: 'vet-2', name: 'V. Two', sameIndividual: 'vet-1' });
    await lab.done('GrantRole', 'admin-1', {
      person: 'vet-2',
      role: 'administrator',
      conflict: 'small-laboratory',
    });
    await lab.weigh('vet-1');
    expect((await persons()).get('vet-1')!.roleConflict).toBe(true);
  });

  it('stand in the audit trail with role and session', async () => {
    const definition = commandNamed('RecordBodyWeight')!;
    const session = v4();
    const submission = { id: v4(), study: STUDY, actor: 'tech-1', role: '', session, by: lab.by('tech-1')! };
    await lab.engine.execute(definition, parseCommand(definition, WEIGHT, submission) as StudyCommand);
    const trail = (await ask(lab.engine, new ShowProjection(STUDY, 'audit-trail'))) as {
      records?: { actor: string; role: string; session: string | null }[];
      persons?: unknown;
    };
    expect(trail.records![2]).toMatchObject({ actor: 'tech-1', role: 'technician', session: null });
    expect(trail.records!.at(-1)).toMatchObject({ actor: 'tech-1', role: 'technician', session });
    expect(trail.persons).toEqual([...(await persons()).values()]);
  });

  describe('who direct it', () => {
    const absent = async (at?: string): Promise<unknown> =>
      ((await ask(lab.engine, new ShowStudy(STUDY, { at }))) as Record<string, unknown>)['directorAbsent'];
    const scheduled = async (on?: string): Promise<unknown[]> => {
      const rows = await masterSchedule(lab.engine, on);
      return Array.isArray(rows) ? rows.map(({ study: one }) => [one?.director, one?.directorAbsent]) : [];
    };

    it('are absent once deactivated, until they are replaced', async () => {
      expect(await absent()).toBe(false);
      const { size } = await study();
      await lab.join('sd-2', 'director', 'tech-1');
      await lab.join('man-1', 'management', 'tech-1');
      lab.later(DAY_MS);
      await lab.done('DeactivatePerson', 'admin-1', { person: 'sd-1', cause: 'left' });
      expect(await absent()).toBe(true);
      // A state of the past is shown as it was then.
      expect(await absent(String(size))).toBe(false);
      expect(await scheduled()).toEqual([['sd-1', true]]);
      expect(await scheduled('2026-03-02')).toEqual([['sd-1', false]]);
      expect(await scheduled('2026-03-03')).toEqual([['sd-1', true]]);
      await lab.ok('ReplaceDirector', 'man-1', { reason: 'Has left', data: { director: 'sd-2' } });
      expect(await absent()).toBe(false);
      expect(await scheduled()).toEqual([['sd-2', false]]);
    });

    it('are absent without a grant for this study', async () => {
      const grant = lab.people.persons.get('sd-1')!.grants[0]!.number;
      await lab.not('RegisterStudy', 'sd-1', { data: { title: 'T', director: 'sd-1' } }, '', 'NP-009');
      await lab.done('GrantRole', 'admin-1', { person: 'sd-1', role: 'director', study: 'NP-009' });
      await lab.done('RevokeRole', 'admin-1', { grant, cause: 'new-duties' });
      expect(await absent()).toBe(true);
      await lab.done('GrantRole', 'admin-1', { person: 'sd-1', role: 'director', study: STUDY });
      expect(await absent()).toBe(false);
    });

    it('change by a handover to somebody who may direct it, or by management', async () => {
      await lab.join('sd-2', 'director', 'tech-1');
      const to = (person: string) => ({ reason: 'Leave', data: { to: person } });
      expect(await lab.not('HandOverStudy', 'sd-2', to('sd-2'))).toBe('not-permitted');
      expect(await lab.not('HandOverStudy', 'sd-1', to('tech-1'))).toBe('not-permitted');
      expect(await lab.not('HandOverStudy', 'sd-1', to('nobody'))).toBe('person-unknown');
      expect(await lab.not('ReplaceDirector', 'sd-1', { reason: 'Leave', data: { director: 'sd-2' } })).toBe(
        'not-permitted',
      );
      await lab.ok('HandOverStudy', 'sd-1', to('sd-2'));
      expect(await lab.not('CloseStudy', 'sd-1')).toBe('not-permitted');
      expect(await lab.not('CloseStudy', 'sd-2')).toBe('recorded');
    });
  });

  it('who are deactivated later change nothing in the past', async () => {
    await lab.hire('obs-1');
    const observed = { weight: { value: '251.0', unit: 'g' }, observedBy: 'obs-1' };
    const { sequence, time } = await lab.ok('RecordBodyWeight', 'tech-1', { ...WEIGHT, data: observed });
    const trail = new ShowProjection(STUDY, 'audit-trail');
    const before = [await persons(), await ask(lab.engine, trail)];
    await lab.done('DeactivatePerson', 'admin-1', { person: 'obs-1', cause: 'left' });
    expect([await persons(), await ask(lab.engine, trail)]).toEqual(before);
    // What the observer saw can still be put right, and stays theirs.
    const corrected = { ...observed, weight: { value: '252.0', unit: 'g' } };
    const { data } = await lab.ok('CorrectRecord', 'tech-1', {
      reason: 'Digits swapped',
      data: { target: { number: Number(sequence) }, subject: 'R01', occurredAt: time, corrected },
    });
    expect(data).toMatchObject({ corrected });
  });
});
