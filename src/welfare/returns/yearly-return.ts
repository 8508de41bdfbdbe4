import type { Study } from '../../study/study.js';
import { Protocols } from '../../study/study.js';
import { useRecordOf } from '../../study/welfare/derive-use-record.js';
import { BLOCKING } from '../../study/welfare/open-questions.js';
import type { UseRecord } from '../../study/welfare/use-record.js';
import { arriveInWords, arriveOf } from '../arrive.js';
import type { CodeMap, Format } from '../forms/code-map.js';
import { COUNTING_RULES } from './counting-rules.js';
import { csvLine } from '../../shared/csv.js';
import { EU_COLUMNS, EU_NUMBER, euRow } from '../forms/form-eu.js';
import { UK_COLUMNS, UK_ID, UK_NUMBER, ukRow } from '../forms/form-uk.js';
import { REGISTER_COLUMNS, registerLine, wasHere } from '../forms/register.js';
import type { Row } from '../forms/row.js';
import { SEVERITY_COLUMNS, SeverityTable } from '../forms/severity-table.js';
import type { Sink } from './sink.js';
import type { StudyState } from './study-states.js';
import { ukZip } from '../forms/uk-zip.js';

export interface ReturnRequest {
  readonly year: number;
  readonly format: Format;
  readonly codes: CodeMap;
  readonly facility: string;
  readonly simulated: boolean;
}

/** Something that the form asks of a use, and that nothing answers. */
export interface Gap {
  readonly study: string;
  readonly subject: string;
  readonly text: string;
}

interface Counted {
  readonly row: Row;
  readonly number: number;
  animals: number;
}

/**
 * The return of a year, fed with one study after another: rows are counted as they come, everything about single animals
 * is written out at once. What stays in memory are the distinct rows, and the gaps.
 */
export class YearlyReturn {
  readonly gaps: Gap[] = [];
  uses = 0;
  private readonly rows = new Map<string, Counted>();
  private readonly severities = new SeverityTable();
  private readonly usda = new Map<string, number>();
  private readonly studies: Record<string, { treeSize: number; root: string }> = {};

  constructor(
    private readonly request: ReturnRequest,
    private readonly sink: Sink,
  ) {
    sink.write('register.csv', csvLine(REGISTER_COLUMNS));
  }

  add({ study, root }: StudyState): void {
    const { code, size } = study;
    this.studies[code] = { treeSize: size, root };
    const protocols = new Protocols(study);
    const uses = useRecords(study, protocols);
    const protocol = protocols.versions.at(-1)?.protocol;
    const { licence } = protocol ?? {};
    if (licence?.predicted) this.severities.predict(licence.number, licence.predicted);
    for (const use of uses) this.addAnimal(code, use);
    const reported = uses.filter((use) => this.isReported(use));
    if (reported.length === 0) return;
    const arrive = arriveOf(code, protocol, reported);
    this.sink.write('arrive-16.ndjson', `${JSON.stringify(arrive)}\n`);
    this.sink.write('arrive-16.txt', `${arriveInWords(arrive)}\n`);
  }

  /** Writes what could only be written at the end. */
  finish(): void {
    const { sink, request } = this;
    const table = (file: string, columns: readonly string[], lines: (string | number)[][]): void =>
      sink.write(file, [columns, ...lines].map((cells) => csvLine(cells)).join(''));
    table('severity.csv', SEVERITY_COLUMNS, this.severities.lines());
    const categories = [...this.usda].sort(([a], [b]) => (a < b ? -1 : 1));
    table(
      'usda-internal.csv',
      ['category', 'why', 'animals'],
      categories.map(([key, n]) => [...key.split('\t'), n]),
    );
    this.writeForm();
    const { year, format, codes, facility, simulated } = request;
    const about = {
      schema: 'welfare-return/1',
      year,
      format,
      facility,
      ...(simulated && { simulated }),
      uses: this.uses,
      gaps: this.gaps.length,
      signature: 'unsigned: until people have accounts, the assessor is the actor of the record',
      countingRules: COUNTING_RULES,
      codes,
      studies: this.studies,
      files: sink.digests(),
    };
    sink.write('return.json', `${JSON.stringify(about, null, 2)}\n`);
  }

