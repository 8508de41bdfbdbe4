import type { FoundRow, FoundRows } from '../../console/import/found.js';
import { FOUND_LATER, LEAVE_OUT_KNOWN, WHY_LATE, WHY_ROWS_STAND } from '../../console/import/labels.js';
import { errorInWords } from '../../console/forms/error-words.js';
import { dateInWords, offsetOf } from '../../console/words/dates.js';
import { flagsInWords } from '../../console/words/flags.js';
import { phraseText } from '../../console/words/phrase.js';
import { sentence } from '../../console/words/sentence.js';
import { reachedInWords } from '../../console/words/weighed.js';
import type { RowResult } from '../../imports/decide-rows.js';
import { irregularFlags, unusualFlags } from '../../imports/tell-import.js';
import { counted } from '../../shared/counted.js';
import { findSameMinute } from '../../study/commands/common/other-record.js';
import { instantMs } from '../../study/instant.js';
import { View } from '../../study/projections/projection.js';
import type { StudyRecord } from '../../study/record.js';
import { Protocols, type Study } from '../../study/study.js';
import { judgeWeight, weighingLimits } from '../../study/welfare/weigh.js';
import { weighingsOf } from '../../study/welfare/weights.js';
import type { ImportAnswer } from './import-desk.js';

/** Rows that are shown as sentences; and the most that are told, since there is something to tell of them, and that are refused. */
const SHOWN = 25;
const LISTED = 100;

/** What a row would say as a record. */
type Told = Pick<FoundRow, 'when' | 'said' | 'remarks' | 'maybeSame'>;

/** Keeps what rows would say, while they are decided: of the first ones, and of those about which there is something to tell. */
export class RowSentences {
  private readonly told = new Map<number, Told>();

  readonly tell = (index: number, study: Study): void => {
    const { last } = study.records;
    if (!last || this.told.size >= LISTED) return;
    const { record } = last;
    const remarks = [
      ...flagsInWords(irregularFlags(record.data.flags ?? []), record.data),
      ...reachedBy(study, record),
    ];
    const maybeSame = findSameMinute(study, record);
    if (this.told.size >= SHOWN && remarks.length === 0 && maybeSame === undefined) return;
    const { time } = record;
    this.told.set(index, {
      when: `${dateInWords(time)}, ${timeOf(time)} ${offsetOf(time)}`,
      said: phraseText(sentence(new View(study), last)),
      remarks,
      maybeSame,
    });
  };

  of(index: number): Told | undefined {
    return this.told.get(index);
  }
}

/** With its seconds, where it has some. */
function timeOf(instant: string): string {
  return instant.slice(11).replace(/(?::00(?:\.0+)?)?(?:Z|[+-]\d\d:\d\d)$/, '');
}

/** The humane endpoints that a weight reaches, by the weights before it. */
function reachedBy(study: Study, { type, subject, time }: StudyRecord): string[] {
  const facts = study.subjects.get(subject ?? '')?.facts;
  const at = instantMs(time);
  if (type !== 'BodyWeightRecorded' || !facts || at === undefined) return [];
  const protocols = new Protocols(study);
  const protocol = (protocols.inForceAt(at) ?? protocols.versions[0])?.protocol;
  if (!protocol) return [];
  const history = facts.toArray().filter((fact) => fact.at <= at);
  const grams = weighingsOf(history).at(-1)?.grams;
  return grams === undefined ? [] : reachedInWords(judgeWeight(grams, weighingLimits(history, protocol, at)));
}

/** What the page asks beside the rows. */
interface Offered {
  /** The reason of the whole sheet: a mapping that was given says it itself. */
  readonly hasSettings: boolean;
  /** Whether the rows were found after closing, where nobody has said so yet. */
  readonly asksFoundLater: boolean;
}

export function viewRows(answer: ImportAnswer, sentences: RowSentences, offered: Offered): FoundRows {
  const { rows, summary, flagged, notHeeded, unread, notices, endpoints } = answer;
  const indexed = rows.map((row, index) => [row, index] as const);
  const fit = indexed.filter(([{ outcome }]) => outcome === 'would-record' || outcome === 'withheld');
  const refused = rows.filter(({ outcome }) => outcome === 'refused');
  const others = [
    summary.known > 0 && `${summary.known} imported before`,
    summary.present > 0 && `${summary.present} already enrolled`,
    summary.leftOut > 0 && `${summary.leftOut} left out with a reason`,
    summary.skipped > 0 && `${summary.skipped} left out, whose records are there`,
    summary.notes > 0 && `${summary.notes} with only a note`,
    summary.blank > 0 && `${summary.blank} blank`,
  ];
  return {
    fit: fit.length,
    shown: fit.flatMap(([row, index]) => {
      const told = sentences.of(index);
      return told ? [viewRow(row, told)] : [];
    }),
    refused: refused.slice(0, LISTED).map((row) => viewRow(row, { said: refusalInWords(row, offered) })),
    refusedCount: refused.length,
    leftOut: rows
      .filter(({ outcome }) => outcome === 'left-out')
      .slice(0, LISTED)
      .map((row) => viewRow(row, { said: row.message ?? '' })),
    hasUnknown: refused.some(({ code }) => code === 'subject-unknown'),
    others: others.filter((part) => part !== false),
    flagged: flagged.map(({ kind, code, sheet, rows: list }) => ({
      kind,
      code,
      rows: `${sheet === undefined ? '' : `${sheet} `}${list.slice(0, 40).join(', ')}${list.length > 40 ? ` and ${counted(list.length - 40, 'row')} more` : ''}`,
    })),
    notHeeded: notHeeded
      .slice(0, LISTED)
      .map(({ what, sheet, row, column }) => ({ sheet, row, column, said: what, flags: [], verdicts: [] })),
    unread,
    notices,
    endpoints,
  };
}

/** Why a row is refused, with the field of this page by which it is taken, where there is one. */
function refusalInWords(
  { code, message = '', flags = [] }: RowResult,
  { hasSettings, asksFoundLater }: Offered,
): string {
  if (code === 'study-closed' && asksFoundLater) return `The study is closed. Tick “${FOUND_LATER}” below.`;
  if (code !== 'reason-required') return withLabel(message);
  const told = flagsInWords(
    flags.filter((flag) => flag !== 'imported'),
    {},
  );
  const isQueried = flags.includes('query');
  const field = isQueried || !hasSettings ? WHY_ROWS_STAND : WHY_LATE;
  const leave = flags.includes('same-as') ? `, or tick “${LEAVE_OUT_KNOWN}”` : '';
  return [...(told.length > 0 ? told : [message]), `Say why under “${field}”${leave}.`].join(' ');
}

/** A refusal names a field by its path, which no page shows. */
function withLabel(detail: string): string {
  const [field = ''] = /^(?:data\.\S+|occurredAt)(?= )/.exec(detail) ?? [];
  return errorInWords({ field, detail }, field === 'occurredAt' ? 'The time' : undefined);
}

function viewRow({ sheet, row, column, flags = [], verdicts = [] }: RowResult, told: Told): FoundRow {
  const changed = verdicts.map(
    ({ question, before, after }) => `${question.replaceAll('-', ' ')}: ${before} → ${after}.`,
  );
  return { sheet, row, column, ...told, flags: unusualFlags(flags), verdicts: changed };
}
