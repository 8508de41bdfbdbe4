import type { Static } from 'typebox';
import { csvLine } from '../../shared/csv.js';
import { Type } from '../../study/schema-types.js';
import { explainMismatch, mismatch } from '../../study/mismatch.js';
import { Code, Count, Line, closed } from '../../study/schema.js';
import type { UseRecord } from '../../study/welfare/animal-use-record.js';
import { findCode, type CodeMap, type Format } from './code-map.js';
import { Coder, codeOf } from './form-line.js';

/**
 * Animals that were bred and killed for experiments and used in none (VersTierMeldV, § 1 (1) sentence 1 no. 1a, as amended in
 * 2021). The text of the regulation asks for species, origin and number, altered animals among them; its form was not read.
 */
export const KILLED_UNUSED_COLUMNS = [
  'species',
  'other species',
  'number',
  'place of birth',
  'genetic status',
  'said by',
  'animals',
] as const;

export const FORM_NOT_READ =
  'The official form was not read: the columns follow the text of § 1 of the VersTierMeldV, with the codes of its annex';

const Stated = closed({
  species: Line,
  placeOfBirth: Code,
  geneticStatus: Code,
  number: Count,
});

/** The animals that were never enrolled in a study of the ledger, as a person states them; none where the list is empty. */
export const KilledUnusedSchema = closed({
  /** On whose word. */
  standing: Line,
  animals: Type.Array(Stated, { maxItems: 1000 }),
});

export type KilledUnusedStatement = Static<typeof KilledUnusedSchema>;

export class KilledUnusedError extends Error {
  readonly code = 'killed-unused-invalid';
}

/** @throws KilledUnusedError. */
export function parseKilledUnused(value: unknown, format: Format): KilledUnusedStatement {
  if (format !== 'de')
    throw new KilledUnusedError('Animals that were killed unused are asked for by the German return alone.');
  const wrong = mismatch(KilledUnusedSchema, value);
  if (!wrong) return value as KilledUnusedStatement;
  throw new KilledUnusedError(
    `The statement of animals killed unused does not fit: ${wrong.path || 'it'} ${explainMismatch(wrong)}. It is {"standing": "who says so", "animals": [{"species", "placeOfBirth", "geneticStatus", "number"}]}.`,
  );
}

interface Row {
  readonly cells: readonly string[];
  readonly saidBy: string;
  readonly animals: string[];
  number: number;
}

/** Killed by a person in the year, bred for experiments, and used in none, as far as its study says. */
export function isKilledUnused({ use, animal, fate }: UseRecord, year: number): boolean {
  return (
    !use.used &&
    fate.value?.kind === 'killed' &&
    Number(fate.value.on.slice(0, 4)) === year &&
    animal.bredForProcedures.value !== false &&
    use.reuse.value !== true
  );
}

/** The rows of a year: animals that are alike are one row, with their number. */
export class KilledUnusedTable {
  private readonly rows = new Map<string, Row>();

  constructor(private readonly codes: CodeMap) {}

  /** Adds an animal that is known to be one of them, and says what is missing of it. */
  add(study: string, use: UseRecord): string[] {
    const { animal, subject } = use;
    const coder = new Coder(this.codes, use);
    const cells = [
      coder.species,
      coder.speciesName,
      coder.code('placeOfBirth', animal.placeOfBirth.value),
      coder.code('geneticStatus', animal.geneticStatus.value),
    ];
    const isKnown = animal.bredForProcedures.value === true && use.use.reuse.value === false;
    if (isKnown) this.count(cells, 'the ledger', 1, `${study} ${subject}`);
    const missing = [
      animal.bredForProcedures.value === null && 'whether it was bred for procedures',
      use.use.reuse.value === null && 'whether it was used before',
      animal.placeOfBirth.value === null && 'where it was born',
      animal.geneticStatus.value === null && 'its genetic status',
    ].filter((part) => part !== false);
    return [
      ...missing.map((part) => `killed unused, and not said ${part}: correct its enrolment`),
      ...coder.gaps,
    ];
  }

  /** Adds what a person states, and says which words have no code. */
  state({ standing, animals }: KilledUnusedStatement): string[] {
    const gaps: string[] = [];
    for (const { species, placeOfBirth, geneticStatus, number } of animals) {
      const code = (table: Parameters<typeof codeOf>[1], word: string): string =>
        codeOf(this.codes, table, word, gaps);
      const known = species.toLowerCase();
      const cells = [
        code('species', known),
        findCode(this.codes, 'speciesName', known) ?? '',
        code('placeOfBirth', placeOfBirth),
        code('geneticStatus', geneticStatus),
      ];
      this.count(cells, standing, number);
    }
    return gaps;
  }

  lines(): string {
    const lines = [...this.rows.values()].map(({ cells, number, saidBy, animals }) => [
      ...cells.slice(0, 2),
      String(number),
      ...cells.slice(2),
      saidBy,
      animals.join(', '),
    ]);
    return [KILLED_UNUSED_COLUMNS, ...lines].map((cells) => csvLine(cells, ';')).join('');
  }

  private count(cells: readonly string[], saidBy: string, number: number, animal?: string): void {
    const key = [...cells, saidBy].join('\u0000');
    const row = this.rows.get(key) ?? { cells, saidBy, animals: [], number: 0 };
    row.number += number;
    if (animal !== undefined) row.animals.push(animal);
    this.rows.set(key, row);
  }
}
