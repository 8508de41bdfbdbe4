import { Instant, PersonId, StudyCode } from '../../study/schema.js';
import { Data, Optional, Required } from '../../study/commands/common/fields.js';
import { instantMs, utcInstant } from '../../study/instant.js';
import { Refusal, refuse } from '../../study/refusal.js';
import type { Role } from '../../study/who.js';
import { ConflictReason, RoleCode } from '../people/facts.js';
import { conflictsWith } from '../people/standing.js';
import { checkStudy, findPerson } from './common/find.js';
import { LabCommand, defineLabCommand, labFact } from './common/lab-command.js';

class Granting {
  @Required(PersonId, 'The person.')
  person!: string;

  @Required(RoleCode, 'The role.')
  role!: Role;

  @Optional(StudyCode, 'The one study that it is for; the whole facility where left out.')
  study?: string;

  @Optional(Instant, 'From when; at once where left out.')
  from?: string;

  @Optional(Instant, 'Until when; without end where left out.')
  until?: string;

  @Optional(ConflictReason, 'Why it is granted though it conflicts with another role of the same person.')
  conflict?: 'small-laboratory' | 'absence-cover' | 'set-up';
}

/** Gives a person a role, in one study or in the facility. */
export class GrantRole extends LabCommand {
  @Data(Granting) readonly data!: Granting;
}

export const grantRole = defineLabCommand(GrantRole, {
  summary: 'Give a person a role',
  records: 'RoleGranted',
  who: 'administrator',
  refuses: ['person-inactive', 'person-unknown', 'role-conflict', 'role-dates', 'study-unknown'],
  occurrencesOf: ({ data: { person, role, study } }) =>
    role === 'quality' ? { person, isForQuality: true, ...(study !== undefined && { study }) } : undefined,
  governedOf: ({ data: { study } }) => study,
  example: { data: { person: 'tech-1', role: 'technician', study: 'KET-01' } },
  decide({ data }, { lab, atMs, occursIn, isGoverned }) {
    const person = findPerson(lab, data.person);
    if (person instanceof Refusal) return person;
    const wrong = checkStudy(lab, data.study) ?? checkDates(data, atMs);
    if (wrong) return wrong;
    if (data.role === 'quality' && occursIn.length > 0) {
      const message = `${person.id} made records in ${occursIn.slice(0, 5).join(', ')}, so cannot be quality assurance there: grant it for other studies, or to somebody else.`;
      return refuse('role-conflict', message, 'data.role');
    }
    const others = conflictsWith(lab.people, data, atMs);
    const held = others.map(({ role, number }) => `${role} (lab record ${number})`).join(', ');
    if (others.length > 0 && isGoverned) {
      const message = `${data.role} conflicts with ${held} of the same person, and acts of ${data.study} are signed: no roles conflict there. Grant it to somebody else.`;
      return refuse('role-conflict', message, 'data.role');
    }
    if (others.length > 0 && data.conflict === undefined) {
      const message = `${data.role} conflicts with ${held} of the same person. Where the laboratory is too small to part them, say so in “conflict” (small-laboratory, absence-cover, set-up): every export shows it.`;
      return refuse('role-conflict', message, 'data.conflict');
    }
    const { from, until, ...rest } = data;
    const utc = (instant: string): string => utcInstant(instantMs(instant)!);
    return [
      labFact('RoleGranted', {
        ...rest,
        ...(from !== undefined && { from: utc(from) }),
        ...(until !== undefined && { until: utc(until) }),
      }),
    ];
  },
});

function checkDates({ role, study, from, until }: Granting, atMs: number): Refusal | undefined {
  if (role === 'administrator' && (study ?? from ?? until) !== undefined)
    return refuse(
      'role-dates',
      'An administrator is one of the whole facility, without dates: revoke the role to end it.',
      'data.role',
    );
  const [fromMs, untilMs] = [
    from === undefined ? atMs : instantMs(from)!,
    until === undefined ? Infinity : instantMs(until)!,
  ];
  if (untilMs > Math.max(fromMs, atMs)) return undefined;
  return refuse(
    'role-dates',
    `The grant would end at ${until}, before it begins or in the past.`,
    'data.until',
  );
}
