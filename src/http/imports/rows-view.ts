import type { FoundRow, FoundRows } from '../../console/import/found.js';
import { sentence } from '../../console/words/sentence.js';
import { phraseText } from '../../console/words/phrase.js';
import type { RowResult } from '../../imports/decide-rows.js';
import { unusualFlags } from '../../imports/tell-import.js';
import { counted } from '../../shared/counted.js';
import { View } from '../../study/projections/projection.js';
import type { Study } from '../../study/study.js';
import type { ImportAnswer } from './import-desk.js';

/** Rows that are shown as sentences, and refusals that are listed. */
const SHOWN = 25;
const LISTED = 100;

/** Keeps what the first rows would say, while they are decided. */
export class RowSentences {
  private readonly said = new Map<number, string>();

  readonly tell = (index: number, study: Study): void => {
    const { last } = study.records;
    if (this.said.size < SHOWN && last) this.said.set(index, phraseText(sentence(new View(study), last)));
  };

  of(index: number): string {
    return this.said.get(index) ?? '';
  }
}

export function viewRows(answer: ImportAnswer, sentences: RowSentences): FoundRows {
  const { rows, summary, flagged, notHeeded, unread, notices } = answer;
  const indexed = rows.map((row, index) => [row, index] as const);
  const fit = indexed.filter(([{ outcome }]) => outcome === 'would-record' || outcome === 'withheld');
  const refused = rows.filter(({ outcome }) => outcome === 'refused');
  const others = [
    summary.known > 0 && `${summary.known} imported before`,
    summary.present > 0 && `${summary.present} already enrolled`,
    summary.skipped > 0 && `${summary.skipped} left out, whose records are there`,
    summary.notes > 0 && `${summary.notes} with only a note`,
    summary.blank > 0 && `${summary.blank} blank`,
  ];
  return {
    fit: fit.length,
    shown: fit.slice(0, SHOWN).map(([row, index]) => viewRow(row, sentences.of(index))),
    refused: refused.slice(0, LISTED).map((row) => viewRow(row, row.message ?? '')),
    refusedCount: refused.length,
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
  };
}

function viewRow({ sheet, row, column, flags = [], verdicts = [] }: RowResult, said: string): FoundRow {
  const changed = verdicts.map(
    ({ question, before, after }) => `${question.replaceAll('-', ' ')}: ${before} → ${after}.`,
  );
  return { sheet, row, column, said, flags: unusualFlags(flags), verdicts: changed };
}
