import type { PeopleBuilder } from './people-builder.js';
import { laboratory, STUDY } from './people-checks.js';
import type { Signing } from './signing.js';

const PEOPLE = ['sd-1', 'tech-1', 'qa-1', 'fm-1'];
export const [PROTOCOL, WEIGHT] = [1, 2];
export const APPROVED: Signing = { meaning: 'approved', records: [PROTOCOL] };
export const PERFORMED: Signing = { meaning: 'performed', records: [WEIGHT] };

/** A study with a protocol, a weight and people who have attested. */
export function signing(): PeopleBuilder {
  const ledger = laboratory();
  ledger.hire('qa-1', 'quality', {}, 'sd-1');
  ledger.hire('fm-1', 'management', {}, 'sd-1');
  for (const person of PEOPLE) ledger.attest(person);
  ledger.direct(STUDY, 'ProtocolApproved', { version: 1 }, 'sd-1');
  ledger.weigh(STUDY, 'tech-1');
  return ledger;
}
