import { counted } from '../../shared/counted.js';
import type { PersonOfStudy } from '../../lab/people/study-people.js';
import type { TrailRecord } from '../../study/projections/audit-trail.projection.js';
import { resultText, type MeasuredAnimal } from '../../study/projections/measurement-series.projection.js';
import type { GivenDose } from '../../study/projections/dose-titration.projection.js';
import type {
  ResponderStatus,
  CaveatedVerdict,
  StandingVerdict,
} from '../../study/projections/responder-status.projection.js';
import type { Flow } from '../../study/projections/study-flow.projection.js';
import type { SeriesRun } from '../../study/projections/threshold-series.projection.js';
import type { WelfareRecord } from '../../study/projections/welfare.projection.js';
import { trialsText } from '../../study/rules/measurement.js';
import { gramsOf, inShort, numbers, signed, valueOf, yesNo } from './cells.js';
import { wrapped, type Block } from './page.js';
import { due } from './due-view.js';
import { qualityAssurance, review } from './governance-views.js';
import { personsOfStudy } from './persons.js';
import { table } from './table.js';
import { hoursInWords, printInstant } from '../../study/instant.js';

/** Projections as text for people. Programs use `--json`. One function a projection, so the file grows with them and is long. */
type Renderer = (answer: never) => Block[];

export const VIEWS: Readonly<Record<string, Renderer>> = {
  'responder-status': responderStatus,
  'dose-titration': doseTitration,
  'threshold-series': thresholdSeries,
  'measurement-series': measurementSeries,
  'study-flow': studyFlow,
  'audit-trail': (trail: { records: TrailRecord[]; persons: PersonOfStudy[] }) => [
    ...auditTrail(trail.records),
    '',
    ...personsOfStudy(trail.persons),
  ],
  welfare,
  due,
  review,
  'quality-assurance': qualityAssurance,
};

export function responderStatus({ subjects }: { subjects: ResponderStatus[] }): Block[] {
  const rows = subjects.flatMap((status) => verdictRows(status));
  const rules = new Map(
    rows.flatMap(({ question, verdict: { rule, limit } }) =>
      rule ? [[`${question}: ${rule.name}`, { rule, limit }] as const] : [],
    ),
  );
  return [
    ...[...rules].map(([name, { limit, rule }]) => wrapped(`${name}; limit ${limit} on ${rule.metric}`)),
    '',
    table(rows, [
      { head: 'animal', cell: ({ status }) => status.subject },
      { head: 'question', cell: ({ question }) => question },
      {
        head: 'verdict',
        cell: ({ answer, verdict }) =>
          [answer, ...(verdict.borderline ? ['borderline'] : []), ...verdict.caveats].join(', '),
        flexible: true,
      },
      { head: 'value', cell: ({ verdict }) => valueOf(verdict), align: 'right' },
      { head: 'limit', cell: ({ verdict }) => String(verdict.limit ?? ''), align: 'right' },
      { head: 'margin', cell: ({ verdict }) => signed(verdict.margin), align: 'right' },
      {
        head: 'since',
        cell: ({ verdict }) => (typeof verdict.since === 'number' ? `#${verdict.since}` : ''),
        align: 'right',
      },
      { head: 'evidence', cell: ({ verdict }) => numbers(verdict.evidence), flexible: true },
    ]),
  ];
}

interface VerdictRow {
  readonly status: ResponderStatus;
  readonly question: string;
  readonly answer: string;
  readonly verdict: CaveatedVerdict & Partial<StandingVerdict>;
}

function verdictRows(status: ResponderStatus): VerdictRow[] {
  const { hypersensitivity, scs, combination } = status.verdicts;
  const rows: VerdictRow[] = [
    {
      status,
      question: 'hypersensitive',
      answer: answerOf(hypersensitivity, 'yes', 'no'),
      verdict: hypersensitivity,
    },
  ];
  if (scs.why !== 'not-treated-yet' && scs.why !== 'excluded') {
    rows.push({
      status,
      question: 'SCS alone',
      answer: answerOf(scs, 'responder', 'non-responder'),
      verdict: scs,
    });
  }
  if (combination.why !== 'not-treated-yet' && combination.why !== 'excluded') {
    const answer = answerOf(combination, status.converted ? 'converted' : 'responder', 'non-responder');
    rows.push({ status, question: 'dose + SCS', answer, verdict: combination });
  }
  for (const { setting, sham, verdicts } of status.settings ?? [])
    for (const [treatment, verdict] of [
      ['SCS', verdicts.scs],
      ['dose + SCS', verdicts.combination],
    ] as const)
      if (verdict.why !== 'not-treated-yet' && verdict.why !== 'excluded') {
        const question = `${treatment}, ${setting}${sham ? ' (sham)' : ''}`;
        rows.push({ status, question, answer: answerOf(verdict, 'responder', 'non-responder'), verdict });
      }
  return rows;
}

