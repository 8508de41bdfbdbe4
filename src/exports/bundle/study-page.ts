import { animalsConcerned } from '../../study/projections/concerns.js';
import { auditTrail, type TrailRecord } from '../../study/projections/audit-trail.projection.js';
import { View } from '../../study/projections/projection.js';
import {
  responderStatus,
  type ResponderStatus,
} from '../../study/projections/responder-status.projection.js';
import { studyFlow } from '../../study/projections/study-flow.projection.js';
import { thresholdSeries, type SeriesRun } from '../../study/projections/threshold-series.projection.js';
import { welfare } from '../../study/projections/welfare.projection.js';
import type { Study } from '../../study/study.js';
import { markup, table, type Html } from '../documents/html.js';
import { dataInWords, typeInWords } from '../documents/in-words.js';
import { STYLE } from '../documents/page-style.js';
import type { About } from './about.js';

/** The page of a bundle: what happened to each animal, what was corrected, what deviated. No script, no link to elsewhere. */
export function studyPage(about: About, study: Study): string {
  const { title: name, simulated } = about;
  const subject = about.partial?.subject;
  const view = new View(study, Infinity, subject);
  const { records } = auditTrail.project(view);
  const title = `${study.code}: ${name}`;
  const banner = simulated
    ? markup`<p class="simulated">
        SIMULATED DATA. No animal was used: every value on these pages was made by a program.
      </p>`
    : markup``;
  const page = markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>${simulated ? 'SIMULATED: ' : ''}${title}</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        ${banner}
        <h1>${title}</h1>
        ${identity(about)} ${subject === undefined ? wholeStudy(view) : markup``} ${responders(view)}
        ${corrections(records)} ${deviations(records)} ${timelines(view, records, subject)} ${banner}
      </body>
    </html> `;
  return page.text;
}

function identity({ code, facility, size, root, anchor, partial, version }: About): Html {
  const rows = [
    ['Facility', facility],
    ['Study', code],
    ...(partial ? [['Animal', `${partial.subject} only: records of other animals are withheld`]] : []),
    ['State shown', `tree size ${size}: records 0 to ${size - 1}`],
    ['Root', root],
    ['Anchored', `lab record ${anchor.record}, ${anchor.recorded}`],
  ];
  return markup`${table(['', ''], rows)}
    <p>
      This page is made from the records in <code>ledger/study/records.ndjson</code> and is not
      evidence itself: the records are, and <code>ledger/VERIFY.md</code> says how to check
      them. <code>verify.mjs</code> and <code>VERIFY.md</code> check the records and do not look at
      this page, so they pass with a page that was altered. <code>study-ledger verify</code> of
      version ${version}, from a release, makes it again and compares it. Numbers such as #57 are
      record numbers.
    </p>`;
}

function wholeStudy(view: View): Html {
  const { stages, exclusions, deaths } = studyFlow.project(view);
  return markup`<h2>Course of the study</h2>
    ${table(
      ['stage', 'animals', 'which'],
      stages.map(({ stage, count, subjects }) => [stage, count, subjects.join(', ')]),
    )}
    <h3>Exclusions</h3>
    ${table(
      ['animal', 'record', 'when', 'after', 'prespecified', 'criterion', 'reason'],
      exclusions.map((one) => [
        one.subject,
        number(one.record),
        one.occurredAt,
        one.after,
        one.prespecified ? 'yes' : 'no',
        one.criterion,
        one.reason,
      ]),
    )}
    <h3>Deaths</h3>
    ${table(
      ['animal', 'record', 'cause', 'after'],
      deaths.map(({ subject, record, cause, after }) => [subject, number(record), cause, after]),
    )}`;
}

function responders(view: View): Html {
  const rows = responderStatus
    .project(view)
    .subjects.map((status) => [
      status.subject,
      yesNo(status.hypersensitive),
      status.scs ?? '–',
      status.subEffectiveDose ? `${status.subEffectiveDose.dose} (#${status.subEffectiveDose.record})` : '–',
      status.combination ?? '–',
      yesNo(status.converted),
      status.excluded ? 'excluded' : '',
      evidence(status),
    ]);
  const heads = [
    'animal',
    'hypersensitive',
    'stimulation alone',
    'sub-effective dose',
    'with ketamine',
    'converted',
    '',
    'rests on',
  ];
  return markup`<h2>Who responds</h2>
    ${table(heads, rows)}`;
}

function evidence({ verdicts }: ResponderStatus): string {
  const numbers = new Set(Object.values(verdicts).flatMap(({ evidence: cited }) => cited));
  return [...numbers]
    .sort((a, b) => a - b)
    .map((cited) => `#${cited}`)
    .join(' ');
}

