import type { Protocol } from '../protocol.js';
import type { HypersensitivityRule, ResponderRule } from '../protocol/rules.js';
import { siteOf } from './site.js';

/** Takes down a problem: the path of the member, and the end of a sentence. */
export type Say = (path: string, message: string) => unknown;

const OF_THRESHOLDS = new Set(['fall-log10e4', 'grams', 'log10e4']);
const FROM_BASELINE = new Set(['fall-log10e4', 'fall-percent', 'percent-pre-lesion', 'percent-reversal']);
const SIDES = ['left', 'right'] as const;

/** What the rules miss: an assay or a ladder to judge, a baseline, something that is done. */
export function ruleProblems(protocol: Protocol, say: Say): void {
  const { hypersensitivity, responder } = protocol;
  if (hypersensitivity) {
    judgedProblems('hypersensitivity', hypersensitivity, protocol, say);
    const fromBaseline = ['difference', 'percent'].includes(hypersensitivity.metric);
    if (fromBaseline && !protocol.baseline)
      say(
        'baseline',
        `hypersensitivity is judged by ${hypersensitivity.metric} from the baseline, and there is none`,
      );
    if (protocol.model?.kind === 'none')
      say('hypersensitivity', 'naive animals have no induction from which it could be counted');
  }
  if (responder) responderProblems(responder, protocol, say);
}

function judgedProblems(
  section: 'hypersensitivity' | 'responder',
  { of, site, metric }: HypersensitivityRule | ResponderRule,
  { assays = [], ladder, baseline }: Protocol,
  say: Say,
): void {
  if (of === undefined && !ladder)
    say(section, 'it judges the threshold, and there is no ladder: name an assay in “of”, or add the ladder');
  const assay = assays.find(({ id }) => id === of);
  if (of !== undefined && !assay)
    say(
      `${section}.of`,
      `${of} is none of the assays (${assays.map(({ id }) => id).join(', ') || 'there are none'})`,
    );
  if (site !== undefined && of === undefined)
    say(
      `${section}.site`,
      'a site is named, and the threshold of the ipsilateral paw is judged: leave it out',
    );
  if (assay && !SIDES.some((side) => siteOf(assay, site, side) !== undefined))
    say(
      `${section}.site`,
      `it is not clear where ${assay.id} is judged: name one of its sites (${assay.sites.join(', ')}), or ipsilateral with the part, such as ipsilateral-hind-paw`,
    );
  if (of !== undefined && OF_THRESHOLDS.has(metric))
    say(
      `${section}.metric`,
      `${metric} is a metric of the threshold: of an assay take difference, percent or absolute`,
    );
  if (FROM_BASELINE.has(metric) && !baseline)
    say('baseline', `${section} is judged by ${metric} of the baseline, and there is none`);
}

function responderProblems(rule: ResponderRule, protocol: Protocol, say: Say): void {
  const { assays = [], baseline, stimulation, substances, titration } = protocol;
  judgedProblems('responder', rule, protocol, say);
  if (rule.direction === 'FROM_ASSAY' && rule.of === undefined)
    say('responder.direction', 'FROM_ASSAY needs the assay in “of”');
  if (
    rule.direction === 'INCREASE_IS_RELIEF' &&
    assays.some((one) => one.id === rule.of && one.increase === 'worsening')
  )
    say('responder.direction', `an increase of ${rule.of} is worsening: write FROM_ASSAY`);
  const cutOff = rule.of === undefined ? rule.cutOffGrams : assays.find(({ id }) => id === rule.of)?.cutOff;
  if (rule.metric === 'percent-mpe' && cutOff === undefined)
    say(
      rule.of === undefined ? 'responder.cutOffGrams' : 'responder.metric',
      `a rule in per cent of the maximum possible effect needs ${rule.of === undefined ? 'cutOffGrams' : `the cut-off of ${rule.of}`}`,
    );
  if (
    rule.metric === 'percent-mpe' &&
    assays.some((one) => one.id === rule.of && one.increase === 'worsening')
  )
    say('responder.metric', `${rule.of} falls with relief, away from its cut-off: take percent`);
  if (rule.minPoints > rule.windowMinutes.length)
    say('responder.minPoints', 'the responder rule asks for more points than its window has');
  if (rule.reference === 'pre-lesion' && !baseline)
    say('baseline', 'responder is judged against the baseline, and there is none');
  const gives = substances ?? titration;
  if (!stimulation && !gives)
    say(
      'responder',
      'nothing is done that an animal could respond to: add stimulation, substances or a titration',
    );
  else if (rule.reference === 'pre-stimulation' && !stimulation)
    say(
      'responder.reference',
      'pre-stimulation is named, and there is no stimulation: take pre-drug or pre-lesion',
    );
  else if (rule.reference === 'pre-drug' && !gives)
    say('responder.reference', 'pre-drug is named, and no drug is given: take pre-stimulation or pre-lesion');
}
