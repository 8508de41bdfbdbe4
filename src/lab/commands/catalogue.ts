import { beginPeople } from './begin-people.command.js';
import type { LabDefinition } from './common/lab-command.js';
import { configureSite } from './configure-site.command.js';
import { confirmCredential } from './confirm-credential.command.js';
import { confirmSite } from './confirm-site.command.js';
import { deactivatePerson } from './deactivate-person.command.js';
import { enrolCredential } from './enrol-credential.command.js';
import { giveAttestation } from './give-attestation.command.js';
import { grantRole } from './grant-role.command.js';
import { issueToken } from './issue-token.command.js';
import { linkIdentity } from './link-identity.command.js';
import { offerEnrolment } from './offer-enrolment.command.js';
import { recordTraining } from './record-training.command.js';
import { recoverAdministrator } from './recover-administrator.command.js';
import { redactField } from './redact-field.command.js';
import { registerPerson } from './register-person.command.js';
import { renamePerson } from './rename-person.command.js';
import { requestRedaction } from './request-redaction.command.js';
import { revokeCredential } from './revoke-credential.command.js';
import { revokeRole } from './revoke-role.command.js';
import { revokeToken } from './revoke-token.command.js';

/** Every command of the lab, in the order in which they occur. */
export const LAB_CATALOGUE: readonly LabDefinition[] = [
  beginPeople,
  configureSite,
  confirmSite,
  registerPerson,
  renamePerson,
  offerEnrolment,
  enrolCredential,
  confirmCredential,
  revokeCredential,
  giveAttestation,
  linkIdentity,
  issueToken,
  revokeToken,
  grantRole,
  revokeRole,
  recordTraining,
  deactivatePerson,
  requestRedaction,
  redactField,
  recoverAdministrator,
];

/** Those that only the ledger gives: at the end of a ceremony that the server led, or on the folder. */
const CEREMONIES: ReadonlySet<string> = new Set(['LinkIdentity']);

/** Those that a person sends. */
export const SENT_TO_LAB: readonly LabDefinition[] = LAB_CATALOGUE.filter(
  ({ who, name }) => who !== 'ledger' && !CEREMONIES.has(name),
);
