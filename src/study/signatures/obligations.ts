import { Protocols, factsOf, signaturesOf, type Fact, type Study } from '../study.js';
import { ANIMAL_CARE, STUDY_READERS } from '../who.js';
import { groupedBy } from '../grouped-by.js';
import { isCovered } from './applied.js';
import { isReviewed, makersOf } from './makers.js';
import { heldFacts, signedByDirector, theDirector, type OpenAct } from './open-act.js';
import { unreviewedIn, type Range } from './reviews.js';
import type { Meaning } from './statement.js';

/**
 * What the records of a governed study ask for: deviations are acknowledged, records witnessed where the protocol says so, the
 * trail reviewed. Each is a record and the signature over it, made of what holds now: a correction asks for it again.
 */

export function deviationsOpen(study: Study): OpenAct[] {
  const acknowledgementOf = acknowledgementsIn(study);
  return [...heldFacts(study)].flatMap((fact) => {
    if (!fact.data.flags?.includes('deviation')) return [];
    const { made, isSigned } = acknowledgementOf(fact);
    if (isSigned) return [];
    return made ? signAcknowledgement(study, made) : acknowledge(study, fact);
  });
}

/** A command names the record that first stated a fact, not its correction. */
function named({ number, holder }: Fact): string {
  return holder === number ? `record ${number}` : `record ${number}, as corrected by record ${holder}`;
}

function acknowledge(study: Study, fact: Fact): OpenAct {
  return {
    kind: 'deviation',
    record: fact.number,
    next: { give: 'AcknowledgeDeviation' },
    waitsFor: theDirector(study),
    says: `A deviation has not been acknowledged by the study’s director: ${named(fact)}.`,
  };
}

function signAcknowledgement(study: Study, { holder, data }: Fact<'DeviationAcknowledged'>): OpenAct {
  return {
    kind: 'acknowledgement',
    record: holder,
    next: { sign: 'acknowledged' },
    waitsFor: theDirector(study),
    says: `The acknowledgement of the deviation of record ${data.target.number} (record ${holder}) is not signed.`,
  };
}

type Acknowledgement = Fact<'DeviationAcknowledged'>;

/** The acknowledgement of what holds now of a fact, and whether the director has signed it. */
function acknowledgementsIn(
  study: Study,
): (fact: Fact) => { readonly made: Acknowledgement | undefined; readonly isSigned: boolean } {
  const byTarget = groupedBy(factsOf(study.facts, 'DeviationAcknowledged'), targetOf);
  const signed = signedByDirector(study, 'acknowledged');
  return ({ number, holder }) => {
    const made = (byTarget.get(number) ?? []).filter((one) => one.number > holder);
    return { made: made.at(-1), isSigned: made.some((one) => signed.has(one.holder)) };
  };
}

export function witnessesMissing(study: Study): OpenAct[] {
  const acknowledgementOf = acknowledgementsIn(study);
  const byTarget = groupedBy(factsOf(study.facts, 'RecordWitnessed'), targetOf);
  return witnessedFacts(study).flatMap((fact) => {
    const seen = (byTarget.get(fact.number) ?? []).filter(({ number }) => number > fact.holder);
    if (seen.some((one) => isSignedByMaker(study, one, 'witnessed'))) return [];
    // That nobody saw it is a deviation, and acknowledged as one.
    if (acknowledgementOf(fact).isSigned) return [];
    const last = seen.at(-1);
    return last ? signWitness(study, last) : witness(study, fact);
  });
}

function targetOf({ data }: Fact<'DeviationAcknowledged' | 'RecordWitnessed'>): number {
  return data.target.number;
}

function witness(study: Study, fact: Fact): OpenAct {
  return {
    kind: 'witness',
    record: fact.number,
    next: { give: 'WitnessRecord' },
    waitsFor: { roles: ANIMAL_CARE.roles, except: participantsOf(study, fact) },
    says: `The protocol asks for a witness of ${named(fact)}, and there is none: a second person who saw it witnesses it, or its director acknowledges that nobody did.`,
  };
}

function signWitness(study: Study, { number, holder, data }: Fact<'RecordWitnessed'>): OpenAct {
  return {
    kind: 'witness-signature',
    record: holder,
    next: { sign: 'witnessed' },
    waitsFor: { persons: [actorOf(study, number)] },
    says: `That record ${data.target.number} was witnessed (record ${holder}) is not signed by ${actorOf(study, number)}.`,
  };
}

function witnessedFacts(study: Study): Fact[] {
  const protocols = new Protocols(study);
  const isAsked = protocols.versions.some(({ protocol }) => protocol.witnessed !== undefined);
  return isAsked ? [...heldFacts(study)].filter((fact) => isWitnessAsked(study, fact, protocols)) : [];
}

/** Whether the protocol under which a fact was recorded asks for a second person who saw it. */
export function isWitnessAsked(study: Study, fact: Fact, protocols = new Protocols(study)): boolean {
  if (protocols.versions.length === 0) return false;
  const command = study.records.at(fact.number)?.record.command;
  return protocols.of(fact).witnessed?.some((procedure) => procedure === command) === true;
}

/** Whoever entered what holds of a fact, or what it first stated, or is named in it. */
export function participantsOf(study: Study, { number, holder }: Fact): string[] {
  const records = [number, holder].flatMap((one) => study.records.at(one)?.record ?? []);
  return [...new Set(records.flatMap(makersOf))];
}

export function reviewsMissing(study: Study): OpenAct[] {
  const reviews = factsOf(study.facts, 'TrailReviewed');
  const signed = reviews.filter((one) => isSignedByMaker(study, one, 'reviewed'));
  const unsigned = reviews
    .filter((one) => !signed.includes(one))
    .filter((one) => unreviewedIn(study, rangesOf(signed), one.data).length > 0);
  return [
    ...unsigned.map(({ number, holder, data: { from, to } }) => ({
      kind: 'review-signature' as const,
      record: holder,
      next: { sign: 'reviewed' as const },
      waitsFor: { persons: [actorOf(study, number)] },
      says: `The review of records ${from} to ${to} (record ${holder}) is not signed by ${actorOf(study, number)}.`,
    })),
    ...unreviewedIn(study, rangesOf(reviews)).map(({ from, to }) => ({
      kind: 'review' as const,
      record: from,
      to,
      next: { give: 'ReviewTrail' },
      waitsFor: { roles: STUDY_READERS.roles, except: makersIn(study, from, to) },
      says:
        from === to ? `Nobody has reviewed record ${from}.` : `Nobody has reviewed records ${from} to ${to}.`,
    })),
  ];
}

function rangesOf(reviews: readonly Fact<'TrailReviewed'>[]): Range[] {
  return reviews.map(({ data }) => data);
}

function makersIn(study: Study, from: number, to: number): string[] {
  const makers = new Set<string>();
  for (let number = from; number <= to; number++) {
    const { record } = study.records.at(number)!;
    if (isReviewed(record)) for (const maker of makersOf(record)) makers.add(maker);
  }
  return [...makers];
}

/** Whether whoever made a record has signed it. */
function isSignedByMaker(study: Study, { number, holder }: Fact, meaning: Meaning): boolean {
  return signaturesOf(study).some(
    (one) => one.meaning === meaning && isCovered(one, holder) && one.person === actorOf(study, number),
  );
}

function actorOf(study: Study, number: number): string {
  return study.records.at(number)?.record.actor ?? '';
}
