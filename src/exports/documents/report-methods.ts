import type { Protocol, ResponderRule } from '../../study/protocol.js';
import type { View } from '../../study/projections/projection.js';
import { formatQuantity } from '../../study/quantity.js';
import { delta } from '../../study/rules/ladder.js';
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

function rulesOf(protocol: Protocol): [string, string][] {
  const { ladder, censoring, baseline, hypersensitivity, responder, titration, stimulation } = protocol;
  const grams = ladder.filaments
    .map(({ label, grams: g }) => (label === g ? g : `${label} (${g})`))
    .join(' ');
  const fraction = stimulation.amplitudeFraction;
  return [
    ['ladder', `${ladder.id}: ${grams} g, begun at ${ladder.start}, δ = ${delta(ladder).toFixed(6)}`],
    [
      'bounds',
      censoring.policy === 'substitute'
        ? `${censoring.floorGrams} g below, ${censoring.ceilingGrams} g above`
        : censoring.policy,
    ],
    ['baseline', `${baseline.aggregate} of at least ${baseline.minRuns} runs before the lesion, log scale`],
    [
      'hypersensitive',
      `${hypersensitivity.name} (version ${hypersensitivity.version}): ${hypersensitivity.metric}, limit ${hypersensitivity.limit}, borderline ± ${hypersensitivity.borderline}, from day ${hypersensitivity.fromDay}, ${hypersensitivity.judged}`,
    ],
    ['responder', ruleInWords(responder)],
    [
      'stimulation',
      `${formatQuantity(stimulation.frequency)}, ${formatQuantity(stimulation.pulseWidth)}, ${formatQuantity(stimulation.duration)}, ${fraction.low} to ${fraction.high} of the animal’s own motor threshold`,
    ],
    [
      'titration',
      `${titration.drug} ${titration.doses.map(formatQuantity).join(', ')}; washout ${titration.washoutHours} h; judged at ${titration.windowMinutes.join(', ')} min`,
    ],
  ];
}

function ruleInWords(rule: ResponderRule): string {
  const window = rule.windowMinutes.join(', ');
  return `${rule.name} (version ${rule.version}): ${rule.metric} against ${rule.reference}, ${rule.aggregate} of ${window} min, ${rule.comparator} ${rule.limit}, borderline ± ${rule.borderline}, at least ${rule.minPoints} points, ${rule.judged}`;
}
