import { doseTitration, type GivenDose } from '../../study/projections/dose-titration.projection.js';
import {
  measurementSeries,
  resultText,
  type AssaySeries,
} from '../../study/projections/measurement-series.projection.js';
import type { View } from '../../study/projections/projection.js';
import { thresholdSeries, type SeriesRun } from '../../study/projections/threshold-series.projection.js';
import { welfare, type WelfareRecord } from '../../study/projections/welfare.projection.js';
import { factsOf, type Fact } from '../../study/study.js';
import { cited, figure, heading, paragraph, tableOf, type Block } from './document.js';
import { drawAssays, drawCourse, drawDoses } from '../figures/animal-figures.js';
import { trialsText } from '../../study/rules/measurement.js';
import { typeInWords } from './type-in-words.js';
import { hoursInWords, printInstant } from '../../study/instant.js';

/** Nobody reads more rows on paper; the table of the study has all. */
const MAX_ROWS = 400;

/** A page for each animal: the course of its threshold, its doses, procedures, and the numbers. */
export function animalBlocks(view: View): Block[] {
  const runs = new Map(thresholdSeries.project(view).subjects.map((one) => [one.subject, one.runs]));
  const assays = new Map(measurementSeries.project(view).subjects.map((one) => [one.subject, one.assays]));
  const doses = new Map(doseTitration.project(view).subjects.map((one) => [one.subject, one.doses]));
  const burdens = new Map(welfare.project(view).subjects.map((one) => [one.subject, one]));
  return view.animals().flatMap(({ id, history }) => {
    return [
      heading(`Animal ${id}`, 2, true),
      ...whatItIs(history, burdens.get(id)),
      ...course(view, id, history, runs.get(id) ?? []),
      ...assayCourses(view, id, history, assays.get(id) ?? []),
      ...dosesOf(view, id, history, doses.get(id) ?? []),
      ...runTable(runs.get(id) ?? []),
      ...(assays.get(id) ?? []).flatMap(measurementTable),
    ];
  });
}

function whatItIs(history: readonly Fact[], burden: WelfareRecord | undefined): Block[] {
  const enrolled = factsOf(history, 'SubjectEnrolled')[0];
  const animal = enrolled
    ? `${enrolled.data.strain}, ${enrolled.data.sex}${enrolled.data.dateOfBirth ? `, born ${enrolled.data.dateOfBirth}` : ''} (#${enrolled.holder}). `
    : '';
  const done = (burden?.procedures ?? [])
    .filter(({ type }) => /(Ligated|Induced|Implanted)$/.test(type))
    .map(({ type, record, occurredAt }) => `${typeInWords(type)} ${occurredAt.slice(0, 10)} (#${record})`);
  const loss = Math.max(0, ...(burden?.weights ?? []).map(({ lossPercent }) => lossPercent));
  const severity = burden?.proposedSeverity;
  const parts = [
    ...done,
    `greatest loss of weight ${loss.toFixed(1)} %`,
    ...(severity ? [`proposed severity ${severity.severity} (${cited(severity.evidence)})`] : []),
    ...(burden?.endpoints ?? []).map(({ id, record }) => `endpoint ${id} reached (#${record})`),
    ...factsOf(history, 'SeverityAssessed').map(
      ({ holder, data }) => `severity assessed as ${data.severity} (#${holder})`,
    ),
    ...factsOf(history, 'FateRecorded').map(
      ({ holder, time, data }) => `${data.fate.replace('-', ' ')} ${time.slice(0, 10)} (#${holder})`,
    ),
    ...(burden?.death
      ? [`killed ${burden.death.occurredAt.slice(0, 10)}, ${burden.death.cause} (#${burden.death.record})`]
      : []),
  ];
  const text = parts.join('; ');
  return [paragraph(`${animal}${text.charAt(0).toUpperCase()}${text.slice(1)}.`)];
}

function course(view: View, subject: string, history: readonly Fact[], runs: readonly SeriesRun[]): Block[] {
  const course = drawCourse(view, subject, history, runs);
  if (!course) return [];
  const { drawing, baseline } = course;
  const rests = baseline ? ` Baseline: ${cited(baseline.evidence())}.` : '';
  return [
    figure(
      drawing,
      `${drawing.title}. The ticks are the filaments of the ladder; tests are in order, not to scale in time.${rests}`,
    ),
  ];
}

