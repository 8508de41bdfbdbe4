import { counted } from '../../shared/counted.js';
import type { Study } from '../../study/study.js';
import { Protocols } from '../../study/study.js';
import { useRecordOf } from '../../study/welfare/derive-use-record.js';
import type { UseRecord } from '../../study/welfare/animal-use-record.js';
import { describeArrive, summariseArrive } from '../arrive.js';
import { COUNTING_RULES } from './counting-rules.js';
import { csvLine } from '../../shared/csv.js';
import { EU_COLUMNS, EU_NUMBER } from '../forms/form-eu.js';
import { UK_COLUMNS, UK_ID, UK_NUMBER } from '../forms/form-uk.js';
import { REGISTER_COLUMNS, buildRegisterLine, wasPresent } from '../forms/register.js';
import type { FormLine } from '../forms/form-line.js';
import { SEVERITY_COLUMNS, SeverityTable } from '../forms/severity-table.js';
import { isReported, reportUse, type Form } from './reported-use.js';
import type { Sink } from './sink.js';
import type { StudyState } from './study-states.js';
import { zipUkReturn } from '../forms/uk-zip.js';

export interface ReturnRequest extends Form {
  readonly facility: string;
  readonly simulated: boolean;
}

/** A question of the form about a use that neither records nor codes answer. */
export interface Gap {
  readonly study: string;
  readonly subject: string;
  readonly text: string;
}

interface Counted {
  readonly line: FormLine;
  readonly number: number;
  animals: number;
}

/**
 * The return of a year, made from one study after another. Lines are counted as they come, and what concerns single
 * animals is written at once, so memory holds only the distinct lines and the gaps.
 */
export class YearlyReturn {
  readonly gaps: Gap[] = [];
  uses = 0;
  private readonly lines = new Map<string, Counted>();
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
    const reported = uses.filter((use) => isReported(use, this.request));
    if (reported.length === 0) return;
    const arrive = summariseArrive(code, protocol, reported);
    this.sink.write('arrive-16.ndjson', `${JSON.stringify(arrive)}\n`);
    this.sink.write('arrive-16.txt', `${describeArrive(arrive)}\n`);
  }

  /** Writes the tables that need all studies. */
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

  private addAnimal(study: string, use: UseRecord): void {
    const { year } = this.request;
    if (wasPresent(use, year)) {
      this.sink.write('register.csv', csvLine(buildRegisterLine(study, use)));
      const { category, why } = use.severity.usdaInternal;
      const key = `${category ?? 'undetermined'}\t${why.replaceAll('\t', ' ')}`;
      this.usda.set(key, (this.usda.get(key) ?? 0) + 1);
    }
    if (use.use.used) this.severities.count(use, year);
    if (!isReported(use, this.request)) return;
    this.uses += 1;
    const { line, gaps } = reportUse(use, this.request);
    for (const text of gaps) this.gaps.push({ study, subject: use.subject, text });
    const number = this.count(line);
    const { proposed, actual } = use.severity;
    const animal = {
      row: number,
      study,
      subject: use.subject,
      proposed: proposed?.severity ?? null,
      actual: actual?.severity ?? null,
      assessedBy: actual?.assessedBy ?? null,
      reason: actual?.reason ?? null,
      records: line.records,
    };
    this.sink.write('animals.ndjson', `${JSON.stringify(animal)}\n`);
  }

  /** The number, from 1, of the line that the animal is counted in. */
  private count(line: FormLine): number {
    const key = line.cells.join('\u0000');
    const known = this.lines.get(key);
    if (known) {
      known.animals += 1;
      return known.number;
    }
    const number = this.lines.size + 1;
    this.lines.set(key, { line, number, animals: 1 });
    return number;
  }

  private writeForm(): void {
    const { year, format, facility } = this.request;
    const counted = [...this.lines.values()];
    if (format !== 'uk') {
      const lines = counted.map(({ line, animals }) => line.cells.with(EU_NUMBER, String(animals)));
      const text = [EU_COLUMNS, ...lines].map((cells) => csvLine(cells, ';')).join('');
      return this.sink.write(`return-${year}-${format}.csv`, this.headLines() + text);
    }
    const lines = counted.map(({ line, number, animals }) =>
      line.cells.with(UK_ID, String(number)).with(UK_NUMBER, String(animals)),
    );
    const procedures = this.headLines() + [UK_COLUMNS, ...lines].map((cells) => csvLine(cells)).join('');
    this.sink.put(`return-${year}-uk.zip`, zipUkReturn(year, facility, lines, procedures));
  }

  /** Lines above the header say that the data are simulated, or not complete. With them, no form takes the file. */
  private headLines(): string {
    const { gaps } = this;
    const lines = [
      ...(this.request.simulated ? ['# SIMULATED DATA'] : []),
      ...(gaps.length > 0
        ? [`# NOT COMPLETE: ${counted(gaps.length, 'gap')}. The cells concerned are empty.`]
        : []),
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
