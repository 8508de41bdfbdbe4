import { auditTrail, type TrailRecord } from '../../study/projections/audit-trail.projection.js';
import { studyFlow } from '../../study/projections/study-flow.projection.js';
import { welfare } from '../../study/projections/welfare.projection.js';
import { factsOf, isGoverned, type Study } from '../../study/study.js';
import { linesOver, signatureLines, signatureText, type SignatureLine } from '../signature-lines.js';
import { departureInWords } from '../documents/type-in-words.js';
import { item, type Item, type Section, type Sources } from './section.js';

/** Flags that are told under a name of their own; any other one is counted as it is called. */
const NAMED: Readonly<Record<string, string>> = {
  late: 'late entries',
  implausible: 'implausible values',
  untrained: 'done by somebody without training on record',
  'after-close': 'recorded after the study was closed',
  'by-another': 'put right by another person than the one who made the record',
  'delayed-entry': 'entered without a connection, and sent later',
};

/** Everything that may have affected the quality of the data: deviations one by one, the rest counted, each with its records. */
export function circumstances({ view, snapshot }: Sources): Pick<Section, 'items' | 'gaps'> {
  const { study } = view;
  const { records } = auditTrail.project(view);
  const lines = signatureLines(study, snapshot);
  const deviating = records.filter(({ flags }) => flags.includes('deviation'));
  const acknowledged = acknowledgedIn(study, records);
  const open = deviating.filter(({ record }) => !acknowledged.has(record));
  // A late entry is acknowledged, too.
  const told = records.filter((one) => deviating.includes(one) || acknowledged.has(one.record));
  const adverse = welfare.project(view).subjects.flatMap(({ adverseEvents }) => adverseEvents);
  const reopened = factsOf(study.facts, 'StudyReopened');
  return {
    items: [
      counted('deviations from the protocol', deviating.map(numberOf)),
      counted('of these not assessed', open.map(numberOf)),
      ...told.map((one) => deviationItem(one, acknowledged.get(one.record), lines, study)),
      ...flagItems(records),
      counted(
        'corrections and withdrawals',
        records.filter(({ supersedes }) => supersedes !== null).map(numberOf),
      ),
      counted(
        'amendments of the protocol',
        records.filter(({ type }) => type === 'ProtocolAmended').map(numberOf),
      ),
      counted(
        'adverse events',
        adverse.map(({ record }) => record),
      ),
      counted(
        'study reopened',
        reopened.map(({ holder }) => holder),
      ),
      ...studyFlow
        .project(view)
        .exclusions.map(({ subject, record, reason }) =>
          item(`exclusion of ${subject}`, reason ?? 'no reason', [record]),
        ),
    ],
    gaps: ['what these mean for the conclusions: to be written by the study director'],
  };
}

interface Acknowledged {
  readonly record: number;
  readonly said: string;
}

/** By each record that was acknowledged: the one that first stated a fact, and corrections of it from before. */
function acknowledgedIn(study: Study, records: readonly TrailRecord[]): Map<number, Acknowledged> {
  const found = new Map<number, Acknowledged>();
  for (const { holder, data } of factsOf(study.facts, 'DeviationAcknowledged')) {
    const { assessment, impact, action } = data;
    const said = [
      assessment,
      impact === undefined ? 'impact not said' : `impact on integrity: ${impact}`,
      ...(action === undefined ? [] : [`done about it: ${action}`]),
    ].join('; ');
    found.set(data.target.number, { record: holder, said });
  }
  for (const { record, type, data } of records) {
    if (type !== 'RecordCorrected') continue;
    const acknowledged = found.get((data as { target: { number: number } }).target.number);
    if (acknowledged && acknowledged.record > record) found.set(record, acknowledged);
  }
  return found;
}

function deviationItem(
  one: TrailRecord,
  acknowledged: Acknowledged | undefined,
  lines: readonly SignatureLine[],
  study: Study,
): Item {
  const { record, subject, reason, flags } = one;
  const kind = flags.includes('deviation') ? 'deviation' : 'acknowledged';
  const what = `${kind} #${record}: ${departureInWords(one)}${subject === null ? '' : ` of ${subject}`}`;
  const why = `reason: ${reason ?? 'none'}`;
  if (!acknowledged) return item(what, `${why}; not assessed by the study director`, [record]);
  const signed = linesOver(lines, acknowledged.record, study).filter(
    ({ meaning }) => meaning === 'acknowledged',
  );
  const by = signed.length === 0 && isGoverned(study) ? ['not signed'] : signed.map(signatureText);
  return item(what, [why, `assessed: ${acknowledged.said}`, ...by].join('; '), [
    record,
    acknowledged.record,
    ...signed.map((line) => line.record),
  ]);
}

/** Those that have a name are listed where there are none, too. */
function flagItems(records: readonly TrailRecord[]): Item[] {
  const byFlag = new Map<string, number[]>([
    ['late', []],
    ['implausible', []],
  ]);
  for (const { record, flags } of records)
    for (const flag of flags)
      if (flag !== 'deviation') byFlag.set(flag, [...(byFlag.get(flag) ?? []), record]);
  return [...byFlag].map(([flag, found]) => counted(NAMED[flag] ?? `flagged ${flag}`, found));
}

function counted(what: string, found: readonly number[]): Item {
  return item(what, found.length, found);
}

function numberOf({ record }: TrailRecord): number {
  return record;
}