function assayCourses(
  view: View,
  subject: string,
  history: readonly Fact[],
  assays: readonly AssaySeries[],
): Block[] {
  return drawAssays(view, subject, history, assays).map(({ drawing, baseline }) => {
    const rests = baseline ? ` Baseline: ${cited(baseline.evidence())}.` : '';
    return figure(drawing, `${drawing.title}. Tests are in order, not to scale in time.${rests}`);
  });
}

function dosesOf(
  view: View,
  subject: string,
  history: readonly Fact[],
  doses: readonly GivenDose[],
): Block[] {
  const drawing = drawDoses(view, subject, history, doses);
  if (!drawing) return [];
  return [
    figure(drawing, `${drawing.title}, on the rungs of the protocol.`),
    tableOf(
      [
        ['record', 1],
        ['when', 2.4],
        ['dose', 1.2],
        ['µg/kg', 1],
        ['purpose', 1.4],
        ['washout', 1.1],
        ['side effects', 1.2],
        ['effective alone', 2.2],
        ['rests on', 3],
      ],
      doses.map((dose) => [
        `#${dose.record}`,
        printInstant(dose.occurredAt),
        dose.dose,
        dose.microgramPerKg === null ? '' : dose.microgramPerKg.toFixed(1),
        dose.purpose,
        dose.washoutHours === null ? '' : hoursInWords(dose.washoutHours),
        dose.sideEffects === null ? 'not scored' : dose.sideEffects ? 'yes' : 'no',
        dose.effective === null
          ? `not known (${(dose.verdict.why ?? '').replaceAll('-', ' ')})`
          : dose.effective
            ? 'yes'
            : 'no',
        cited(dose.verdict.evidence),
      ]),
    ),
  ];
}

function runTable(runs: readonly SeriesRun[]): Block[] {
  if (runs.length === 0) return [];
  const shown = runs.slice(0, MAX_ROWS);
  const table = tableOf(
    [
      ['record', 1],
      ['when', 2.7],
      ['paw', 1.2],
      ['phase', 1.7],
      ['min', 0.6],
      ['run', 1.6],
      ['threshold, g', 1.3],
      ['method', 1.5],
      ['flags', 2.2],
    ],
    shown.map((run) => [
      `#${run.record}`,
      printInstant(run.occurredAt),
      run.paw === 'ipsilateral' ? 'ipsi' : 'contra',
      run.phase,
      run.minute,
      run.run,
      thresholdText(run),
      run.method ?? run.status,
      [...(run.supersededBy === null ? [] : [`superseded by #${run.supersededBy}`]), ...run.flags].join(', '),
    ]),
  );
  return withRest(table, runs.length - shown.length, 'runs');
}

function withRest(table: Block, rest: number, what: string): Block[] {
  if (rest === 0) return [table];
  return [table, paragraph(`${rest} further ${what} of this animal are in the table of the study.`)];
}

function measurementTable({ title, unit, increase, measurements }: AssaySeries): Block[] {
  const shown = measurements.slice(0, MAX_ROWS);
  const table = tableOf(
    [
      ['record', 1],
      ['when', 2.7],
      ['site', 1.8],
      ['phase', 1.7],
      ['min', 0.6],
      ['trials', 2.6],
      [unit === '1' ? 'result' : `result, ${unit}`, 1.3],
      ['flags', 2.2],
    ],
    shown.map((one) => [
      `#${one.record}`,
      printInstant(one.occurredAt),
      one.site.replaceAll('-', ' '),
      one.phase,
      one.minute,
      trialsText(one.trials),
      resultText(one),
      [...(one.supersededBy === null ? [] : [`superseded by #${one.supersededBy}`]), ...one.flags].join(', '),
    ]),
  );
  return [
    paragraph(`${title}: an increase is ${increase}. “>” marks a trial that was stopped there.`),
    ...withRest(table, measurements.length - shown.length, 'measurements'),
  ];
}

function thresholdText({ grams, bound }: SeriesRun): string {
  if (bound) return `${bound.relation} ${Number(bound.grams.toPrecision(4))}`;
  return grams === null ? '–' : grams.toPrecision(4);
}
