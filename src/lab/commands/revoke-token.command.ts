import { RecordNumber } from '../../study/schema.js';
import { Data, Required } from '../../study/commands/common/fields.js';
import { refuse } from '../../study/refusal.js';
import { RevocationCause } from '../people/facts.js';
import { tokenNumbered } from '../people/standing.js';
import { LabCommand, defineLabCommand, labFact } from './common/lab-command.js';

class Revocation {
  @Required(RecordNumber, 'Lab record of the TokenIssued.')
  token!: number;

  @Required(RevocationCause, 'Why.')
  cause!: 'lost' | 'stolen' | 'replaced' | 'left';
}

/** Ends a token at once. */
export class RevokeToken extends LabCommand {
  @Data(Revocation) readonly data!: Revocation;
}

export const revokeToken = defineLabCommand(RevokeToken, {
  summary: 'End a token',
  records: 'TokenRevoked',
  who: 'administrator-or-oneself',
  concerns: ({ data }, { people }) => tokenNumbered(people, data.token)?.person,
  refuses: ['token-unknown'],
  example: { data: { token: 31, cause: 'replaced' } },
  decide({ data: { token, cause } }, { lab }) {
    const found = tokenNumbered(lab.people, token);
    if (!found || found.revoked !== undefined)
      return refuse('token-unknown', `Lab record ${token} is not a token in force.`, 'data.token');
    return [labFact('TokenRevoked', { token, cause })];
  },
});
