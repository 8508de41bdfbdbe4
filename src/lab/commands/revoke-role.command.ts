import { RecordNumber } from '../../study/schema.js';
import { Data, Required } from '../../study/commands/common/fields.js';
import { refuse } from '../../study/refusal.js';
import { RoleCause } from '../people/facts.js';
import { grantNumbered } from '../people/standing.js';
import { LabCommand, defineLabCommand, labFact } from './common/lab-command.js';

class Revocation {
  @Required(RecordNumber, 'Lab record of the RoleGranted.')
  grant!: number;

  @Required(RoleCause, 'Why.')
  cause!: 'left' | 'new-duties' | 'mistake' | 'conflict' | 'review';
}

/** Ends a role at once. */
export class RevokeRole extends LabCommand {
  @Data(Revocation) readonly data!: Revocation;
}

export const revokeRole = defineLabCommand(RevokeRole, {
  summary: 'End a role',
  records: 'RoleRevoked',
  who: 'administrator',
  refuses: ['grant-unknown', 'last-administrator'],
  example: { data: { grant: 21, cause: 'new-duties' } },
  decide({ data: { grant, cause } }, { lab }) {
    const found = grantNumbered(lab.people, grant);
    if (!found || found.revoked !== undefined)
      return refuse('grant-unknown', `Lab record ${grant} is not a grant in force.`, 'data.grant');
    return [labFact('RoleRevoked', { grant, cause })];
  },
});
