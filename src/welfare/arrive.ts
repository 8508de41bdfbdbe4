import { counted } from '../shared/counted.js';
import { groupedBy } from '../study/grouped-by.js';
import type { Protocol } from '../study/protocol.js';
import type { UseRecord } from '../study/welfare/animal-use-record.js';

/** ARRIVE 2.0, item 16, of one study: steps against pain, adverse events, humane endpoints. */
export interface ArriveItem16 {
  readonly study: string;
  readonly animals: number;
  /** 16a: steps taken to reduce pain, suffering and distress. */
  readonly steps: {
    readonly refinement: string | null;
    readonly unrelieved: string | null;
    readonly medication: readonly { readonly what: string; readonly animals: number }[];
    readonly interventions: number;
  };
  /** 16b: adverse events, expected and unexpected. */
  readonly events: { readonly expected: readonly Counted[]; readonly unexpected: readonly Counted[] };
  /** 16c: humane endpoints, the signs watched for and how often. */
  readonly endpoints: {
    readonly criteria: readonly string[];
    readonly signs: readonly string[];
    readonly frequency: readonly { readonly check: string; readonly due: number; readonly done: number }[];
    readonly reached: number;
  };
}

interface Counted {
  readonly description: string;
  readonly records: readonly number[];
}

export function summariseArrive(
  study: string,
  protocol: Protocol | undefined,
  uses: readonly UseRecord[],
): ArriveItem16 {
  const welfare = protocol?.welfare;
  const events = uses.flatMap(({ adverseEvents }) => adverseEvents);
  const named = (expected: boolean): Counted[] =>
    groupByText(events.filter((event) => event.expected === expected));
  return {
    study,
    animals: uses.length,
    steps: {
      refinement: welfare?.refinement ?? null,
      unrelieved: welfare?.unrelievedPain?.justification ?? null,
      medication: countMedication(uses),
      interventions: uses.reduce((sum, { monitoring }) => sum + monitoring.interventions.length, 0),
    },
    events: { expected: named(true), unexpected: named(false) },
    endpoints: {
      criteria: welfare?.endpoints.map(({ description }) => description) ?? [],
      signs: welfare?.items.map(({ label }) => label) ?? [],
      frequency: (welfare?.monitoring ?? []).map(({ id, check, everyDays, afterSurgeryDays }) => {
        const checks = uses.flatMap(({ monitoring }) => monitoring.checks.filter((one) => one.id === id));
        const after =
          afterSurgeryDays === undefined ? '' : ` through ${counted(afterSurgeryDays, 'day')} after surgery`;
        return {
          check: `${check === 'body-weight' ? 'body weight' : 'welfare score'} every ${days(everyDays)}${after}`,
          due: checks.reduce((sum, { due }) => sum + due, 0),
          done: checks.reduce((sum, { done }) => sum + done, 0),
        };
      }),
      reached: uses.filter(({ humaneEndpoints }) => humaneEndpoints.reached.length > 0).length,
    },
  };
}

function days(count: number): string {
  return count === 1 ? 'day' : `${count} days`;
}

function groupByText(events: readonly { description: string; record: number }[]): Counted[] {
  const byText = groupedBy(events, ({ description }) => description);
  return [...byText].map(([description, those]) => ({
    description,
    records: those.map(({ record }) => record),
  }));
}

/** Anaesthetics and analgesics of operations and inductions, each with the number of animals that had it. */
function countMedication(uses: readonly UseRecord[]): { what: string; animals: number }[] {
  const counts = new Map<string, number>();
  for (const { procedures } of uses) {
    const given = procedures.flatMap(({ anaesthesia, analgesia }) => [
      ...(anaesthesia === undefined ? [] : [`${anaesthesia} (anaesthesia)`]),
      ...(analgesia === undefined ? [] : [`${analgesia} (analgesia)`]),
    ]);
    for (const what of new Set(given)) counts.set(what, (counts.get(what) ?? 0) + 1);
  }
  return [...counts].map(([what, animals]) => ({ what, animals })).sort((a, b) => (a.what < b.what ? -1 : 1));
}

/** The same as a paragraph for an author to start from. It says nothing that the records do not say. */
export function describeArrive({ study, animals, steps, events, endpoints }: ArriveItem16): string {
  const told = (list: readonly Counted[]): string =>
    list.map(({ description, records }) => `${sentence(description)} (n = ${records.length})`).join('; ');
  const parts = [
    `${study} (${counted(animals, 'animal')}).`,
    steps.medication.length > 0
      ? `Given with operations and inductions: ${steps.medication.map(({ what, animals: n }) => `${what}, n = ${n}`).join('; ')}.`
      : 'No anaesthetic or analgesic is recorded.',
    steps.refinement === null ? '' : `${sentence(steps.refinement)}.`,
    steps.unrelieved === null
      ? ''
      : `Pain was left unrelieved where the question needed it: ${sentence(steps.unrelieved)}.`,
    steps.interventions > 0 ? `Interventions for welfare: ${steps.interventions}.` : '',
    events.expected.length > 0
      ? `Expected adverse events: ${told(events.expected)}.`
      : 'No expected adverse event was reported.',
    events.unexpected.length > 0
      ? `Unexpected adverse events: ${told(events.unexpected)}.`
      : 'No unexpected adverse event was reported.',
    endpoints.criteria.length > 0
      ? `Humane endpoints were: ${endpoints.criteria.map(sentence).join('; ')}. They were reached by ${counted(endpoints.reached, 'animal')}.`
      : 'The protocol defines no humane endpoint.',
    endpoints.signs.length > 0 ? `Signs watched for: ${endpoints.signs.join(', ')}.` : '',
    ...endpoints.frequency.map(
      ({ check, due, done }) => `Monitoring: ${check}; ${done} of ${due} checks due were made.`,
    ),
  ];
  return `${parts.filter((part) => part !== '').join(' ')}\n`;
}

function sentence(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[.\s]+$/, '');
}
