import { authoriseCommand } from '../../../src/lab/people/command-authority.js';
import { commandNamed } from '../../../src/study/catalogue.js';
import { parseCommand } from '../../../src/study/parse.js';
import { Refusal } from '../../../src/study/refusal.js';
import { studyAt, type Study } from '../../../src/study/study.js';
import { governed, handedOver, replaced } from '../../study/governed.js';
import { signs } from '../../study/signing.js';
import { CODE } from '../../study/specification.js';
import { STUDY, StudyOfPeople, WEIGHT } from './study-of-people.js';

const GOVERNED = 'NP-002';

async function withGoverned(): Promise<StudyOfPeople> {
  const lab = await StudyOfPeople.opened();
  expect(await register(lab)).toBe('recorded');
  return lab;
}

function register(lab: StudyOfPeople, actor = 'sd-1'): Promise<string> {
  const data = { title: 'T', director: actor, governance: 'signed' };
  return lab.not('RegisterStudy', actor, { data }, '', GOVERNED);
}

describe('roles that conflict', () => {
  it('are refused when they are granted for a governed study, whatever the reason, and taken with one elsewhere [R18]', async () => {
    const lab = await withGoverned();
    await lab.hire('qa-1', 'quality');
    const grant = (study: string): object => ({
      person: 'qa-1',
      role: 'technician',
      study,
      conflict: 'small-laboratory',
    });
    expect(await lab.refused('GrantRole', 'admin-1', grant(GOVERNED))).toBe('role-conflict');
    await lab.done('GrantRole', 'admin-1', grant(STUDY));
  });

  it('of the facility bar nobody from older studies, and everybody from governed ones', async () => {
    const lab = await withGoverned();
    await lab.done('GrantRole', 'admin-1', {
      person: 'vet-1',
      role: 'administrator',
      conflict: 'small-laboratory',
    });
    expect(await lab.not('RecordBodyWeight', 'vet-1', WEIGHT)).toBe('recorded');
    expect(await lab.not('RecordBodyWeight', 'vet-1', WEIGHT, '', GOVERNED)).toBe('role-conflict');
    const grant = lab.people.persons.get('vet-1')!.grants.at(-1)!.number;
    await lab.done('RevokeRole', 'admin-1', { grant, cause: 'conflict' });
    expect(await lab.not('RecordBodyWeight', 'vet-1', WEIGHT, '', GOVERNED)).not.toBe('role-conflict');
  });

  it('open no governed study, and take none over', async () => {
    const lab = await StudyOfPeople.opened();
    await lab.join('sd-2', 'director', 'tech-1');
    await lab.done('GrantRole', 'admin-1', {
      person: 'sd-2',
      role: 'administrator',
      conflict: 'small-laboratory',
    });
    expect(await register(lab, 'sd-2')).toBe('role-conflict');
    expect(await register(lab)).toBe('recorded');
    const handover = { reason: 'Leave', data: { to: 'sd-2' } };
    expect(await lab.not('HandOverStudy', 'sd-1', handover, '', GOVERNED)).toBe('role-conflict');
    expect(await lab.not('HandOverStudy', 'sd-1', handover)).toBe('recorded');
  });
});

describe('quality assurance', () => {
  it('inspects a study of which it made nothing [R34]', async () => {
    const lab = await withGoverned();
    await lab.join('qa-1', 'quality', 'tech-1');
    expect(await lab.not('RecordInspection', 'qa-1', {}, '', GOVERNED)).toBe('recorded');
    expect(await lab.not('RecordInspection', 'qa-1')).toBe('recorded');
  });

  it('is never of a study in which it, under any id, made a record [R34]', async () => {
    const lab = await StudyOfPeople.opened();
    await lab.join('qa-1', 'quality', 'tech-1');
    await lab.weigh('vet-1');
    expect(await lab.not('RecordInspection', 'qa-1')).toBe('recorded');
    const grant = lab.people.persons.get('vet-1')!.grants[0]!.number;
    await lab.done('RevokeRole', 'admin-1', { grant, cause: 'new-duties' });
    // The same human under another id, registered after that one had its role.
    await lab.done('RegisterPerson', 'admin-1', { person: 'qa-2', name: 'T', sameIndividual: 'vet-1' });
    expect(await lab.refused('GrantRole', 'admin-1', { person: 'qa-2', role: 'quality', study: STUDY })).toBe(
      'role-conflict',
    );
  });
});

describe('whoever made a record before their role of quality assurance began', () => {
  it('records no inspection of that study', async () => {
    const lab = await StudyOfPeople.opened();
    await lab.join('aid-1', 'technician', 'tech-1');
    const from = new Date(lab.nowMs + 3_600_000).toISOString();
    await lab.done('GrantRole', 'admin-1', {
      person: 'aid-1',
      role: 'quality',
      from,
      conflict: 'absence-cover',
    });
    await lab.weigh('aid-1');
    lab.later(3_600_000);
    expect(await lab.not('RecordInspection', 'aid-1')).toBe('role-conflict');
    expect(await lab.not('RecordBodyWeight', 'aid-1', WEIGHT)).toBe('role-conflict');
  });
});

describe('who may act as the director of a governed study', () => {
  it('is one person at every record, around a hand-over and a replacement [R29]', async () => {
    const lab = await StudyOfPeople.opened();
    for (const person of ['sd-01', 'sd-02', 'sd-03']) await lab.join(person, 'director', 'tech-1');
    const { study } = governed().and(
      handedOver('sd-02'),
      signs('sd-01', 'approved', 4),
      signs('sd-02', 'approved', 4),
      replaced('sd-03'),
      signs('mgr-1', 'approved', 7),
    );
    const acting = (then: Study): string[] =>
      ['sd-01', 'sd-02', 'sd-03'].filter((actor) => {
        const definition = commandNamed('CloseStudy')!;
        const submission = { id: '00000000-0000-4000-8000-000000000001', study: CODE, actor, role: '' };
        const by = lab.by(actor)!;
        const command = parseCommand(definition, definition.example, { ...submission, by });
        if (command instanceof Refusal) throw new Error(command.message);
        const { labNow } = lab.engine;
        return !(authoriseCommand(labNow, definition, command, then, lab.nowMs) instanceof Refusal);
      });
    expect([4, 5, 6, 7, 8, 9].map((size) => acting(studyAt(study, size)))).toEqual([
      ['sd-01'],
      ['sd-01'],
      ['sd-01'],
      ['sd-02'],
      ['sd-02'],
      ['sd-03'],
    ]);
  });
});
