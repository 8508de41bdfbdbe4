import fc from 'fast-check';
import { PARTS, proposeGovernance } from '../../../src/lab/people/propose-governance.js';
import { NO_PEOPLE, type People, type Person } from '../../../src/lab/people/people.js';
import { ROLES, type Role } from '../../../src/study/who.js';
import { runs } from '../../support/effort.js';

const NOW = Date.parse('2026-03-02T08:00:00Z');

/** Persons with their roles for the facility; those who share a number are one human. */
function peopleWith(
  roster: Readonly<Record<string, readonly Role[]>>,
  same: readonly string[][] = [],
): People {
  const persons = Object.entries(roster).map(([id, roles], index) => {
    const grants = roles.map((role, place) => ({ number: 100 * index + place, person: id, role }));
    return [id, { id, number: index, grants, credentials: [], tokens: [], links: [], training: [] }] as const;
  });
  const individuals = same.flatMap((ids) => ids.map((id) => [id, new Set(ids)] as const));
  return {
    ...NO_PEOPLE,
    persons: new Map(persons as unknown as [string, Person][]),
    individuals: new Map(individuals),
  };
}

const WHOLE = {
  'mgr-1': ['management'],
  'sd-1': ['director'],
  'tech-1': ['technician'],
  'stat-1': ['statistician'],
  'qa-1': ['quality'],
} as const;

describe('governance is proposed', () => {
  it('where every part is another person’s', () => {
    expect(proposeGovernance(peopleWith(WHOLE), NOW)).toEqual({
      proposed: true,
      persons: {
        director: 'sd-1',
        'second recorder': 'tech-1',
        reviewer: 'stat-1',
        quality: 'qa-1',
        management: 'mgr-1',
      },
    });
  });

  it('also where somebody has to make room for another', () => {
    const { 'stat-1': _, ...others } = WHOLE;
    const people = peopleWith({ ...others, 'mgr-2': ['management'] });
    expect(proposeGovernance(people, NOW)).toMatchObject({ proposed: true });
  });

  it.each(Object.keys(WHOLE))('not without %s, and the part is named', (person) => {
    const { [person as keyof typeof WHOLE]: roles, ...others } = WHOLE;
    const parts: Readonly<Record<string, string>> = {
      technician: 'second recorder',
      statistician: 'reviewer',
    };
    expect(proposeGovernance(peopleWith(others), NOW)).toEqual({
      proposed: false,
      missing: [parts[roles[0]] ?? roles[0]],
    });
  });

  it('not with two ids of one human, nor with roles that conflict', () => {
    const twice = peopleWith(WHOLE, [['qa-1', 'stat-1']]);
    expect(proposeGovernance(twice, NOW)).toMatchObject({ proposed: false });
    const both = peopleWith({ ...WHOLE, 'tech-1': ['technician', 'administrator'] });
    expect(proposeGovernance(both, NOW)).toEqual({ proposed: false, missing: ['second recorder'] });
  });

  it('for the director who is chosen', () => {
    const people = peopleWith({ ...WHOLE, 'sd-2': ['director'] });
    expect(proposeGovernance(people, NOW, 'sd-2')).toMatchObject({ persons: { director: 'sd-2' } });
    expect(proposeGovernance(people, NOW, 'tech-1')).toEqual({ proposed: false, missing: ['director'] });
  });

  it('exactly where a search through all assignments finds one', () => {
    const roster = fc.array(fc.uniqueArray(fc.constantFrom(...ROLES), { minLength: 1, maxLength: 2 }), {
      maxLength: 7,
    });
    fc.assert(
      fc.property(roster, (roles) => {
        const people = peopleWith(Object.fromEntries(roles.map((held, index) => [`p-${index}`, held])));
        const answer = proposeGovernance(people, NOW);
        expect(answer.proposed).toBe(exists(roles, 0, new Set()));
        if (answer.proposed) expect(new Set(Object.values(answer.persons)).size).toBe(PARTS.length);
      }),
      runs(100),
    );
  });
});

const RECORDING: readonly Role[] = ['technician', 'director', 'veterinarian'];

/** Every part in turn, by everybody who is left. */
function exists(roster: readonly (readonly Role[])[], place: number, used: ReadonlySet<number>): boolean {
  const part = PARTS[place];
  if (part === undefined) return true;
  return roster.some(
    (roles, index) =>
      !used.has(index) &&
      !clash(roles) &&
      does(part, roles) &&
      exists(roster, place + 1, new Set([...used, index])),
  );
}

function does(part: (typeof PARTS)[number], roles: readonly Role[]): boolean {
  const records = roles.some((role) => RECORDING.includes(role));
  if (part === 'second recorder') return records;
  if (part === 'reviewer')
    return !records && roles.some((role) => !RECORDING.includes(role) && role !== 'administrator');
  return roles.includes(part);
}

/** Of two roles, by hand. */
function clash(roles: readonly Role[]): boolean {
  const has = (...both: Role[]): boolean => both.every((role) => roles.includes(role));
  return (
    (has('administrator') && roles.length > 1 && !has('administrator', 'quality')) ||
    RECORDING.some((role) => has('quality', role))
  );
}
