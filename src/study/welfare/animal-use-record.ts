import type { EventData } from '../events/events.js';
import type { Protocol } from '../protocol.js';
import type { Assessment } from './assessment.js';
import type { ReachedEndpoint } from './endpoints.js';
import type { Proposed } from './grading.js';
import type { Check } from './monitoring.js';
import type { Procedure } from './procedures.js';
import type { UsdaCategory } from './usda.js';

/** A value with the records that it rests on; null where no record states it. */
export interface Cited<T> {
  readonly value: T | null;
  readonly records: readonly number[];
}

export type Enrolled = EventData<'SubjectEnrolled'>;
export type Licence = NonNullable<Protocol['licence']>;
type Word<K extends keyof Enrolled> = Cited<NonNullable<Enrolled[K]>>;

/** What one animal of one study went through, as a welfare return needs it, without the codes of an authority. */
export interface UseRecord {
  readonly schema: 'welfare-use-record/1';
  readonly subject: string;
  readonly animal: {
    readonly species: Word<'species'>;
    readonly strain: Word<'strain'>;
    readonly sex: Word<'sex'>;
    readonly dateOfBirth: Word<'dateOfBirth'>;
    readonly placeOfBirth: Word<'placeOfBirth'>;
    readonly bredForProcedures: Word<'bredForProcedures'>;
    readonly supplier: Word<'supplier'>;
    readonly arrival: Word<'arrival'>;
    readonly identification: Cited<string>;
    readonly geneticStatus: Word<'geneticStatus'>;
    readonly newGeneticLine: Word<'newGeneticLine'>;
  };
  readonly use: {
    readonly enrolledOn: Cited<string>;
    readonly used: boolean;
    readonly startedOn: Cited<string>;
    readonly endedOn: Cited<string>;
    /** The year that it is reported in: that of its end. */
    readonly reportYear: number | null;
    readonly reuse: Cited<boolean>;
    readonly previousActualSeverity: Cited<string>;
    readonly project: Cited<string>;
    readonly protocolVersion: Cited<number>;
    readonly legalType: Cited<NonNullable<Licence['legalType']>>;
    readonly purpose: Cited<NonNullable<Licence['purpose']>>;
    readonly legislation: Cited<NonNullable<Licence['legislation']>>;
    readonly endangered: Cited<boolean>;
    readonly techniques: Cited<NonNullable<Licence['techniques']>>;
  };
  readonly procedures: readonly Procedure[];
  readonly monitoring: {
    readonly checks: readonly Check[];
    readonly scores: Cited<number>;
    readonly weights: Cited<number>;
    readonly maxWeightLossPercent: Cited<number>;
    readonly maxTotalScore: Cited<number>;
    readonly interventions: readonly Intervention[];
  };
  readonly humaneEndpoints: {
    readonly criteria: Cited<readonly string[]>;
    readonly reached: readonly ReachedEndpoint[];
  };
  readonly adverseEvents: readonly AdverseEvent[];
  readonly severity: {
    readonly prospective: Cited<Licence['prospectiveSeverity']>;
    readonly proposed: Proposed | null;
    readonly actual: Assessment | null;
    /** Of the assessment: nobody signs until people have accounts. */
    readonly signature: 'unsigned';
    readonly usdaInternal: UsdaCategory;
  };
  readonly fate: Cited<Fate>;
  readonly corrections: { readonly count: number; readonly records: readonly number[] };
  readonly openQuestions: readonly OpenQuestion[];
}

export interface AdverseEvent {
  readonly record: number;
  readonly on: string;
  readonly expected: boolean;
  readonly severity: string;
  readonly description: string;
  readonly reportedTo: string | null;
}

export interface Intervention {
  readonly record: number;
  readonly on: string;
  readonly kind: string;
  readonly description: string | null;
}

export interface Fate {
  readonly kind: 'killed' | EventData<'FateRecorded'>['fate'];
  readonly on: string;
  readonly method: string | null;
  readonly cause: string | null;
  readonly confirmation: string | null;
  readonly to: string | null;
  readonly tissue: boolean;
}

/** What a person must or should answer, or put right, before this use is reported. */
export interface OpenQuestion {
  readonly code: string;
  readonly text: string;
  readonly records: readonly number[];
}