  /** Uses that ended in the year, as far as the format counts them. */
  private isReported({ use, procedures }: UseRecord): boolean {
    if (!use.used || use.reportYear !== this.request.year) return false;
    return procedures.length > 0 || this.request.format === 'de';
  }

  private addAnimal(study: string, use: UseRecord): void {
    const { year, format, codes } = this.request;
    if (wasHere(use, year)) {
      this.sink.write('register.csv', csvLine(registerLine(study, use)));
      const { category, why } = use.severity.usdaInternal;
      const key = `${category ?? 'undetermined'}\t${why.replaceAll('\t', ' ')}`;
      this.usda.set(key, (this.usda.get(key) ?? 0) + 1);
    }
    if (use.use.used) this.severities.count(use, year);
    if (!this.isReported(use)) return;
    this.uses += 1;
    const row = format === 'uk' ? ukRow(use, codes, year) : euRow(use, codes, format === 'de');
    const asked = use.openQuestions.filter(({ code }) => BLOCKING.has(code)).map(({ text }) => text);
    for (const text of [...asked, ...row.gaps]) this.gaps.push({ study, subject: use.subject, text });
    const number = this.count(row);
    const { proposed, actual } = use.severity;
    const line = {
      row: number,
      study,
      subject: use.subject,
      proposed: proposed?.severity ?? null,
      actual: actual?.severity ?? null,
      assessedBy: actual?.assessedBy ?? null,
      reason: actual?.reason ?? null,
      records: row.records,
    };
    this.sink.write('animals.ndjson', `${JSON.stringify(line)}\n`);
  }

  /** The number of the row that the animal is counted in, from 1. */
  private count(row: Row): number {
    const key = row.cells.join('\u0000');
    const known = this.rows.get(key);
    if (known) {
      known.animals += 1;
      return known.number;
    }
    const number = this.rows.size + 1;
    this.rows.set(key, { row, number, animals: 1 });
    return number;
  }

  private writeForm(): void {
    const { year, format, facility } = this.request;
    const rows = [...this.rows.values()];
    if (format !== 'uk') {
      const lines = rows.map(({ row, animals }) => row.cells.with(EU_NUMBER, String(animals)));
      const text = [EU_COLUMNS, ...lines].map((cells) => csvLine(cells, ';')).join('');
      return this.sink.write(`return-${year}-${format}.csv`, this.onTop() + text);
    }
    const lines = rows.map(({ row, number, animals }) =>
      row.cells.with(UK_ID, String(number)).with(UK_NUMBER, String(animals)),
    );
    const procedures = this.onTop() + [UK_COLUMNS, ...lines].map((cells) => csvLine(cells)).join('');
    this.sink.put(`return-${year}-uk.zip`, ukZip(year, facility, lines, procedures));
  }

  /** What nobody must overlook stands above the header, where no form takes the file. */
  private onTop(): string {
    const { gaps } = this;
    const lines = [
      ...(this.request.simulated ? ['# SIMULATED DATA'] : []),
      ...(gaps.length > 0 ? [`# NOT COMPLETE: ${gaps.length} gaps. The cells concerned are empty.`] : []),
      ...gaps.map(({ study, subject, text }) => `# ${study} ${subject}: ${text}`),
    ];
    return lines.map((line) => `${line.replaceAll(/[\r\n]/g, ' ')}\r\n`).join('');
  }
}

/** Animals in order of their identifiers. */
function useRecords(study: Study, protocols: Protocols): UseRecord[] {
  return [...study.subjects.values()]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map(({ id, facts }) => useRecordOf(study, protocols, id, facts.toArray()));
}
