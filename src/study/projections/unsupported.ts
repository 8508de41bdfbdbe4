import type { FactType } from '../events/events.js';
import { inductionOf } from '../rules/induction.js';
import type { Fact, Protocols } from '../study.js';

/**
 * What the facts of one animal rest on can be voided later. They then stay, and are shown as unsupported: with the flag
 * `unsupported`.
 */
export class Support {
  private readonly numbers = new Set<number>();
  private readonly firstAt = new Map<FactType, number>();

  /** When day 0 was; Infinity where there is none. */
  private readonly inducedAt: number;

  /** @param history effective facts, oldest first. */
  constructor(history: readonly Fact[], protocols: Protocols) {
    for (const { number, type, at } of history) {
      this.numbers.add(number);
      if (!this.firstAt.has(type)) this.firstAt.set(type, at);
    }
    this.inducedAt = inductionOf(history, protocols)?.at ?? Infinity;
  }

  /** The flags that a record was given, and `unsupported` where what it rests on has been withdrawn. */
  flagsOf(fact: Fact): string[] {
    const flags = [...(fact.data.flags ?? [])];
    if (this.lacks(fact)) flags.push('unsupported');
    return flags.sort();
  }

  /** Whether something that the fact rests on is not there. */
  lacks(fact: Fact): boolean {
    if (fact.type !== 'SubjectEnrolled' && !this.had('SubjectEnrolled', fact)) return true;
    switch (fact.type) {
      case 'ThresholdRecorded':
      case 'MeasurementRecorded':
        return !this.stands((fact as Fact<'ThresholdRecorded'>).data.session);
      case 'SideEffectsScored':
        return !this.stands((fact as Fact<'SideEffectsScored'>).data.after);
      case 'MotorThresholdDetermined':
        return !this.had('ElectrodeImplanted', fact);
      case 'SCSApplied':
        return (
          this.inducedAt > fact.at ||
          !this.had('ElectrodeImplanted', fact) ||
          !this.stands((fact as Fact<'SCSApplied'>).data.follows)
        );
      case 'KetamineAdministered':
      case 'SubstanceAdministered':
        return this.inducedAt > fact.at;
      case 'SubEffectiveDoseDesignated':
        return !(fact as Fact<'SubEffectiveDoseDesignated'>).data.evidence.every((number) =>
          this.stands(number),
        );
      default:
        return false;
    }
  }

  private had(type: FactType, { at }: Fact): boolean {
    return (this.firstAt.get(type) ?? Infinity) <= at;
  }

  private stands(number: number | undefined): boolean {
    return number === undefined || this.numbers.has(number);
  }
}
