import type { Disclosures } from '../../identity/disclosures.js';
import type { Lab } from '../../lab/lab.js';
import { offsetMinutesIn } from '../../lab/people/zone-offset.js';
import { originOf, studyLog } from '../../lab/origins.js';
import type { EventStore } from '../../store/event-store.js';
import { localInstant } from '../../study/instant.js';
import { refuse, type Refusal } from '../../study/refusal.js';
import {
  writeStatement,
  type Covered,
  type Meaning,
  type Statement,
  type SubjectOf,
} from '../../study/signatures/statement.js';
import type { OpenStudy } from '../streams.js';
import type { Signer } from './signer.js';
import { spanKey, storedDigests } from './stored-digests.js';

export interface PayloadAsked {
  readonly study: string;
  readonly meaning: Meaning;
  readonly covered: readonly Covered[];
  readonly signer: Signer;
  readonly role: string;
  /** 16 bytes in base64url. */
  readonly nonce: string;
  readonly nowMs: number;
}

export interface PayloadSources {
  readonly store: EventStore;
  readonly open: OpenStudy;
  readonly lab: Lab;
  /** RFC 6962 root of the lab at its size, base64. */
  readonly labRoot: string;
  readonly disclosures: Pick<Disclosures, 'open'>;
}

/** What somebody is shown and signs: the records by the digests of their stored bytes, and the heads of study and lab. */
export async function statementFor(
  { store, open, lab, labRoot, disclosures }: PayloadSources,
  { study, meaning, covered, signer, role, nonce, nowMs }: PayloadAsked,
): Promise<Statement | Refusal<'name-missing'>> {
  const { person, credential, site } = signer;
  const printedName = disclosures.open(person.name);
  if (typeof printedName !== 'string')
    return refuse(
      'name-missing',
      `The name of ${person.id} was erased or is not on this server, and a signature shows it: an administrator states the name again.`,
    );
  const { size } = open;
  const root = open.root(size);
  const digests = await storedDigests(store, study, covered);
  const subjects = covered.map((one): SubjectOf => ({ ...one, sha256: digests.get(spanKey(one))! }));
  const origin = originOf(lab.facility, studyLog(study));
  return writeStatement(
    {
      meaning,
      printedName,
      personId: person.id,
      role,
      time: localInstant(nowMs, offsetMinutesIn(site.zone, nowMs)),
      zone: site.zone,
      tree: { origin, size, root },
      lab: { size: lab.size, root: labRoot },
      authentication: { method: 'passkey', credential: credential.number },
      nonce,
    },
    origin,
    subjects,
  );
}
