import { Type } from '../../study/schema-types.js';
import { PersonId } from '../../study/schema.js';
import { Data, Optional, Required } from '../../study/commands/common/fields.js';
import { utcInstant } from '../../study/instant.js';
import { Refusal } from '../../study/refusal.js';
import { findPerson } from './common/find.js';
import { LabCommand, defineLabCommand, labFact } from './common/lab-command.js';

const HOUR_MS = 3_600_000;
export const OFFER_MS = 72 * HOUR_MS;

class Offering {
  @Required(PersonId, 'The person who may enrol a passkey.')
  person!: string;

  @Optional(Type.Integer({ minimum: 1, maximum: 72 }), 'How many hours the link holds; 72 where left out.')
  hours?: number;

  @Optional(Type.Boolean(), 'True after a loss: once the new passkey is confirmed, the earlier ones end.')
  recovery?: boolean;
}

/** Hands out a link by which a person enrols a passkey. A newer link ends the one before. */
export class OfferEnrolment extends LabCommand {
  @Data(Offering) readonly data!: Offering;
}

export const offerEnrolment = defineLabCommand(OfferEnrolment, {
  summary: 'Hand out a link to enrol a passkey',
  records: 'EnrolmentOffered',
  who: 'administrator',
  handsOut: 'enrolment code',
  refuses: ['person-inactive', 'person-unknown'],
  example: { data: { person: 'tech-1' } },
  decide({ data: { person: id, hours = 72, recovery = false } }, { lab, atMs, secretSha256 }) {
    const person = findPerson(lab, id);
    if (person instanceof Refusal) return person;
    const until = untilAfter(atMs, hours * HOUR_MS);
    return [labFact('EnrolmentOffered', { person: id, sha256: secretSha256, until, recovery })];
  },
});

export function untilAfter(atMs: number, ms: number): string {
  return utcInstant(atMs + ms);
}
