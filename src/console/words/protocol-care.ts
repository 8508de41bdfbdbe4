import type { Protocol } from '../../study/protocol.js';
import { formatQuantity } from '../../study/quantity.js';
import { said, type Term } from './term.js';

type Welfare = Protocol['welfare'];

/** How animals are looked after: what is scored, how severe it is, when an endpoint is reached, which checks are due. */
export function careTerms({ sideEffects, welfare }: Protocol): Term[] {
  const { sheet, items, endpoints, monitoring = [], refinement, unrelievedPain } = welfare;
  return [
    ...termOf(
      'Side effects',
      said(sideEffects, (of) => `${of.scale}: ${of.items.map(scaled).join(', ')}`),
    ),
    ['Welfare sheet', `${sheet}: ${items.map(scaled).join(', ')}`],
    ...termOf('Severity', gradesInWords(welfare)),
    ...endpoints.map((endpoint): Term => [
      `Humane endpoint ${endpoint.id.replaceAll('-', ' ')}`,
      [endpoint.description, ...limitsOf(endpoint)].join('; '),
    ]),
    ...monitoring.map(({ id, check, everyDays, afterSurgeryDays }): Term => [
      `Check ${id.replaceAll('-', ' ')}`,
      `${check.replaceAll('-', ' ')} ${everyDays === 1 ? 'every day' : `every ${everyDays} days`}${afterSurgeryDays === undefined ? '' : ` for ${afterSurgeryDays} days after surgery`}`,
    ]),
    ...termOf(
      'Refinement',
      said(refinement, (text) => text),
    ),
    ...termOf(
      'Pain left unrelieved',
      said(unrelievedPain, ({ justification }) => justification),
    ),
  ];
}

/** From which number on an endpoint is reached; none where somebody judges it. */
function limitsOf({ weightLossPercent, totalScore, itemScore }: Welfare['endpoints'][number]): string[] {
  return [
    ...said(weightLossPercent, (percent) => `reached at a loss of ${percent} % of the heaviest weight`),
    ...said(totalScore, (score) => `reached at a total score of ${score}`),
    ...said(itemScore, ({ item, atLeast }) => `reached at ${atLeast} of ${item.replaceAll('-', ' ')}`),
  ];
}

function gradesInWords({ grades = [], weightGrades = [], procedureGrades = [] }: Welfare): string[] {
  return [
    ...grades.map(
      ({ atLeast, severity, item }) =>
        `${severity} from a score of ${atLeast}${item === undefined ? '' : ` of ${item.replaceAll('-', ' ')}`}`,
    ),
    ...weightGrades.map(
      ({ lossPercent, severity }) => `${severity} from a loss of weight of ${lossPercent} %`,
    ),
    ...procedureGrades.map(({ procedure, severity }) => `${severity} by ${procedure.replaceAll('-', ' ')}`),
  ];
}

export function plausibleTerms({ plausible = {} }: Protocol): Term[] {
  const { bodyWeight, amplitude, weightChangePercent, doses = [] } = plausible;
  const range = (what: string, of: typeof bodyWeight | typeof amplitude): string[] =>
    said(of, ({ low, high }) => `${what} ${formatQuantity(low)} to ${formatQuantity(high)}`);
  return termOf('Plausible', [
    ...range('body weight', bodyWeight),
    ...range('amplitude', amplitude),
    ...said(weightChangePercent, (percent) => `a change of weight of ${percent} % within 7 days`),
    ...doses.map(
      ({ substance, route, high }) =>
        `${substance}${route === undefined ? '' : ` ${route.replaceAll('-', ' ')}`} up to ${formatQuantity(high)}`,
    ),
  ]);
}

export function timeTerms(protocol: Protocol): Term[] {
  const { lateAfterMinutes, minuteTolerance, followsWithinMinutes, carryOverHours } = protocol;
  return [
    ['A record is late', `when it is entered more than ${lateAfterMinutes} min after it happened`],
    ...termOf(
      'A run is of its minute',
      said(minuteTolerance, (minutes) => `within ${minutes} min`),
    ),
    ...termOf(
      'A stimulation follows a dose',
      said(followsWithinMinutes, (minutes) => `within ${minutes} min`),
    ),
    ...termOf(
      'A dose is due',
      said(carryOverHours, (hours) => `${hours} h after a stimulation`),
    ),
  ];
}

function termOf(about: string, words: readonly string[]): Term[] {
  return words.length === 0 ? [] : [[about, words.join('; ')]];
}

function scaled({ label, max }: { label: string; max: number }): string {
  return `${label} (0 to ${max})`;
}