function answerOf({ holds, why }: CaveatedVerdict, yes: string, no: string): string {
  return holds === null ? (why ?? '?') : holds ? yes : no;
}

export function doseTitration({
  subjects,
}: {
  subjects: {
    subject: string;
    doses: GivenDose[];
    designations: { record: number; dose: string; evidence: readonly number[]; justification: string }[];
  }[];
}): Block[] {
  if (subjects.length === 0) return ['No dose was given.'];
  return subjects.flatMap(({ subject, doses, designations }) => [
    '',
    `${subject}: ${counted(doses.length, 'dose')}`,
    table(doses, [
      { head: '#', cell: ({ record }) => String(record), align: 'right' },
      { head: 'when', cell: ({ occurredAt }) => printInstant(occurredAt), flexible: true },
      ...(new Set(doses.map(({ substance }) => substance)).size > 1
        ? [{ head: 'substance', cell: ({ substance }: GivenDose) => substance }]
        : []),
      { head: 'dose', cell: ({ dose }) => dose, align: 'right' },
      { head: 'µg/kg', cell: ({ microgramPerKg }) => microgramPerKg?.toFixed(1) ?? '', align: 'right' },
      { head: 'for', cell: ({ purpose }) => purpose },
      {
        head: 'washout',
        cell: ({ washoutHours }) => (washoutHours === null ? '' : hoursInWords(washoutHours)),
        align: 'right',
      },
      {
        head: 'relieved',
        cell: ({ effective, verdict }) => `${yesNo(effective)} ${signed(verdict.margin)}`.trim(),
      },
      {
        head: 'side eff.',
        cell: ({ sideEffects }) => (sideEffects === null ? 'unscored' : yesNo(sideEffects)),
      },
      {
        head: 'grams at minute',
        cell: ({ course }) => course.map((point) => `${point.minute}′ ${gramsOf(point)}`).join(' '),
        flexible: true,
      },
      {
        head: '',
        cell: ({ designated, flags }) => [...(designated ? ['designated'] : []), ...flags].join(' '),
        flexible: true,
      },
    ]),
    ...designations.map(({ record, dose, evidence, justification }) =>
      wrapped(`#${record} designates ${dose} on the evidence of ${numbers(evidence)}: ${justification}`),
    ),
  ]);
}

export function thresholdSeries({
  subjects,
}: {
  subjects: { subject: string; runs: SeriesRun[] }[];
}): Block[] {
  return subjects
    .filter(({ runs }) => runs.length > 0)
    .flatMap(({ subject, runs }) => [
      '',
      subject,
      table(runs, [
        { head: '#', cell: ({ record }) => String(record), align: 'right' },
        { head: 'when', cell: ({ occurredAt }) => printInstant(occurredAt), flexible: true },
        { head: 'paw', cell: ({ paw }) => paw.slice(0, 6) },
        {
          head: 'phase',
          cell: ({ phase, minute }) => (minute === null ? phase : `${phase} ${minute}′`),
          flexible: true,
        },
        { head: 'run', cell: ({ run }) => run, flexible: true },
        { head: 'grams', cell: gramsOf, align: 'right' },
        { head: 'log', cell: ({ log10e4 }) => log10e4?.toFixed(3) ?? '', align: 'right' },
        { head: 'method', cell: ({ method, status }) => method ?? status },
        {
          head: 'flags',
          cell: ({ flags, supersededBy }) =>
            [...flags, ...(supersededBy === null ? [] : [`superseded by #${supersededBy}`])].join(' '),
          flexible: true,
        },
      ]),
    ]);
}

export function measurementSeries({ subjects }: { subjects: MeasuredAnimal[] }): Block[] {
  return subjects.flatMap(({ subject, assays }) =>
    assays.flatMap(({ title, unit, increase, measurements }) => [
      '',
      wrapped(`${subject}: ${title}${unit === '1' ? '' : `, ${unit}`}; an increase is ${increase}`),
      table(measurements, [
        { head: '#', cell: ({ record }) => String(record), align: 'right' },
        { head: 'when', cell: ({ occurredAt }) => printInstant(occurredAt), flexible: true },
        { head: 'site', cell: ({ site }) => site.replaceAll('-', ' '), flexible: true },
        {
          head: 'phase',
          cell: ({ phase, minute }) => (minute === null ? phase : `${phase} ${minute}′`),
          flexible: true,
        },
        { head: 'trials', cell: ({ trials }) => trialsText(trials), flexible: true },
        { head: 'result', cell: resultText, align: 'right' },
        {
          head: 'flags',
          cell: ({ flags, supersededBy }) =>
            [...flags, ...(supersededBy === null ? [] : [`superseded by #${supersededBy}`])].join(' '),
          flexible: true,
        },
      ]),
    ]),
  );
}

