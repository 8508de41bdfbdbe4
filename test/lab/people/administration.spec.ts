import fc from 'fast-check';
import { foldLab, EMPTY_LAB, type LabRecord } from '../../../src/lab/lab.js';
import { hasRoleConflict, rolesOf, usableAdministrators } from '../../../src/lab/people/standing.js';
import { Refusal } from '../../../src/study/refusal.js';
import { runs } from '../../support/effort.js';
import { PeopleLab, MONDAY } from './people-lab.js';
import { STUDY, StudyOfPeople } from './study-of-people.js';

describe('administrators', () => {
  let lab: PeopleLab;

  beforeEach(async () => {
    lab = await PeopleLab.begun();
  });

  it('are the only ones who give roles', async () => {
    await lab.join('tech-1', 'technician');
    expect(await lab.refused('GrantRole', 'tech-1', { person: 'tech-1', role: 'director' })).toBe(
      'not-permitted',
    );
    expect(await lab.refused('GrantRole', 'admin-2', { person: 'tech-1', role: 'director' })).toBe(
      'sign-in-required',
    );
  });

  it('never leave the ledger without one who can sign in', async () => {
    const [credential] = lab.people.persons.get('admin-1')!.credentials;
    const grant = lab.people.persons.get('admin-1')!.grants[0]!.number;
    for (const [name, data] of [
      ['RevokeCredential', { credential: credential!.number, cause: 'lost' }],
      ['RevokeRole', { grant, cause: 'new-duties' }],
      ['DeactivatePerson', { person: 'admin-1', cause: 'left' }],
    ] as const)
      expect([name, await lab.refused(name, 'admin-1', data)]).toEqual([name, 'last-administrator']);
    await lab.join('admin-2', 'administrator');
    await lab.done('DeactivatePerson', 'admin-1', { person: 'admin-1', cause: 'left' });
    expect(usableAdministrators(lab.people, lab.nowMs).map(({ id }) => id)).toEqual(['admin-2']);
  });

  it('hand out an id once, and no reserved one [R19]', async () => {
    await lab.hire('tech-1');
    const register = (person: string): Promise<string> =>
      lab.refused('RegisterPerson', 'admin-1', { person, name: 'X' });
    expect(await register('tech-1')).toBe('person-exists');
    await lab.done('DeactivatePerson', 'admin-1', { person: 'tech-1', cause: 'left' });
    expect(await register('tech-1')).toBe('person-exists');
    for (const person of [
      'study-ledger',
      'development-identity',
      'system',
      'anonymous',
      'Tech',
      't',
      '1tech',
    ])
      expect([person, await register(person)]).toEqual([person, 'person-reserved']);
  });

  it.each([
    [{ role: 'technician' }, { role: 'administrator' }],
    [{ role: 'statistician' }, { role: 'administrator' }],
    [{ role: 'quality' }, { role: 'technician' }],
    [{ role: 'director' }, { role: 'quality' }],
  ])('take a conflicting role with a reason only: %j, then %j', async (first, second) => {
    await lab.hire('tech-1');
    await lab.done('GrantRole', 'admin-1', { person: 'tech-1', ...first });
    const grant = { person: 'tech-1', ...second };
    expect(await lab.refused('GrantRole', 'admin-1', grant)).toBe('role-conflict');
    await lab.done('GrantRole', 'admin-1', { ...grant, conflict: 'small-laboratory' });
    expect(hasRoleConflict(lab.people, 'tech-1', lab.nowMs)).toBe(true);
  });

  it('see the conflict over other ids of the same human as well', async () => {
    await lab.hire('tech-1', 'technician');
    await lab.done('RegisterPerson', 'admin-1', { person: 'qa-1', name: 'T', sameIndividual: 'tech-1' });
    expect(await lab.refused('GrantRole', 'admin-1', { person: 'qa-1', role: 'quality' })).toBe(
      'role-conflict',
    );
  });

  it('make nobody quality assurance of a study in which any id of the same human made a record [R18 R34]', async () => {
    const study = await StudyOfPeople.opened();
    const [grant] = study.people.persons.get('tech-1')!.grants;
    await study.done('RevokeRole', 'admin-1', { grant: grant!.number, cause: 'new-duties' });
    await study.done('RegisterPerson', 'admin-1', { person: 'qa-1', name: 'T', sameIndividual: 'tech-1' });
    await study.done('RegisterPerson', 'admin-1', { person: 'qa-2', name: 'Q' });
    const quality = (person: string) => ({ person, role: 'quality', study: STUDY, conflict: 'set-up' });
    for (const person of ['tech-1', 'qa-1'])
      expect(await study.refused('GrantRole', 'admin-1', quality(person))).toBe('role-conflict');
    await study.done('GrantRole', 'admin-1', quality('qa-2'));
  });

  it('mark administrator beside management, and do not refuse it', async () => {
    await lab.done('GrantRole', 'admin-1', { person: 'admin-1', role: 'management' });
    expect(hasRoleConflict(lab.people, 'admin-1', lab.nowMs)).toBe(true);
  });

  it('give roles for a time; an administrator has none', async () => {
    await lab.hire('tech-1');
    const [from, until] = ['2026-03-03T00:00:00Z', '2026-03-04T00:00:00Z'];
    await lab.done('GrantRole', 'admin-1', { person: 'tech-1', role: 'technician', from, until });
    const held = (at: string): string[] => [...rolesOf(lab.people.persons.get('tech-1'), Date.parse(at))];
    expect([held('2026-03-02T23:59:59Z'), held(from), held(until)]).toEqual([[], ['technician'], []]);
    for (const dates of [{ until }, { from }, { study: 'NP-001' }])
      expect(
        await lab.refused('GrantRole', 'admin-1', { person: 'tech-1', role: 'administrator', ...dates }),
      ).toMatch(/role-dates|study-unknown/);
    const past = { person: 'tech-1', role: 'inspector', until: '2026-03-01T00:00:00Z' };
    expect(await lab.refused('GrantRole', 'admin-1', past)).toBe('role-dates');
  });

  it('are recovered from the folder with a mark where the role conflicts', async () => {
    await lab.join('tech-1', 'technician');
    await lab.done('RecoverAdministrator', 'study-ledger', { administrator: 'tech-1', cause: 'unreachable' });
    const { grants } = lab.people.persons.get('tech-1')!;
    expect(grants.at(-1)).toMatchObject({ role: 'administrator', conflict: 'set-up' });
  });

  it('confirm nothing for whoever holds no role', async () => {
    await lab.join('tech-1', 'technician');
    await lab.done('RevokeRole', 'admin-1', {
      grant: lab.people.persons.get('tech-1')!.grants[0]!.number,
      cause: 'left',
    });
    const { number } = lab.people.persons.get('admin-1')!;
    const asked = { stream: 'lab', number, pointer: '/data/name', legalBasis: 'gdpr-17' };
    const request = (await lab.done('RequestRedaction', 'admin-1', asked)).records[0]!.number;
    expect(await lab.refused('RedactField', 'tech-1', { request })).toBe('not-permitted');
  });

  it('erase a name with a second person', async () => {
    await lab.join('tech-1', 'technician');
    const { number, name } = lab.people.persons.get('tech-1')!;
    const asked = { stream: 'lab', number, pointer: '/data/name', legalBasis: 'gdpr-17' };
    const request = (await lab.done('RequestRedaction', 'admin-1', asked)).records[0]!.number;
    expect(await lab.refused('RedactField', 'admin-1', { request })).toBe('second-person');
    expect(lab.engine.disclosures.open(name)).toBe('Name of tech-1');
    await lab.done('RedactField', 'tech-1', { request });
    expect(lab.engine.disclosures.open(name)).toBeUndefined();
    expect(await lab.refused('RedactField', 'tech-1', { request })).toBe('redaction-unknown');
  });

  it('get the first answer to a command that is sent again, and no secret the second time', async () => {
    await lab.hire('tech-1');
    const id = '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c77';
    const first = await lab.send('OfferEnrolment', 'admin-1', { person: 'tech-1' }, { id });
    const again = await lab.send('OfferEnrolment', 'admin-1', { person: 'tech-1' }, { id });
    expect(first).toMatchObject({ secret: expect.stringMatching(/^[\w-]{43}$/) });
    const { secret: _, ...receipt } = first as { secret?: string };
    expect(again).toEqual(receipt);
    const other = await lab.send('OfferEnrolment', 'admin-1', { person: 'tech-1', hours: 2 }, { id });
    expect(other).toMatchObject({ code: 'command-id-reused' });
  });

  it('are told when an id comes again with another name, which no digest shows', async () => {
    const id = '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c78';
    await lab.send('RegisterPerson', 'admin-1', { person: 'tech-1', name: 'One' }, { id });
    const same = await lab.send('RegisterPerson', 'admin-1', { person: 'tech-1', name: 'One' }, { id });
    expect(same).not.toBeInstanceOf(Refusal);
    const other = await lab.send('RegisterPerson', 'admin-1', { person: 'tech-1', name: 'Two' }, { id });
    expect(other).toMatchObject({ code: 'command-id-reused' });
  });

  it('leave no name behind where a command is refused', async () => {
    await lab.refused('RegisterPerson', 'admin-1', { person: 'system', name: 'Left behind' });
    const texts: string[] = [];
    for await (const page of lab.engine.store.read('lab')) texts.push(...page.map(({ text }) => text));
    expect(texts.join('\n')).not.toMatch(/Example|Left behind|Name of/);
  });
});

