import type { GivenDose } from '../../study/projections/dose-titration.projection.js';
import type {
  CaveatedVerdict,
  ResponderStatus,
  StandingVerdict,
} from '../../study/projections/responder-status.projection.js';
import type { View } from '../../study/projections/projection.js';
import type { Fact } from '../../study/study.js';
import { hypersensitivityArithmetic, responseArithmetic } from './arithmetic.js';
import { cite, type Phrase } from './phrase.js';

/** A question about an animal, its answer, and how that comes about. */
export interface Judged {
  readonly question: string;
  readonly holds: boolean | null;
  readonly yes: string;
  readonly no: string;
  readonly borderline: boolean;
  readonly arithmetic: readonly Phrase[];
  /** Name and version; undefined where the answer follows from others. */
  readonly rule: string | undefined;
  readonly caveats: readonly string[];
}

/** Every question about an animal, in the order in which a study answers them. */
export function judgedOf(
  view: View,
  status: ResponderStatus,
  history: readonly Fact[],
  doses: readonly GivenDose[],
): Judged[] {
  const { verdicts, subEffectiveDose, converted, scs } = status;
  const alone = doses.filter(({ designated }) => designated);
  const of = (verdict: StandingVerdict) => ({ verdict, history, protocols: view.protocols });
  return [
    judged('Hypersensitive', verdicts.hypersensitivity, 'hypersensitive', 'not hypersensitive', [
      ...hypersensitivityArithmetic(of(verdicts.hypersensitivity)),
    ]),
    judged(
      'Stimulation alone',
      verdicts.scs,
      'responder',
      'non-responder',
      responseArithmetic(of(verdicts.scs)),
    ),
    {
      question: 'Sub-effective dose',
      holds: subEffectiveDose ? true : null,
      yes: subEffectiveDose?.dose ?? '',
      no: '',
      borderline: false,
      arithmetic: subEffectiveDose
        ? [
            'Designated in ',
            { record: subEffectiveDose.record },
            ', on ',
            ...cite(subEffectiveDose.evidence),
            '. ',
            ...alone.flatMap(aloneInWords),
          ]
        : ['No dose has been designated.'],
      rule: undefined,
      caveats: [...new Set(alone.flatMap(({ flags }) => flags))],
    },
    judged(
      'Dose and stimulation',
      verdicts.combination,
      'responder',
      'non-responder',
      responseArithmetic(of(verdicts.combination)),
    ),
    {
      question: 'Converted',
      holds: converted,
      yes: 'converted',
      no: 'not converted',
      borderline: false,
      arithmetic: [
        converted === null
          ? scs === 'responder'
            ? 'It responds to stimulation alone, so there is nothing to convert.'
            : 'Not known: it needs a verdict on stimulation alone and one on dose and stimulation.'
          : `A non-responder to stimulation alone that ${converted ? 'responds' : 'does not respond'} to dose and stimulation.`,
      ],
      rule: undefined,
      caveats: [],
    },
    ...(status.settings ?? []).flatMap(({ setting, sham, verdicts: bySetting }) =>
      (['scs', 'combination'] as const)
        .map((treatment) => ({ treatment, verdict: bySetting[treatment] }))
        .filter(({ verdict }) => verdict.why !== 'not-treated-yet')
        .map(({ treatment, verdict }) =>
          judged(
            `${treatment === 'scs' ? 'Stimulation' : 'Dose and stimulation'} by ${setting.replaceAll('-', ' ')}${sham ? ', a sham' : ''}`,
            verdict,
            'responder',
            'non-responder',
            responseArithmetic({ verdict, history, protocols: view.protocols }),
          ),
        ),
    ),
  ];
}

function aloneInWords({ record, dose, effective, sideEffects }: GivenDose): Phrase[] {
  const effect =
    effective === null ? 'its effect is not known' : effective ? 'it was effective' : 'it had no effect';
  const effects = sideEffects === null ? '' : sideEffects ? ', with side effects' : ', without side effects';
  return [`${dose} alone (`, { record }, `): ${effect}${effects}. `];
}

function judged(
  question: string,
  { holds, borderline, rule, caveats }: CaveatedVerdict,
  yes: string,
  no: string,
  arithmetic: readonly Phrase[],
): Judged {
  const named = rule ? `${rule.name} (version ${rule.version})` : undefined;
  return { question, holds, yes, no, borderline, arithmetic, rule: named, caveats };
}