export function studyFlow({ stages, exclusions, deaths }: Flow): Block[] {
  const most = Math.max(1, ...stages.map(({ count }) => count));
  const parts = [
    table(stages, [
      { head: 'stage', cell: ({ stage }) => stage },
      { head: 'animals', cell: ({ count }) => String(count), align: 'right' },
      { head: '', cell: ({ count }) => '▇'.repeat(Math.round((24 * count) / most)) },
      { head: 'which', cell: ({ subjects }) => subjects.join(' '), flexible: true },
    ]),
  ];
  for (const { subject, record, after, reason, prespecified } of exclusions) {
    const fixed = prespecified ? 'criterion fixed beforehand' : 'criterion not fixed beforehand';
    parts.push(
      wrapped(`Excluded: ${subject} after “${after}” (#${record}, ${fixed}): ${reason ?? 'no reason given'}`),
    );
  }
  const unplanned = deaths.filter(({ cause }) => cause !== 'planned');
  for (const { subject, record, cause, after } of unplanned)
    parts.push(wrapped(`Died: ${subject} after “${after}” (#${record}): ${cause}`));
  return parts;
}

export function auditTrail(records: readonly TrailRecord[]): Block[] {
  return [
    table(records, [
      { head: '#', cell: ({ record }) => String(record), align: 'right' },
      { head: 'recorded', cell: ({ recordedAt }) => printInstant(recordedAt), flexible: true },
      { head: 'happened', cell: ({ occurredAt }) => printInstant(occurredAt), flexible: true },
      { head: 'what', cell: ({ type }) => type, flexible: 'camelCase' },
      { head: 'animal', cell: ({ subject }) => subject ?? '' },
      { head: 'who', cell: ({ actor, role }) => `${actor}, ${role}`, flexible: true },
      { head: 'why, flags, corrections', cell: remarks, flexible: true },
    ]),
  ];
}

function remarks({ flags, reason, supersedes, supersededBy, changes, amended = [] }: TrailRecord): string {
  return [
    ...(supersededBy === null ? [] : [`superseded by #${supersededBy}`]),
    ...(supersedes === null ? [] : [`replaces #${supersedes}`]),
    ...flags.map((flag) => `[${flag}]`),
    ...(reason === null ? [] : [reason]),
    ...[...changes, ...amended].map(({ field, from, to }) => `${field}: ${inShort(from)} → ${inShort(to)}`),
  ].join(' ');
}

export function welfare({ subjects }: { subjects: WelfareRecord[] }): Block[] {
  const parts = [
    table(subjects, [
      { head: 'animal', cell: ({ subject }) => subject },
      { head: 'done', cell: ({ procedures }) => String(procedures.length), align: 'right' },
      {
        head: 'last weight',
        cell: ({ weights }) => (weights.length === 0 ? '' : `${weights.at(-1)?.grams} g`),
        align: 'right',
      },
      {
        head: 'worst loss',
        cell: ({ weights }) =>
          `${Math.max(0, ...weights.map(({ lossPercent }) => lossPercent)).toFixed(1)} %`,
        align: 'right',
      },
      { head: 'scored', cell: ({ scores }) => String(scores.length), align: 'right' },
      { head: 'events', cell: ({ adverseEvents }) => String(adverseEvents.length), align: 'right' },
      { head: 'proposed', cell: ({ proposedSeverity }) => proposedSeverity?.severity ?? 'ungraded' },
      { head: 'assessed', cell: ({ use }) => use.severity.actual?.severity ?? '' },
      {
        head: 'endpoints',
        cell: ({ endpoints }) =>
          endpoints
            .map(({ id, record, decision }) => `${id} #${record}${decision ? '' : ' UNDECIDED'}`)
            .join(' '),
        flexible: true,
      },
      { head: 'end', cell: ({ use }) => use.fate.value?.cause ?? use.fate.value?.kind ?? '', flexible: true },
    ]),
  ];
  for (const { subject, use } of subjects) {
    for (const { text, records } of use.openQuestions)
      parts.push(wrapped(`${subject}: ${text}${records.length > 0 ? ` (${numbers(records)})` : ''}`));
  }
  return parts;
}