function corrections(records: readonly TrailRecord[]): Html {
  const corrected = records.filter(({ supersedes }) => supersedes !== null);
  const rows = corrected.map((record) => [
    number(record.record),
    number(record.supersedes!),
    record.subject,
    record.recordedAt,
    `${record.actor} (${record.role})`,
    record.changes.length === 0
      ? 'withdrawn'
      : record.changes.map(
          ({ field, from, to }) =>
            markup`<div><b>${field.replace(/^data\./, '')}</b> <del>${dataInWords(from)}</del> → <ins>${dataInWords(to)}</ins></div>`,
        ),
    record.reason,
  ]);
  return markup`<h2>Corrections and withdrawals</h2>
    <p>Nothing was overwritten: the earlier record stays, under its number.</p>
    ${table(['record', 'of', 'animal', 'recorded', 'by', 'before → after', 'reason'], rows)}`;
}

function deviations(records: readonly TrailRecord[]): Html {
  const acknowledged = new Map(
    records
      .filter(({ type }) => type === 'DeviationAcknowledged')
      .map((record) => [(record.data as { target: { number: number } }).target.number, record]),
  );
  const rows = records
    .filter(({ flags }) => flags.length > 0)
    .map((record) => [
      number(record.record),
      record.subject,
      typeInWords(record.type),
      record.occurredAt,
      record.recordedAt,
      record.flags.join(', '),
      record.reason,
      assessment(acknowledged.get(record.record)),
    ]);
  return markup`<h2>Deviations, late entries, implausible values</h2>
    ${table(['record', 'animal', 'what', 'happened', 'recorded', 'flags', 'reason', 'assessment'], rows)}`;
}

function assessment(record: TrailRecord | undefined): string {
  return record ? `#${record.record}: ${dataInWords(record.data)}` : '';
}

function timelines(view: View, records: readonly TrailRecord[], only: string | undefined): Html {
  const runs = new Map(
    thresholdSeries
      .project(view)
      .subjects.flatMap(({ runs: all }) => all.map((run) => [run.record, run] as const)),
  );
  const severities = new Map(
    welfare.project(view).subjects.map(({ subject, proposedSeverity }) => [subject, proposedSeverity]),
  );
  const concerned = animalsConcerned(view.study);
  const bySubject = new Map<string | undefined, TrailRecord[]>();
  for (const record of records)
    for (const subject of concerned[record.record]!) {
      const others = bySubject.get(subject);
      if (others) others.push(record);
      else bySubject.set(subject, [record]);
    }
  // An animal whose records were all withdrawn or moved to another has a history too.
  const animals =
    only === undefined ? [...bySubject.keys()].filter((one) => one !== undefined).sort() : [only];
  const of = (subject: string | undefined): readonly TrailRecord[] => bySubject.get(subject) ?? [];
  return markup`<h2>The study as a whole, record by record</h2>
    ${timeline(of(undefined), undefined, runs)}
    ${animals.map((animal) => {
      const severity = severities.get(animal);
      return markup`<section>
        <h2>Animal ${animal}</h2>
        ${severity ? markup`<p>Proposed severity: ${severity.severity} (${severity.evidence.map((cited) => `#${cited}`).join(' ')})</p>` : markup``}
        ${timeline(of(animal), animal, runs)}
      </section>`;
    })}`;
}

function timeline(
  records: readonly TrailRecord[],
  animal: string | undefined,
  runs: ReadonlyMap<number, SeriesRun>,
): Html {
  const inOrder = records.toSorted(
    (a, b) => Date.parse(a.occurredAt) - Date.parse(b.occurredAt) || a.record - b.record,
  );
  const of = ({ subject }: TrailRecord): string =>
    animal === undefined || subject === null || subject === animal ? '' : ` of ${subject}`;
  const rows = inOrder.map((record) => [
    number(record.record),
    record.occurredAt,
    record.recordedAt,
    `${record.actor} (${record.role})`,
    record.supersededBy === null
      ? markup`<b>${typeInWords(record.type)}${of(record)}</b> ${describeData(record, runs)}`
      : markup`<s><b>${typeInWords(record.type)}${of(record)}</b> ${describeData(record, runs)}</s> superseded by
          ${number(record.supersededBy)}`,
    [record.flags.join(', '), record.reason].filter(Boolean).join(': '),
  ]);
  return table(['record', 'happened', 'recorded', 'by', 'what', 'flags, reason'], rows);
}

function describeData({ record, data }: TrailRecord, runs: ReadonlyMap<number, SeriesRun>): string {
  const run = runs.get(record);
  const threshold =
    run &&
    (run.grams === null ? `no threshold (${run.status})` : `50 % threshold ${run.grams.toPrecision(4)} g`);
  return [dataInWords(data), threshold].filter(Boolean).join(' · ');
}

function number(record: number): Html {
  return markup`<span class="number">#${record}</span>`;
}

function yesNo(value: boolean | null): string {
  return value === null ? '–' : value ? 'yes' : 'no';
}