describe('the fold of people', () => {
  it('says the same in one piece as in any pieces', async () => {
    const lab = await PeopleLab.begun();
    await lab.join('tech-1', 'technician');
    await lab.join('sd-1', 'director', 'tech-1');
    await lab.done('RecordTraining', 'admin-1', {
      person: 'tech-1',
      procedures: ['LigateNerve'],
      on: '2026-01-01',
    });
    await lab.done('RevokeCredential', 'tech-1', { credential: lab.passkeys.get('tech-1'), cause: 'lost' });
    await lab.done('DeactivatePerson', 'admin-1', { person: 'sd-1', cause: 'left' });
    const records: { number: number; leaf: string; record: LabRecord }[] = [];
    for await (const page of lab.engine.store.read('lab'))
      for (const { number, text } of page)
        records.push({ number, leaf: '', record: JSON.parse(text) as LabRecord });
    const whole = foldLab(EMPTY_LAB, records).people;
    expect(whole).toEqual(lab.people);
    fc.assert(
      fc.property(fc.subarray(records.map((_, index) => index)), (cuts) => {
        const edges = [0, ...cuts, records.length];
        const folded = edges
          .slice(1)
          .reduce((state, to, index) => foldLab(state, records.slice(edges[index], to)), EMPTY_LAB);
        expect(folded.people).toEqual(whole);
      }),
      runs(100),
    );
  });

  it('never loses the last administrator, whatever administrators do', async () => {
    const step = fc.tuple(fc.nat(2), fc.nat(2), fc.nat(3));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const lab = await PeopleLab.begun();
        await lab.join('admin-2', 'administrator');
        await lab.join('admin-3', 'administrator', 'admin-2');
        for (const [actor, target, kind] of steps) {
          const [by, person] = [`admin-${actor + 1}`, `admin-${target + 1}`];
          const { grants, credentials } = lab.people.persons.get(person)!;
          const commands = [
            ['RevokeCredential', { credential: credentials[0]!.number, cause: 'lost' }],
            ['RevokeRole', { grant: grants[0]!.number, cause: 'review' }],
            ['DeactivatePerson', { person, cause: 'misuse' }],
            ['OfferEnrolment', { person, recovery: true }],
          ] as const;
          await lab.send(commands[kind]![0], by, commands[kind]![1]);
          expect(usableAdministrators(lab.people, MONDAY).length).toBeGreaterThan(0);
        }
      }),
      runs(50),
    );
  });
});
