import { signaturesOver, statusOf, type SignatureStatus } from '../signatures/signatures.js';
import type { Steps } from '../steps.js';
import { factsOf, type Fact, type Study } from '../study.js';
import { defineProjection } from './projection.js';

export interface InspectionSignature {
  readonly record: number;
  readonly person: string;
  readonly printedName: string;
  readonly role: string;
  readonly signedAt: string;
  readonly status: SignatureStatus['status'];
  readonly supersededBy: number | null;
}

export interface InspectionReport {
  readonly record: number;
  readonly on: string;
}

export interface Inspection {
  readonly record: number;
  readonly phase: string;
  readonly on: string;
  readonly inspector: string;
  readonly recordedAt: string;
  /** The digest of what was found, where that is kept beside the log; null where nothing is. */
  readonly findings: string | null;
  readonly reported: {
    readonly director: InspectionReport | null;
    readonly management: InspectionReport | null;
  };
  /** Those that mean `inspected`. */
  readonly signatures: readonly InspectionSignature[];
}

/** What 21 CFR 58.35(b)(7) asks a statement to say. */
export interface QualityAssurance {
  /** In the order of their days. */
  readonly inspections: readonly Inspection[];
  /** Records of inspections that were not reported to both, or that nobody signed. */
  readonly unreported: readonly number[];
  readonly unsigned: readonly number[];
}

/** The inspections of a study, to whom each was reported and when, and who signed it. What was found is not in it. */
export const qualityAssurance = defineProjection(
  'quality-assurance',
  'Inspections by quality assurance: phase, day, days of the reports to director and management, signatures',
  function* (view): Steps<QualityAssurance> {
    const { study, untilMs } = view;
    const reports = factsOf(study.facts, 'InspectionReported', untilMs);
    const inspections = factsOf(study.facts, 'InspectionRecorded', untilMs)
      .map((fact) => inspectionOf(study, fact, reports))
      .sort((a, b) => (a.on === b.on ? a.record - b.record : a.on < b.on ? -1 : 1));
    yield;
    return {
      inspections,
      unreported: inspections
        .filter(({ reported }) => !reported.director || !reported.management)
        .map(numberOf),
      unsigned: inspections.filter(({ signatures }) => signatures.length === 0).map(numberOf),
    };
  },
);

function numberOf({ record }: Inspection): number {
  return record;
}

function inspectionOf(
  study: Study,
  { number, holder, data }: Fact<'InspectionRecorded'>,
  reports: readonly Fact<'InspectionReported'>[],
): Inspection {
  const { actor, recordedtime } = study.records.at(number)!.record;
  const reportTo = (to: 'director' | 'management'): InspectionReport | null => {
    const found = reports.find((report) => report.data.target.number === number && report.data.to === to);
    return found ? { record: found.holder, on: found.data.on } : null;
  };
  return {
    record: holder,
    phase: data.phase,
    on: data.on,
    inspector: actor,
    recordedAt: recordedtime,
    findings: data.findings?.['...'] ?? null,
    reported: { director: reportTo('director'), management: reportTo('management') },
    signatures: signaturesOver(study, holder)
      .filter(({ meaning }) => meaning === 'inspected')
      .map((signature) => {
        const { printedName, time } = signature.statement.predicate;
        const status = statusOf(study, signature);
        return {
          record: signature.record,
          person: signature.person,
          printedName,
          role: signature.role,
          signedAt: time,
          status: status.status,
          supersededBy: status.status === 'superseded' ? status.by : null,
        };
      }),
  };
}
