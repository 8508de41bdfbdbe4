import type { Findings } from '../findings.js';
import type { StudyActs } from '../people/study-acts.js';
import type { Attributes } from '../record.js';
import type { Trail } from '../trail.js';
import { Governed } from './governed.js';
import { openAt } from './obligations.js';
import { AFTER_ARCHIVE, AFTER_CLOSE, BEFORE_PROTOCOL, CLOSING, type State } from './rules.js';

/** So many records are named in a sentence. */
const NAMED = 8;

/**
 * Whether a study whose acts hold once they are signed was conducted like that. It is asked of whole studies: what a part
 * withholds may be what is missing. That nobody acts as director before both have signed is checked with who acted.
 */
export function checkGovernance(log: string, trail: Trail, acts: StudyActs, findings: Findings): void {
  if (!trail.isGoverned) return;
  const study = new Governed(trail, acts);
  const fail = (record: number, message: string): void =>
    findings.fail('governance', log, message, { record });
  checkKept(study, fail);
  const signedFrom = checkProtocol(study, fail);
  const note: Tell = (record, message) => findings.note('governance', log, message, { record });
  const steps = checkClosing(study, fail, note);
  note(0, conductText(signedFrom, steps));
}

/** From which signature on a study was what; before the first it was open. */
interface Step {
  readonly state: State;
  readonly from: number;
}

type Tell = (record: number, message: string) => void;

/** A study does not change afterwards what its acts need before they hold. */
function checkKept({ trail }: Governed, fail: Tell): void {
  for (const [number, record] of trail.corrections) {
    const { corrects, corrected } = record['data'] as { corrects?: unknown; corrected?: Attributes };
    if (corrects === 'StudyOpened' && corrected?.['governance'] !== 'signed')
      fail(number, `record ${number} takes back that acts of this study are signed, which its opening says`);
  }
}

/** @returns the record that signed the first protocol; `Infinity` where none did */
function checkProtocol(study: Governed, fail: Tell): number {
  const approvals = study
    .of('ProtocolApproved')
    .flatMap(({ number }) => study.byDirector(number, 'approved') ?? []);
  const from = Math.min(Infinity, ...approvals.map(({ record }) => record));
  const early = study.records.filter(
    ({ number, author }) => number < from && !BEFORE_PROTOCOL.has(author.type),
  );
  if (early.length > 0)
    fail(
      early[0]!.number,
      `${named(early.map(({ number }) => number))} made before the protocol was signed${from === Infinity ? ', which nobody has done' : ` in record ${from}`}`,
    );
  return from;
}

/** Follows the study through closing, reopening and archiving, each from its signature on. */
function checkClosing(study: Governed, fail: Tell, note: Tell): readonly Step[] {
  const steps: Step[] = [{ state: 'open', from: -1 }];
  for (const { number, type, signed } of closingActs(study)) {
    const { from, to, meaning } = CLOSING[type]!;
    const last = steps.at(-1)!;
    if (!signed)
      note(number, `record ${number}, a ${type}, waits for its signature (${meaning}): it has no effect yet`);
    else if (!from.includes(last.state) || number < last.from)
      fail(signed, `record ${signed} signs record ${number}, a ${type}, when the study was ${last.state}`);
    else {
      steps.push({ state: to, from: signed });
      if (to !== 'open')
        for (const { why, records } of openAt(study, signed))
          fail(signed, `record ${signed} signs that the study is ${to} while ${why}: ${listed(records)}`);
    }
  }
  for (const [i, { state, from }] of steps.entries())
    checkState(study, state, from, steps[i + 1]?.from ?? Infinity, fail);
  return steps;
}

/** What a reader looks for first: from which signatures on the study was what. */
function conductText(signedFrom: number, [, ...steps]: readonly Step[]): string {
  const protocol = signedFrom === Infinity ? 'no protocol is' : `protocol signed by record ${signedFrom}`;
  const later = steps.map(
    ({ state, from }) => `${state === 'open' ? 'open again' : state} from record ${from} on`,
  );
  return `its acts hold once they are signed: ${[protocol, ...later].join(', ')}`;
}

/** In the order in which they took effect; those without a signature last. */
function closingActs(study: Governed) {
  return study.trail.acts
    .filter(({ record }) => Object.hasOwn(CLOSING, record['type'] as string))
    .filter(({ number }) => !study.isChanged(number, Infinity))
    .map(({ number, record }) => {
      const type = record['type'] as string;
      const { meaning, by } = CLOSING[type]!;
      const signed =
        by === 'director' ? study.byDirector(number, meaning) : study.byManagement(number, meaning);
      return { number, type, signed: signed?.record };
    })
    .sort((a, b) => (a.signed ?? Infinity) - (b.signed ?? Infinity) || a.number - b.number);
}

function checkState({ records }: Governed, state: State, from: number, to: number, fail: Tell): void {
  if (state === 'open') return;
  const allowed = state === 'archived' ? AFTER_ARCHIVE : AFTER_CLOSE;
  const wrong = records
    .filter(({ number, author }) => number > from && number < to && !allowed.has(author.type))
    .filter(({ author }) => state === 'archived' || !author.isAfterClose);
  if (wrong.length === 0) return;
  const why = state === 'closed' ? ', and not marked as found after it' : '';
  fail(
    wrong[0]!.number,
    `${named(wrong.map(({ number }) => number))} made after record ${from} signed that the study is ${state}${why}`,
  );
}

function named(records: readonly number[]): string {
  return records.length === 1 ? `record ${records[0]} was` : `records ${listed(records)} were`;
}

function listed(records: readonly number[]): string {
  const more = records.length - NAMED;
  return `${records.slice(0, NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
