import type { Signed } from '../signatures/statement.js';
import { targetOf, type Governed } from './governed.js';
import { NOT_REVIEWED } from './rules.js';

/** What was open when a study was closed or archived by a signature: each as the end of a sentence, with the records. */
export interface Open {
  readonly why: string;
  readonly records: readonly number[];
}

/** @param at the record of the signature: what is before it counts */
export function openAt(study: Governed, at: number): Open[] {
  return [
    { why: 'a protocol or an amendment was not signed', records: protocols(study, at) },
    { why: 'a deviation was not acknowledged and signed by the director', records: deviations(study, at) },
    {
      why: 'a witness that the protocol asks for was missing, or had not signed',
      records: witnesses(study, at),
    },
    { why: 'what was found after closing was not signed by the director', records: found(study, at) },
    { why: 'records were in no signed review', records: unreviewed(study, at) },
  ].filter(({ records }) => records.length > 0);
}

function protocols(study: Governed, at: number): number[] {
  return [...study.of('ProtocolApproved'), ...study.of('ProtocolAmended')]
    .map(({ number }) => number)
    .filter((number) => number < at)
    .flatMap((number) => study.holderOf(number, at) ?? [])
    .filter((number) => !isBefore(study.byDirector(number, 'approved'), at));
}

function deviations(study: Governed, at: number): number[] {
  return held(study, at)
    .filter(({ author }) => author.isDeviation)
    .map(({ number }) => number)
    .filter((number) => !isAcknowledged(study, number, at));
}

/** By an acknowledgement of what holds, signed by the director. */
function isAcknowledged(study: Governed, number: number, at: number): boolean {
  const origin = study.trail.changes.originOf(number);
  return study
    .of('DeviationAcknowledged')
    .some(
      (one) =>
        one.number > number &&
        targetOf(one) === origin &&
        isSigned(study, one.number, at, (holder) => study.byDirector(holder, 'acknowledged')),
    );
}

function witnesses(study: Governed, at: number): number[] {
  const witnessed = witnessedIn(study);
  if (witnessed.size === 0) return [];
  return held(study, at)
    .map(({ number }) => ({ number, origin: study.trail.changes.originOf(number) }))
    .filter(({ origin }) => {
      const author = study.authorOf(origin);
      return author && witnessed.get(author.protocolVersion)?.includes(author.command);
    })
    .filter(
      ({ number, origin }) => !isWitnessed(study, number, origin, at) && !isAcknowledged(study, number, at),
    )
    .map(({ number }) => number);
}

/** By version of the protocol: the commands whose records a second person sees. */
function witnessedIn(study: Governed): Map<number, readonly string[]> {
  const found = new Map<number, readonly string[]>();
  for (const { record } of [...study.of('ProtocolApproved'), ...study.of('ProtocolAmended')]) {
    const { version, protocol } = record['data'] as { version?: number; protocol?: { witnessed?: unknown } };
    if (Array.isArray(protocol?.witnessed) && !found.has(Number(version)))
      found.set(Number(version), protocol.witnessed as string[]);
  }
  return found;
}

function isWitnessed(study: Governed, number: number, origin: number, at: number): boolean {
  return study
    .of('RecordWitnessed')
    .some(
      (one) =>
        one.number > number &&
        targetOf(one) === origin &&
        isSigned(study, one.number, at, (holder) => study.byMaker(holder, 'witnessed')),
    );
}

function found(study: Governed, at: number): number[] {
  return held(study, at)
    .filter(({ author }) => author.isAfterClose)
    .map(({ number }) => number)
    .filter((number) => !isBefore(study.byDirector(number, 'approved'), at));
}

function unreviewed(study: Governed, at: number): number[] {
  const reviews = study
    .of('TrailReviewed')
    .filter(({ number }) => isBefore(study.byMaker(number, 'reviewed'), at))
    .map(({ record }) => record['data'] as { from: number; to: number })
    .sort((a, b) => a.from - b.from);
  const missing: number[] = [];
  let next = 0;
  let reach = -1;
  for (const { number, author } of study.records) {
    if (number >= at) break;
    for (; (reviews[next]?.from ?? Infinity) <= number; next++) reach = Math.max(reach, reviews[next]!.to);
    if (number > reach && !NOT_REVIEWED.has(author.type)) missing.push(number);
  }
  return missing;
}

/** Records that state a fact which holds. */
function held(study: Governed, at: number) {
  return study.records.filter(
    ({ number, author }) =>
      number < at &&
      author.type !== 'RecordVoided' &&
      !study.isChanged(number, at) &&
      !study.trail.changes.isVoidedBefore(number, at),
  );
}

/** Whether what holds of a record is signed. */
function isSigned(
  study: Governed,
  record: number,
  at: number,
  by: (holder: number) => Signed | undefined,
): boolean {
  const holder = study.holderOf(record, at);
  return holder !== undefined && isBefore(by(holder), at);
}

function isBefore(signed: { readonly record: number } | undefined, at: number): boolean {
  return signed !== undefined && signed.record < at;
}
