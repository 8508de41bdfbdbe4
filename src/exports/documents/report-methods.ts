import type { Protocol } from '../../study/protocol.js';
import type { ResponderRule } from '../../study/protocol/rules.js';
import type { View } from '../../study/projections/projection.js';
import { formatQuantity } from '../../study/quantity.js';
import { delta, type Ladder } from '../../study/rules/ladder.js';
import { settingsOf } from '../../study/rules/planned.js';
import { heading, paragraph, tableOf, type Block } from './document.js';

/** How thresholds and verdicts were computed, with the numbers of the protocol versions in force. */
export function methodBlocks(view: View): Block[] {
  const { versions } = view.protocols;
  return [
    heading('Methods and rules'),
    paragraph(
      'The 50 % withdrawal threshold is 10^(x + k·δ) / 10,000 g, x being log10(10,000 · force in g) of the last filament, k ' +
        'Dixon’s value for the whole pattern of responses, δ the mean step of the ladder (method dixon-table). Longer runs that ' +
        'followed the rule take k from the likelihood with that step (mle-constant), all others are located by the likelihood of ' +
        'the forces that were applied (mle-exact). Runs in which the response never changed give a bound and no number.',
    ),
    tableOf(
      [
        ['protocol', 1],
        ['what', 2],
        ['rule', 7],
      ],
      versions.flatMap(({ version, holder, protocol }) =>
        rulesOf(protocol).map(([what, rule], index) => [
          index === 0 ? `version ${version} (#${holder})` : '',
          what,
          rule,
        ]),
      ),
    ),
  ];
}

/** The rules of a protocol; a section that it leaves out is named as such where the report judges by it. */
function rulesOf(protocol: Protocol): [string, string][] {
  const { ladder, censoring, baseline, hypersensitivity, responder, titration } = protocol;
  return [
    ...(ladder ? ladderRules(ladder, censoring) : []),
    ...(protocol.assays ?? []).map(({ id, title, unit, trials, cutOff }): [string, string] => [
      `assay ${id}`,
      `${title}, unit ${unit}: ${trials.aggregate} of ${trials.count ?? 'the'} trials${cutOff === undefined ? '' : `, cut-off ${cutOff}`}`,
    ]),
    [
      'baseline',
      baseline
        ? `${baseline.aggregate} of at least ${baseline.minRuns} runs before the lesion, log scale`
        : absent('rule for the baseline'),
    ],
    [
      'hypersensitive',
      hypersensitivity
        ? `${hypersensitivity.name} (version ${hypersensitivity.version}): ${of(hypersensitivity)}${hypersensitivity.metric}, limit ${hypersensitivity.limit}, borderline ± ${hypersensitivity.borderline}, from day ${hypersensitivity.fromDay}, ${hypersensitivity.judged}`
        : absent('rule for hypersensitivity'),
    ],
    ['responder', responder ? ruleInWords(responder) : absent('responder rule')],
    ...stimulationRules(protocol),
    [
      'titration',
      titration
        ? `${titration.drug} ${titration.doses.map(formatQuantity).join(', ')}; washout ${titration.washoutHours} h; judged at ${titration.windowMinutes.join(', ')} min`
        : absent('titration'),
    ],
  ];
}

function absent(what: string): string {
  return `the protocol has no ${what}`;
}

function ladderRules(ladder: Ladder, censoring: Protocol['censoring']): [string, string][] {
  const grams = ladder.filaments
    .map(({ label, grams: g }) => (label === g ? g : `${label} (${g})`))
    .join(' ');
  const bounds =
    censoring?.policy === 'substitute'
      ? `${censoring.floorGrams} g below, ${censoring.ceilingGrams} g above`
      : (censoring?.policy ?? '');
  return [
    ['ladder', `${ladder.id}: ${grams} g, begun at ${ladder.start}, δ = ${delta(ladder).toFixed(6)}`],
    ['bounds', bounds],
  ];
}

function stimulationRules({ stimulation }: Protocol): [string, string][] {
  if (!stimulation) return [['stimulation', absent('stimulation')]];
  return settingsOf(stimulation).map((setting) => {
    const {
      id,
      sham,
      frequency,
      pulseWidth,
      duration,
      amplitudeFraction: fraction,
      burst,
      dutyCycle,
    } = setting;
    const parts = [
      ...(sham ? ['sham'] : []),
      ...[frequency, pulseWidth, duration].flatMap((one) => (one ? [formatQuantity(one)] : [])),
      ...(burst ? [`bursts of ${burst.pulses} pulses at ${formatQuantity(burst.frequency)}`] : []),
      ...(dutyCycle ? [`${formatQuantity(dutyCycle.on)} on, ${formatQuantity(dutyCycle.off)} off`] : []),
      ...(fraction ? [`${fraction.low} to ${fraction.high} of the animal’s own motor threshold`] : []),
    ];
    return [id === undefined ? 'stimulation' : `stimulation ${id}`, parts.join(', ')];
  });
}

function of({ of: assay }: { of?: string }): string {
  return assay === undefined ? '' : `of ${assay}, `;
}

function ruleInWords(rule: ResponderRule): string {
  const window = rule.windowMinutes.join(', ');
  return `${rule.name} (version ${rule.version}): ${of(rule)}${rule.metric} against ${rule.reference}, ${rule.aggregate} of ${window} min, ${rule.comparator} ${rule.limit}, borderline ± ${rule.borderline}, at least ${rule.minPoints} points, ${rule.judged}`;
}
