import { formatQuantity } from '../quantity.js';
import { judgeHypersensitivity } from '../rules/hypersensitivity.js';
import { judgeResponse } from '../rules/responder.js';
import { judgeDose } from '../rules/titration.js';
import type { Verdict } from '../rules/verdict.js';
import type { FactType } from '../events/events.js';
import { factsOf, type Fact, type Protocols, type Subject } from '../study.js';
import type { Projection, View } from './projection.js';
import { flagsOf, flagUnsupported } from './unsupported.js';

export type Response = 'responder' | 'non-responder' | null;

/** A verdict, and the number of the record since which it has held. */
export interface StandingVerdict extends Verdict {
  readonly since: number | null;
  /** Flags of the records it rests on: a run that stopped early, say, or a late entry. */
  readonly caveats: readonly string[];
}

export interface ResponderStatus {
  readonly subject: string;
  readonly hypersensitive: boolean | null;
  readonly scs: Response;
  readonly combination: Response;
  /** A non-responder to stimulation alone that responds to the combination. */
  readonly converted: boolean | null;
  readonly excluded: boolean;
  readonly subEffectiveDose: { record: number; dose: string; evidence: readonly number[] } | null;
  /** Whether the designated dose was effective alone. */
  readonly ketamine: StandingVerdict | null;
  readonly verdicts: Readonly<Record<'hypersensitivity' | 'scs' | 'combination', StandingVerdict>>;
  readonly flags: readonly string[];
}

/** Who is hypersensitive, who responds to what, by which rule and on which records. An increase of the threshold is relief. */
export const responderStatus: Projection<{ subjects: ResponderStatus[] }> = {
  name: 'responder-status',
  summary:
    'Per animal: hypersensitive, response to SCS alone, to ketamine + SCS, converted; rule, margin, evidence',
  project: (view) => ({
    subjects:
      view.protocols.versions.length === 0
        ? []
        : view.animals().map(({ id, history }) => statusOf(view, id, history)),
  }),
};

export function statusOf(view: View, id: string, history: readonly Fact[]): ResponderStatus {
  const subject = view.study.subjects.get(id);
  const standing = (judged: (history: readonly Fact[], protocols: Protocols) => Verdict | null) =>
    findSince(judged, history, subject, view);
  const verdicts = {
    hypersensitivity: standing((facts, protocols) =>
      dropIfExcluded(facts, judgeHypersensitivity(facts, protocols)),
    ) as StandingVerdict,
    scs: standing((facts, protocols) =>
      dropIfExcluded(facts, judgeResponse('scs', facts, protocols)),
    ) as StandingVerdict,
    combination: standing((facts, protocols) =>
      dropIfExcluded(facts, judgeResponse('combination', facts, protocols)),
    ) as StandingVerdict,
  };
  const designation = factsOf(history, 'SubEffectiveDoseDesignated').at(-1);
  const scs = responseOf(verdicts.scs);
  const combination = responseOf(verdicts.combination);
  return {
    subject: id,
    hypersensitive: verdicts.hypersensitivity.holds,
    scs,
    combination,
    converted: scs === 'non-responder' && combination !== null ? combination === 'responder' : null,
    excluded: factsOf(history, 'SubjectExcluded').length > 0,
    subEffectiveDose: designation
      ? {
          record: designation.holder,
          dose: formatQuantity(designation.data.dose),
          evidence: designation.data.evidence,
        }
      : null,
    ketamine: designation ? standing(designatedDose) : null,
    verdicts,
    flags: flagUnsupported(history),
  };
}

/** Whether the designated dose was effective alone: the verdict on the last administration that the designation cites. */
function designatedDose(history: readonly Fact[], protocols: Protocols): Verdict | null {
  const cited = factsOf(history, 'SubEffectiveDoseDesignated').at(-1)?.data.evidence.at(-1);
  const dose = factsOf(history, 'KetamineAdministered').find(({ number }) => number === cited);
  return dose ? judgeDose(dose, history, protocols).effective : null;
}

/** An excluded animal keeps the stages that it had reached; its verdicts after the exclusion are null. */
function dropIfExcluded(history: readonly Fact[], verdict: Verdict): Verdict {
  const exclusion = factsOf(history, 'SubjectExcluded')[0];
  if (!exclusion) return verdict;
  const evidence = [...verdict.evidence, exclusion.holder].sort((a, b) => a - b);
  return {
    ...verdict,
    holds: null,
    why: 'excluded',
    value: null,
    between: null,
    margin: null,
    borderline: false,
    evidence,
  };
}

function responseOf({ holds }: Verdict): Response {
  return holds === null ? null : holds ? 'responder' : 'non-responder';
}

function caveatsOf({ evidence }: Verdict, history: readonly Fact[]): string[] {
  const cited = history.filter(({ holder }) => evidence.includes(holder));
  return [...new Set(cited.flatMap((fact) => flagsOf(fact, history)))].sort();
}

/** The facts that the rules use; other facts change no verdict. */
const JUDGED: ReadonlySet<FactType | undefined> = new Set<FactType>([
  'NerveLigated',
  'ThresholdRecorded',
  'SCSApplied',
  'KetamineAdministered',
  'SideEffectsScored',
  'SubEffectiveDoseDesignated',
  'SubjectExcluded',
]);

/**
 * Walks back over the animal's earlier versions while the verdict is the same. Only versions whose last change concerns the
 * rules are judged: weights and scores are most of a long history.
 */
function findSince(
  judged: (history: readonly Fact[], protocols: Protocols) => Verdict | null,
  history: readonly Fact[],
  subject: Subject | undefined,
  { protocols, untilMs }: View,
): StandingVerdict | null {
  const verdict = judged(history, protocols);
  if (!verdict) return null;
  const caveats = caveatsOf(verdict, history);
  if (verdict.holds === null) return { ...verdict, since: null, caveats };
  let first = subject;
  for (let earlier = first?.previous; earlier; first = earlier, earlier = earlier.previous) {
    if (!JUDGED.has(first?.changed)) continue;
    const had = earlier.facts.toArray().filter(({ at, type }) => at <= untilMs && JUDGED.has(type));
    if (judged(had, protocols)?.holds !== verdict.holds) break;
  }
  return { ...verdict, since: first?.asOf ?? null, caveats };
}
