import type { Fact } from '../study.js';

/**
 * What an effective fact rests on can be voided later; the fact then stays and is shown as unsupported. Returns the
 * record numbers of such facts as flags `unsupported`, or none.
 */
export function flagUnsupported(history: readonly Fact[]): string[] {
  return history.some((fact) => isUnsupported(fact, history)) ? ['unsupported'] : [];
}

export function isUnsupported(fact: Fact, history: readonly Fact[]): boolean {
  const had = (type: Fact['type']): boolean =>
    history.some((other) => other.type === type && other.at <= fact.at);
  const stands = (number: number | undefined): boolean =>
    number === undefined || history.some((other) => other.number === number);
  if (fact.type !== 'SubjectEnrolled' && !had('SubjectEnrolled')) return true;
  switch (fact.type) {
    case 'ThresholdRecorded':
      return !stands((fact as Fact<'ThresholdRecorded'>).data.session);
    case 'SideEffectsScored':
      return !stands((fact as Fact<'SideEffectsScored'>).data.after);
    case 'MotorThresholdDetermined':
      return !had('ElectrodeImplanted');
    case 'SCSApplied':
      return (
        !had('NerveLigated') ||
        !had('ElectrodeImplanted') ||
        !stands((fact as Fact<'SCSApplied'>).data.follows)
      );
    case 'KetamineAdministered':
      return !had('NerveLigated');
    case 'SubEffectiveDoseDesignated':
      return !(fact as Fact<'SubEffectiveDoseDesignated'>).data.evidence.every(stands);
    default:
      return false;
  }
}

/** The flags a record was given, and `unsupported` where what it rests on has been withdrawn. */
export function flagsOf(fact: Fact, history: readonly Fact[]): string[] {
  const flags = [...(fact.data.flags ?? [])];
  if (isUnsupported(fact, history)) flags.push('unsupported');
  return flags.sort();
}
