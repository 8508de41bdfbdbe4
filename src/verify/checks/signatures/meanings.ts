import type { Author } from '../people/authors.js';

const CARE = ['technician', 'director', 'veterinarian'];
const READERS = [...CARE, 'statistician', 'quality', 'management', 'inspector'];
const VOUCHING = [...CARE, 'statistician', 'quality', 'management'];

/** Roles, or the study's director at that moment, or that director and the one to whom the study is handed over. */
type By = readonly string[] | 'study-director' | 'both-directors';

/** Who signs records of which types, by meaning. Written here anew, as the role table is. */
const ACTS: Readonly<Record<string, Readonly<Record<string, By>>>> = {
  witnessed: { RecordWitnessed: CARE },
  approved: {
    ProtocolApproved: 'study-director',
    ProtocolAmended: 'study-director',
    StudyReopened: 'study-director',
    StudyHandedOver: 'both-directors',
    DirectorReplaced: ['management'],
  },
  acknowledged: { DeviationAcknowledged: 'study-director' },
  inspected: { InspectionRecorded: ['quality'] },
  closed: { StudyClosed: 'study-director' },
  archived: { StudyArchived: ['management'] },
};

/** Of one who signs or reviews nothing of it was made. */
const NO_FACTS = new Set(['SignatureApplied', 'TrailReviewed']);

/** A record that somebody signed: who made it, and whom else it names. */
export interface SignedRecord {
  readonly number: number;
  readonly author: Author;
  /** Who made it, performed or observed what it states, or wrote what it attaches. */
  readonly makers: readonly string[];
  /** To whom the study is handed over by it. */
  readonly successor: string | undefined;
}

export interface Signer {
  readonly person: string;
  readonly role: string;
  /** Whoever directed the study when they signed. */
  readonly director: string | undefined;
  readonly isSame: (a: string, b: string) => boolean;
}

/** Why somebody may not sign these records with a meaning; undefined where they may. */
export function wrongMeaning(
  meaning: string,
  records: readonly SignedRecord[],
  signer: Signer,
): string | undefined {
  const isOwn = ({ makers }: SignedRecord): boolean =>
    makers.some((maker) => signer.isSame(maker, signer.person));
  if (meaning === 'reviewed') {
    if (!READERS.includes(signer.role)) return `${signer.role} reviews nothing`;
    if (records.every((one) => one.author.type === 'TrailReviewed' && isOwn(one))) return undefined;
    const own = records.find((one) => !NO_FACTS.has(one.author.type) && isOwn(one));
    return own && `${signer.person} reviews record ${own.number}, which is their own`;
  }
  if (['authored', 'performed', 'witnessed'].includes(meaning)) {
    const other = records.find((one) => !isOwn(one));
    if (other)
      return `record ${other.number} is not ${signer.person}’s, and “${meaning}” is said of one’s own`;
  }
  if (meaning === 'authored' || meaning === 'performed')
    return VOUCHING.includes(signer.role) ? undefined : `${signer.role} makes no records`;
  for (const one of records) {
    const wrong = wrongAct(meaning, one, signer);
    if (wrong !== undefined) return wrong;
  }
  return undefined;
}

function wrongAct(meaning: string, { number, author, successor }: SignedRecord, signer: Signer) {
  const { type, isAfterClose } = author;
  const { person, role, director } = signer;
  const by = ACTS[meaning]?.[type] ?? (meaning === 'approved' && isAfterClose ? 'study-director' : undefined);
  if (by === undefined) return `“${meaning}” is not said of record ${number}, a ${type}`;
  if (typeof by === 'object')
    return by.includes(role) ? undefined : `${role} does not sign a ${type} as ${meaning}`;
  if (role !== 'director') return `a ${type} is signed in the role director, not ${role}`;
  if (person === director || (by === 'both-directors' && person === successor)) return undefined;
  return `the study’s director was ${director ?? 'nobody'}, and a ${type} is theirs to sign`;
}
