import { commandNamed } from '../../../src/study/catalogue.js';
import { STUDY, StudyOfPeople, WEIGHT } from './study-of-people.js';

describe('a command of a study', () => {
  let lab: StudyOfPeople;

  beforeEach(async () => {
    lab = await StudyOfPeople.opened();
  });

  it('bears the person, the role and the lab that it was authorised on [R1]', async () => {
    const record = await lab.ok('RecordBodyWeight', 'tech-1', WEIGHT);
    expect(record).toMatchObject({
      actor: 'tech-1',
      actorrole: 'technician',
      labsize: lab.engine.labNow.size,
    });
  });

  it('takes the role that was asked for where it is held, and otherwise the first that permits', async () => {
    await lab.done('GrantRole', 'admin-1', { person: 'vet-1', role: 'technician' });
    expect((await lab.ok('RecordBodyWeight', 'vet-1', WEIGHT)).actorrole).toBe('technician');
    expect((await lab.ok('RecordBodyWeight', 'vet-1', WEIGHT, 'veterinarian')).actorrole).toBe(
      'veterinarian',
    );
    expect((await lab.ok('RecordBodyWeight', 'vet-1', WEIGHT, 'director')).actorrole).toBe('technician');
  });

  it('is refused where no role permits it, and where nobody signed in [R13]', async () => {
    expect(await lab.not('ApplySCS', 'vet-1')).toBe('not-permitted');
    expect(await lab.not('RecordBodyWeight', 'admin-1', WEIGHT)).toBe('not-permitted');
    expect(await lab.not('RecordBodyWeight', 'development-identity', WEIGHT)).toBe('sign-in-required');
  });

  it('of the study’s director is not given by another director', async () => {
    await lab.join('sd-2', 'director', 'tech-1');
    expect(await lab.not('CloseStudy', 'sd-2')).toBe('not-permitted');
    expect(await lab.not('ExcludeSubject', 'sd-2')).toBe('not-permitted');
    expect(await lab.not('RecordBodyWeight', 'sd-2', WEIGHT)).toBe('recorded');
  });

  it('needs a grant for this study or the facility, at that moment', async () => {
    await lab.hire('tech-2');
    lab.passkeys.set('tech-2', await lab.enrol('tech-2', await lab.offer('tech-2')));
    await lab.done('ConfirmCredential', 'tech-1', {
      credential: lab.passkeys.get('tech-2'),
      identity: 'in-person',
    });
    expect(await lab.not('RecordBodyWeight', 'tech-2', WEIGHT)).toBe('not-permitted');
    const until = new Date(lab.nowMs + 60_000).toISOString();
    await lab.done('GrantRole', 'admin-1', { person: 'tech-2', role: 'technician', study: STUDY, until });
    expect(await lab.not('RecordBodyWeight', 'tech-2', WEIGHT)).toBe('recorded');
    lab.later(60_000);
    expect(await lab.not('RecordBodyWeight', 'tech-2', WEIGHT)).toBe('not-permitted');
  });

  it('is refused once the role, the passkey or the person has ended [R13]', async () => {
    const grant = lab.people.persons.get('tech-1')!.grants[0]!.number;
    await lab.done('RevokeRole', 'admin-1', { grant, cause: 'new-duties' });
    expect(await lab.not('RecordBodyWeight', 'tech-1', WEIGHT)).toBe('not-permitted');
    await lab.done('RevokeCredential', 'admin-1', { credential: lab.passkeys.get('vet-1'), cause: 'lost' });
    expect(await lab.not('RecordBodyWeight', 'vet-1', WEIGHT)).toBe('sign-in-required');
    await lab.done('DeactivatePerson', 'admin-1', { person: 'sd-1', cause: 'left' });
    expect(await lab.not('RecordBodyWeight', 'sd-1', WEIGHT)).toBe('person-inactive');
  });

  it('that waits while its role is revoked is refused', async () => {
    const grant = lab.people.persons.get('tech-1')!.grants[0]!.number;
    const revoked = lab.done('RevokeRole', 'admin-1', { grant, cause: 'new-duties' });
    const [, answer] = await Promise.all([
      revoked,
      revoked.then(() => lab.not('RecordBodyWeight', 'tech-1', WEIGHT)),
    ]);
    expect(answer).toBe('not-permitted');
  });

  it('names registered persons only', async () => {
    const changes = {
      data: { ...(commandNamed('LigateNerve')!.example['data'] as object), surgeon: 'stranger' },
    };
    expect(await lab.not('LigateNerve', 'tech-1', changes)).toBe('person-unknown');
  });

  it('registers a study for its actor as director, or by management for a director', async () => {
    await lab.hire('mgr-1', 'management');
    lab.passkeys.set('mgr-1', await lab.enrol('mgr-1', await lab.offer('mgr-1')));
    await lab.done('ConfirmCredential', 'tech-1', {
      credential: lab.passkeys.get('mgr-1'),
      identity: 'in-person',
    });
    const register = (study: string, actor: string, director: string): Promise<string> =>
      lab.not('RegisterStudy', actor, { data: { title: 'T', director } }, '', study);
    expect(await register('NP-002', 'sd-1', 'tech-1')).toBe('not-permitted');
    expect(await register('NP-002', 'tech-1', 'tech-1')).toBe('not-permitted');
    expect(await register('NP-002', 'mgr-1', 'tech-1')).toBe('not-permitted');
    expect(await register('NP-002', 'mgr-1', 'sd-1')).toBe('recorded');
    expect(await register('NP-003', 'sd-1', 'sd-1')).toBe('recorded');
  });

  it('is not given by whoever is quality assurance of the study, under any id [R18]', async () => {
    await lab.done('RegisterPerson', 'admin-1', { person: 'qa-1', name: 'T', sameIndividual: 'vet-1' });
    await lab.done('GrantRole', 'admin-1', {
      person: 'qa-1',
      role: 'quality',
      study: STUDY,
      conflict: 'small-laboratory',
    });
    expect(await lab.not('RecordBodyWeight', 'vet-1', WEIGHT)).toBe('role-conflict');
    const grant = lab.people.persons.get('qa-1')!.grants[0]!.number;
    await lab.done('RevokeRole', 'admin-1', { grant, cause: 'conflict' });
    expect(await lab.not('RecordBodyWeight', 'vet-1', WEIGHT)).toBe('recorded');
  });

  it('gives a veterinarian the substances of a rescue only', async () => {
    const example = commandNamed('AdministerSubstance')!.example['data'] as object;
    const give = (purpose: string): Promise<string> =>
      lab.not('AdministerSubstance', 'vet-1', { data: { ...example, purpose } });
    expect(await give('test')).toBe('not-permitted');
    expect(await give('rescue')).not.toBe('not-permitted');
  });
});

