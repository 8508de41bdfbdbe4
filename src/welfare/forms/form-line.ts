import { isTissueOnly } from '../../study/welfare/open-questions.js';
import type { UseRecord } from '../../study/welfare/animal-use-record.js';
import { findCode, type CodeMap } from './code-map.js';
import type { Table } from './codes.js';

/** One animal's line of a form, before equal lines are counted: its cells, without the number of animals. */
export interface FormLine {
  readonly cells: readonly string[];
  /** What the form asks and neither the records nor the code map answer; the cell is empty. */
  readonly gaps: readonly string[];
  /** What the form asks and the licence of the study does not say: the same for each animal under it. */
  readonly licenceGaps: readonly string[];
  /** By column name: the numbers of the records that the cell is computed from. */
  readonly records: Readonly<Record<string, readonly number[]>>;
}

/** The code of a word; empty, and one more gap, where the map has none. */
export function codeOf(map: CodeMap, table: Table, word: string, gaps: string[]): string {
  const found = findCode(map, table, word);
  if (found !== undefined) return found;
  gaps.push(`the code map ${map.id} has no ${table} for “${word}”`);
  return '';
}

/** Writes the words of one use in the codes of an authority, and collects what is missing. */
export class Coder {
  readonly gaps: string[] = [];
  readonly licenceGaps: string[] = [];

  constructor(
    private readonly map: CodeMap,
    readonly use: UseRecord,
  ) {}

  /** The code of a word. A missing word is empty: it is an open question already. */
  code(table: Table, word: string | null | undefined): string {
    return word === null || word === undefined ? '' : codeOf(this.map, table, word, this.gaps);
  }

  get species(): string {
    return this.code('species', this.use.animal.species.value?.toLowerCase());
  }

  /** The name that the form asks for where several species share a code. */
  get speciesName(): string {
    return findCode(this.map, 'speciesName', this.use.animal.species.value?.toLowerCase() ?? '') ?? '';
  }

  answer(value: boolean | null): string {
    return value === null ? '' : this.code('answer', value ? 'yes' : 'no');
  }

  /** Empty where the animal was used before. */
  get placeOfBirth(): string {
    const { use, animal } = this.use;
    return use.reuse.value === true ? '' : this.code('placeOfBirth', animal.placeOfBirth.value);
  }

  get purpose(): string {
    const { value } = this.use.use.purpose;
    return this.code(
      'purpose',
      value && [value.area, value.field].filter((part) => part !== undefined).join('/'),
    );
  }

  get severity(): string {
    return isTissueOnly(this.use) ? '' : this.code('severity', this.use.severity.actual?.severity);
  }

  /** The explanation that the form asks for when the actual severity exceeds the licence's. */
  get remark(): string {
    const { actual, prospective } = this.use.severity;
    const foreseen = prospective.value;
    if (!actual || foreseen === null || !exceeds(actual.severity, foreseen)) return '';
    return [`licence: ${foreseen}`, actual.reason, actual.explanation]
      .filter((part) => part !== null)
      .join('; ');
  }
}

const ORDER: readonly string[] = ['mild', 'moderate', 'severe'];

function exceeds(actual: string, foreseen: string): boolean {
  return ORDER.indexOf(actual) > ORDER.indexOf(foreseen);
}

/** The record numbers behind the columns that every form has; none behind an empty one. */
export function citeRecords(use: UseRecord): Record<string, readonly number[]> {
  const { animal, severity } = use;
  return {
    species: animal.species.records,
    reuse: use.use.reuse.records,
    placeOfBirth: use.use.reuse.value === true ? [] : animal.placeOfBirth.records,
    geneticStatus: animal.geneticStatus.records,
    newGeneticLine: animal.newGeneticLine.records,
    purpose: use.use.purpose.records,
    legislation: use.use.legislation.records,
    severity: severity.actual ? [severity.actual.record] : [],
    proposedSeverity: severity.proposed?.evidence ?? [],
    project: use.use.project.records,
    started: use.use.startedOn.records,
    ended: use.use.endedOn.records,
  };
}
