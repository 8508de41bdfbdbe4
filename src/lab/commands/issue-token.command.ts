import { Instant, Line, PersonId, StudyCode } from '../../study/schema.js';
import { Data, Optional, Required } from '../../study/commands/common/fields.js';
import { instantMs, utcInstant } from '../../study/instant.js';
import { Refusal, refuse } from '../../study/refusal.js';
import { TokenRoles, type TokenRole } from '../people/facts.js';
import { rolesOf } from '../people/standing.js';
import { checkStudy, findPerson } from './common/find.js';
import { LabCommand, defineLabCommand, labFact } from './common/lab-command.js';

const MOST_DAYS = 90;

class NewToken {
  @Required(PersonId, 'The person for whom the program acts: yourself.')
  person!: string;

  @Required(Line, 'What the program is.')
  label!: string;

  @Required(TokenRoles, 'What it may, of what you may.')
  roles!: TokenRole[];

  @Optional(StudyCode, 'The one study that it may touch.')
  study?: string;

  @Required(Instant, 'Until when it holds, at most 90 days.')
  until!: string;
}

/** Hands out a token by which a program acts for a person. It is shown once. */
export class IssueToken extends LabCommand {
  @Data(NewToken) readonly data!: NewToken;
}

export const issueToken = defineLabCommand(IssueToken, {
  summary: 'Hand out a token for a program',
  records: 'TokenIssued',
  who: 'oneself',
  concerns: ({ data }) => data.person,
  personal: ['label'],
  handsOut: 'token',
  refuses: ['not-permitted', 'person-inactive', 'person-unknown', 'role-dates', 'study-unknown'],
  example: {
    data: {
      person: 'tech-1',
      label: 'Import from the balance',
      roles: ['technician'],
      until: '2026-12-31T00:00:00Z',
    },
  },
  decide({ data }, { lab, atMs, commitments, secretSha256 }) {
    const { person: id, roles, study, until } = data;
    const person = findPerson(lab, id);
    if (person instanceof Refusal) return person;
    const unknown = checkStudy(lab, study);
    if (unknown) return unknown;
    const untilMs = instantMs(until) ?? 0;
    if (untilMs <= atMs || untilMs > atMs + MOST_DAYS * 86_400_000)
      return refuse(
        'role-dates',
        `A token holds for 90 days at most, and ${until} is not within them.`,
        'data.until',
      );
    if (roles.includes('metrics') && !rolesOf(person, atMs).has('administrator'))
      return refuse(
        'not-permitted',
        'A token that reads /metrics is handed out by an administrator.',
        'data.roles',
      );
    return [
      labFact('TokenIssued', {
        person: id,
        sha256: secretSha256,
        label: commitments['label']!,
        roles: [...roles],
        ...(study !== undefined && { study }),
        until: utcInstant(untilMs),
      }),
    ];
  },
});