describe('a correction', () => {
  let lab: StudyOfPeople;

  beforeEach(async () => {
    lab = await StudyOfPeople.opened();
  });

  const correctionOf = (number: number) => ({
    reason: 'Digits swapped',
    data: {
      target: { number },
      subject: 'R01',
      occurredAt: '2026-03-02T09:00:00+01:00',
      corrected: { weight: { value: '251.0', unit: 'g' } },
    },
  });

  it('of one’s own record is taken on the same day, in the laboratory’s time zone', async () => {
    const number = await lab.weigh('tech-1');
    const record = await lab.ok('CorrectRecord', 'tech-1', correctionOf(number));
    expect(record).toMatchObject({ actorrole: 'technician' });
    expect(record.data.flags ?? []).not.toContain('by-another');
  });

  it.each([
    // 23:59:59.999 and 00:00 in Amsterdam.
    ['the same day', '2026-03-02T22:59:59.999Z', 'recorded'],
    ['the next day', '2026-03-02T23:00:00.000Z', 'not-permitted'],
  ])('of one’s own record on %s', async (_day, at, answer) => {
    const number = await lab.weigh('tech-1');
    lab.nowMs = Date.parse(at);
    expect(await lab.not('CorrectRecord', 'tech-1', correctionOf(number))).toBe(answer);
  });

  it('of another’s record is the study director’s, and says so', async () => {
    const number = await lab.weigh('tech-1');
    expect(await lab.not('CorrectRecord', 'vet-1', correctionOf(number))).toBe('not-permitted');
    const record = await lab.ok('CorrectRecord', 'sd-1', correctionOf(number));
    expect(record).toMatchObject({ actorrole: 'director' });
    expect(record.data.flags).toContain('by-another');
  });

  it('does not overrule what the study’s director put right', async () => {
    const number = await lab.weigh('tech-1');
    const corrected = Number((await lab.ok('CorrectRecord', 'sd-1', correctionOf(number))).sequence);
    const again = correctionOf(number);
    const weight = { value: '252.0', unit: 'g' };
    const over = {
      ...again,
      data: { ...again.data, replaces: { number: corrected }, corrected: { weight } },
    };
    expect(await lab.not('CorrectRecord', 'tech-1', over)).toBe('not-permitted');
    expect(await lab.not('CorrectRecord', 'sd-1', over)).toBe('recorded');
  });

  it('says no more than the command that it corrects may, and names registered persons only', async () => {
    await lab.done('RegisterPerson', 'admin-1', { person: 'surgeon-1', name: 'S' });
    const example = commandNamed('LigateNerve')!.example['data'] as object;
    const { sequence, time } = await lab.ok('LigateNerve', 'tech-1', {
      data: { ...example, surgeon: 'surgeon-1' },
    });
    const correction = (surgeon: string) => ({
      reason: 'Another surgeon',
      data: {
        target: { number: Number(sequence) },
        subject: 'R01',
        occurredAt: time,
        corrected: { ...example, surgeon },
      },
    });
    expect(await lab.not('CorrectRecord', 'tech-1', correction('stranger'))).toBe('person-unknown');
    expect(await lab.not('CorrectRecord', 'tech-1', correction('tech-1'))).toBe('recorded');
  });

  it('or a void of one’s own needs the role that makes such a record, still', async () => {
    const number = await lab.weigh('tech-1');
    const grant = lab.people.persons.get('tech-1')!.grants[0]!.number;
    await lab.done('RevokeRole', 'admin-1', { grant, cause: 'new-duties' });
    const voiding = { reason: 'Wrong animal', data: { target: { number } } };
    expect(await lab.not('VoidRecord', 'tech-1', voiding)).toBe('not-permitted');
  });
});
