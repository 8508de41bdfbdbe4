/** The verifier has a role table of its own. It says what that of the server says, or one of the two is wrong. */
import { LAB_CATALOGUE } from '../../src/lab/commands/catalogue.js';
import { TOKEN_ROLES } from '../../src/lab/people/facts.js';
import { CATALOGUE } from '../../src/study/catalogue.js';
import { ROLES as SERVER_ROLES } from '../../src/study/who.js';
import { LAB_ROWS } from '../../src/verify/checks/people/lab-authority.js';
import { isTokenRole, ROLES, rowOf } from '../../src/verify/checks/people/role-table.js';

const sorted = (roles: readonly string[]) => [...roles].sort();

describe('the verifier’s role table', () => {
  it.each(CATALOGUE.map((definition) => [definition.name, definition] as const))('%s', (name, definition) => {
    const { who, records } = definition;
    const row = rowOf(records)!;
    expect({
      command: row.command,
      roles: sorted(row.roles),
      isStudyDirector: row.isStudyDirector ?? false,
      isFacility: row.isFacility ?? false,
    }).toEqual({
      command: name,
      roles: sorted(who.roles),
      isStudyDirector: who.isStudyDirector ?? false,
      isFacility: who.ofFacility ?? false,
    });
  });

  it.each(LAB_CATALOGUE.map((definition) => [definition.name, definition] as const))(
    'in the lab: %s',
    (_, { who, records }) => {
      const row = LAB_ROWS[records]!;
      const allowed = {
        administrator: row.administrator,
        oneself: row.holder,
        'administrator-or-oneself': row.administrator && row.holder,
        anyone: row.another,
        // The holder sends what the ledger finds right at the end of a ceremony.
        ledger: row.ledger ?? row.holder,
      };
      expect(allowed[who]).toBe(true);
    },
  );

  it('knows the roles of persons and of tokens', () => {
    expect(sorted(ROLES)).toEqual(sorted(SERVER_ROLES));
    expect(TOKEN_ROLES.filter((role) => !isTokenRole(role))).toEqual([]);
  });
});
