import type { CorrectionTold } from '../../console/parts/corrected.js';
import { recordLine, type RecordLine } from '../../console/parts/records.js';
import { judgedOf, type Judged } from '../../console/words/judged.js';
import { sentence } from '../../console/words/sentence.js';
import { instantMs } from '../../study/instant.js';
import { trailRecord } from '../../study/projections/audit-trail.projection.js';
import { animalsConcerned } from '../../study/projections/concerns.js';
import { doseTitration } from '../../study/projections/dose-titration.projection.js';
import type { View } from '../../study/projections/projection.js';
import {
  responderStatus,
  type ResponderStatus,
} from '../../study/projections/responder-status.projection.js';
import type { StoredStudyRecord } from '../../study/record.js';
import { dataInWords } from '../documents/in-words.js';

/** What the page of a bundle tells about one animal. */
export interface AnimalAnswers {
  readonly id: string;
  /** Undefined where no enrolment of it holds any more. */
  readonly status: ResponderStatus | undefined;
  readonly judged: readonly Judged[];
  /** Its records in the order in which things happened. */
  readonly lines: readonly RecordLine[];
}

export interface StudyAnswers {
  /** Every record of the page as a line, by number; one that concerns several animals has an id in its first place only. */
  readonly lines: ReadonlyMap<number, RecordLine>;
  readonly ofStudy: readonly RecordLine[];
  readonly animals: readonly AnimalAnswers[];
  readonly corrections: readonly CorrectionTold[];
  readonly flagged: readonly RecordLine[];
}

export function answersOf(view: View, only: string | undefined): StudyAnswers {
  const records = view.records();
  const lines = new Map(records.map((stored) => [stored.number, lineOf(view, stored)]));
  const bySubject = recordsByAnimal(view, only, lines);
  const ids = [...bySubject.keys()].filter((id) => id !== undefined).sort();
  const statuses = new Map(responderStatus.project(view).subjects.map((one) => [one.subject, one]));
  const doses = new Map(doseTitration.project(view).subjects.map((one) => [one.subject, one.doses]));
  const histories = new Map(view.animals().map(({ id, history }) => [id, history]));
  return {
    lines,
    ofStudy: bySubject.get(undefined) ?? [],
    animals: (only === undefined ? ids : [only]).map((id) => {
      const status = statuses.get(id);
      const judged =
        status === undefined || view.protocols.versions.length === 0
          ? []
          : judgedOf(view, status, histories.get(id) ?? [], doses.get(id) ?? []);
      return { id, status, judged, lines: bySubject.get(id) ?? [] };
    }),
    corrections: records
      .map((stored) => ({ trail: trailRecord(view.study, stored), stored }))
      .filter(({ trail }) => trail.supersedes !== null)
      .map(({ trail, stored }) => ({ trail, phrases: sentence(view, stored) })),
    flagged: records.map((stored) => recordLine(view, stored)).filter(({ flags }) => flags.length > 0),
  };
}

function lineOf(view: View, stored: StoredStudyRecord): RecordLine {
  return { ...recordLine(view, stored), data: dataInWords(stored.record.data) };
}

/** An animal whose records were all withdrawn or moved to another has a history too. */
function recordsByAnimal(
  { study }: View,
  only: string | undefined,
  lines: ReadonlyMap<number, RecordLine>,
): Map<string | undefined, RecordLine[]> {
  const concerned = animalsConcerned(study);
  const bySubject = new Map<string | undefined, RecordLine[]>();
  for (const [number, line] of lines) {
    const shown = concerned[number]!.filter((one) => only === undefined || one === only || one === undefined);
    for (const [place, subject] of shown.entries()) {
      const placed = place === 0 ? { ...line, id: `r${number}` } : line;
      const others = bySubject.get(subject);
      if (others) others.push(placed);
      else bySubject.set(subject, [placed]);
    }
  }
  const ms = ({ at }: RecordLine): number => instantMs(at) ?? 0;
  for (const list of bySubject.values()) list.sort((a, b) => ms(a) - ms(b) || a.number - b.number);
  return bySubject;
}
