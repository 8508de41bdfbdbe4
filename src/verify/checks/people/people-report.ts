import { opens } from '../../../tlog/commitment.js';
import { sha256 } from '../../runtime/crypto.js';
import type { Findings } from '../findings.js';
import { counted } from '../printable.js';
import type { Commitment, Disclosures } from './commitments.js';
import { notIndependent, type Enrolment } from './enrolments.js';
import type { People } from './people.js';

export interface CommitmentReport extends Commitment {
  readonly state: 'disclosed' | 'withheld' | 'redacted';
}

/** What is said of persons beside findings; absent where nobody is registered. */
export interface PeopleReport {
  readonly persons: number;
  readonly notIndependentlyEnrolled: readonly Enrolment[];
  /** Lab records of AdministratorRecovered. */
  readonly recoveries: readonly number[];
  readonly roleConflicts: readonly string[];
  readonly commitments: readonly CommitmentReport[];
}

/** What no record shows. */
export const UNKNOWABLE =
  'Of persons, nothing here shows whether a role was granted honestly, whether who confirmed a credential looked at the person, ' +
  'or whether the person at the keyboard held the key.';

/** What became of the text of what an inspection found. */
const TEXT_OF_FINDINGS: Readonly<Record<CommitmentReport['state'], string>> = {
  disclosed: 'with the text here',
  withheld: 'whose text is not here',
  redacted: 'whose text was erased',
};

/** So many are named in one line; `--json` names all. */
const NAMED = 12;

/** Tells the reader what is to be known of persons, whatever was found. */
export function reportPeople(
  people: People,
  disclosures: Disclosures,
  findings: Findings,
  /** They are put here; those of studies, which are read later, follow. */
  commitments: CommitmentReport[] = [],
): PeopleReport | undefined {
  if (!people.areThere) return undefined;
  const { registry, recoveries, grants } = people;
  const enrolments = notIndependent(registry);
  if (enrolments.length > 0)
    findings.note('credential', 'lab', `not independently enrolled: ${enrolmentsText(enrolments)}`);
  for (const { number, facts } of recoveries)
    findings.note(
      'credential',
      'lab',
      `record ${number} is an AdministratorRecovered: whoever had the folder and the master seed made ${String(facts['person'])} an administrator`,
      { record: number },
    );
  const roleConflicts = [...grants.conflicts];
  if (roleConflicts.length > 0) findings.note('authority', 'lab', `role-conflict: ${listed(roleConflicts)}`);
  commitments.push(...reportCommitments('lab', people.commitments.all, disclosures, findings));
  return {
    persons: registry.persons.size,
    notIndependentlyEnrolled: enrolments,
    recoveries: recoveries.map(({ number }) => number),
    roleConflicts,
    commitments,
  };
}

function enrolmentsText(enrolments: readonly Enrolment[]): string {
  const of = (why: Enrolment['why'], text: (one: Enrolment) => string): string =>
    listed(enrolments.filter((one) => one.why === why).map(text));
  const resting = of('rests-on-these', ({ person, by }) => `${person} (by ${by})`);
  return [
    of('first-administrator', ({ person }) => `${person}, the first administrator`),
    of('confirmed-by-offerer', ({ person, by }) => `${person}, confirmed by ${by}, who offered it`),
    resting && `confirmed by these alone: ${resting}`,
  ]
    .filter((text) => text !== '')
    .join('; ');
}

/** Tells what became of the texts that the records of a log hold as digests. */
export function reportCommitments(
  log: string,
  found: readonly Commitment[],
  disclosures: Disclosures,
  findings: Findings,
): CommitmentReport[] {
  const commitments = found.map((one) => ({ ...one, state: stateOf(one, disclosures, findings) }));
  tellCommitments(log, commitments, findings);
  return commitments;
}

function stateOf(
  { log, digest, record, pointer, redacted }: Commitment,
  disclosures: Disclosures,
  findings: Findings,
): CommitmentReport['state'] {
  const disclosure = disclosures(digest);
  const fail = (message: string): void =>
    findings.fail('commitment', log, `record ${record} ${message}`, { record });
  if (disclosure !== undefined && !opens(sha256, digest, disclosure))
    fail(`holds a commitment at ${pointer}, and its disclosure is of something else`);
  if (redacted !== undefined) {
    if (disclosure !== undefined)
      fail(
        `holds a text at ${pointer} that lab record ${redacted} says is erased, and its disclosure is there`,
      );
    return 'redacted';
  }
  return disclosure === undefined ? 'withheld' : 'disclosed';
}

function tellCommitments(log: string, commitments: readonly CommitmentReport[], findings: Findings): void {
  if (commitments.length === 0) return;
  const isLab = log === 'lab';
  const states = (['disclosed', 'withheld', 'redacted'] as const).flatMap((state) => {
    const found = commitments.filter((one) => one.state === state);
    const places = found.map(({ record, pointer }) => (isLab ? `${record} ${pointer}` : `${record}`));
    const text = isLab ? state : TEXT_OF_FINDINGS[state];
    return found.length === 0 ? [] : `${found.length} ${text} (${listed(places)})`;
  });
  const what = isLab
    ? `${counted(commitments.length, 'commitment')} to names and labels, by lab record`
    : `${counted(commitments.length, 'inspection')} with findings, which the records hold as digests, by record`;
  findings.note('commitment', log, `${what}: ${states.join('; ')}`);
}

function listed(texts: readonly string[]): string {
  const more = texts.length - NAMED;
  return `${texts.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
