import { counted } from '../../shared/counted.js';
import type { Study, Subject } from '../../study/study.js';
import { Protocols } from '../../study/study.js';
import { useRecordOf } from '../../study/welfare/derive-use-record.js';
import type { UseRecord } from '../../study/welfare/animal-use-record.js';
import { describeArrive, summariseArrive } from '../arrive.js';
import { COUNTING_RULES } from './counting-rules.js';
import { csvLine } from '../../shared/csv.js';
import { UK_ID } from '../forms/form-uk.js';
import {
  FORM_NOT_READ,
  KilledUnusedTable,
  isKilledUnused,
  type KilledUnusedStatement,
} from '../forms/killed-unused.js';
import { REGISTER_COLUMNS, buildRegisterLine, wasPresent } from '../forms/register.js';
import type { FormLine } from '../forms/form-line.js';
import { SEVERITY_COLUMNS, SeverityTable } from '../forms/severity-table.js';
import { USDA_COLUMNS, UsdaTable } from '../forms/usda-table.js';
import { FORM_COLUMNS, isReported, reportUse, type Finding, type Form, type Said } from './reported-use.js';
import type { Sink } from './sink.js';
import type { StudyState } from './study-states.js';
import { UniqueMarks } from './unique-marks.js';
import { zipUkReturn } from '../forms/uk-zip.js';

export interface ReturnRequest extends Form {
  readonly facility: string;
  readonly simulated: boolean;
  /** Of the German return: what a person states of animals that were never enrolled. */
  readonly killedUnused?: KilledUnusedStatement | undefined;
}

const NEVER_ENROLLED =
  'not said which animals were bred and killed unused without having been enrolled in a study: the ledger cannot know them; state them with --killed-unused (over HTTP killedUnused), with no animals where there were none';

interface Counted {
  readonly line: FormLine;
  readonly number: number;
  animals: number;
}

/**
 * The return of a year, made from one study after another. Lines are counted as they come, and what concerns single
 * animals is written at once, so memory holds only the distinct lines, the unique marks and what is found missing or wrong.
 */
export class YearlyReturn {
  /** Questions of the form that neither records nor codes nor a statement answer. */
  readonly gaps: Finding[] = [];
  /** What the records say and cannot all be true. */
  readonly inconsistent: Finding[] = [];
  uses = 0;
  private readonly lines = new Map<string, Counted>();
  private readonly severities = new SeverityTable();
  private readonly usda: UsdaTable;
  private readonly asked = new Set<string>();
  private readonly marks = new UniqueMarks();
  private readonly killedUnused: KilledUnusedTable;
  private readonly studies: Record<string, { treeSize: number; root: string }> = {};

  constructor(
    private readonly request: ReturnRequest,
    private readonly sink: Sink,
  ) {
    this.usda = new UsdaTable(request.year);
    this.killedUnused = new KilledUnusedTable(request.codes);
    sink.write('register.csv', csvLine(REGISTER_COLUMNS));
  }

  add({ study, root }: StudyState): void {
    const { code, size } = study;
    this.studies[code] = { treeSize: size, root };
    const protocols = new Protocols(study);
    const uses: UseRecord[] = [];
    const protocol = protocols.versions.at(-1)?.protocol;
    const { licence } = protocol ?? {};
    if (licence?.predicted) this.severities.predict(licence.number, licence.predicted);
    for (const { id, facts } of sortedSubjects(study)) {
      const history = facts.toArray();
      const use = useRecordOf(study, protocols, id, history);
      this.addAnimal(code, use);
      this.marks.add(code, use, history, protocols, this.concerns(use));
      uses.push(use);
    }
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
    table('usda-internal.csv', USDA_COLUMNS, this.usda.lines());
    this.inconsistent.push(...this.marks.findings());
    if (request.format === 'de') this.writeKilledUnused();
    this.writeForm();
    const { year, format, codes, facility, simulated, killedUnused } = request;
    const about = {
      schema: 'welfare-return/1',
      year,
      format,
      facility,
      ...(simulated && { simulated }),
      uses: this.uses,
      gaps: this.gaps.length,
      inconsistent: this.inconsistent.length,
      signature: 'unsigned: until people have accounts, the assessor is the actor of the record',
      countingRules: COUNTING_RULES,
      codes,
      ...(killedUnused && { killedUnused }),
      studies: this.studies,
      files: sink.digests(),
    };
    sink.write('return.json', `${JSON.stringify(about, null, 2)}\n`);
  }

  private addAnimal(study: string, use: UseRecord): void {
    const { year } = this.request;
    const { subject } = use;
    if (wasPresent(use, { from: `${year}-01-01`, to: `${year}-12-31` }))
      this.sink.write('register.csv', csvLine(buildRegisterLine(study, use)));
    this.usda.count(use);
    if (use.use.used) this.severities.count(use, year);
    else if (this.concerns(use))
      for (const text of this.killedUnused.add(study, use))
        this.gaps.push({ study, subject, text, records: use.use.enrolledOn.records });
    if (!isReported(use, this.request)) return;
    this.uses += 1;
    const { line, gaps, licenceGaps, inconsistent } = reportUse(use, this.request);
    this.gaps.push(...gaps.map((said) => ({ study, subject, ...said })));
    for (const said of licenceGaps) this.addOfStudy(study, said);
    this.inconsistent.push(...inconsistent.map((said) => ({ study, subject, ...said })));
    const number = this.count(line);
    const { proposed, actual } = use.severity;
    const animal = {
      row: number,
      study,
      subject,
      proposed: proposed?.severity ?? null,
      actual: actual?.severity ?? null,
      assessedBy: actual?.assessedBy ?? null,
      reason: actual?.reason ?? null,
      records: line.records,
    };
    this.sink.write('animals.ndjson', `${JSON.stringify(animal)}\n`);
  }

  /** Once for all animals of the study. */
  private addOfStudy(study: string, said: Said): void {
    const key = `${study} ${said.text}`;
    if (this.asked.has(key)) return;
    this.asked.add(key);
    this.gaps.push({ study, subject: null, ...said });
  }

  /** Whether the return has the animal in a line, or the German one among those that were killed unused. */
  private concerns(use: UseRecord): boolean {
    const { format, year } = this.request;
    return isReported(use, this.request) || (format === 'de' && isKilledUnused(use, year));
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
    const { columns, number } = FORM_COLUMNS[format];
    const lines = [...this.lines.values()].map(({ line, animals }) =>
      line.cells.with(number, String(animals)),
    );
    if (format !== 'uk') {
      const text = [columns, ...lines].map((cells) => csvLine(cells, ';')).join('');
      return this.sink.write(`return-${year}-${format}.csv`, this.headLines() + text);
    }
    const numbered = lines.map((cells, index) => cells.with(UK_ID, String(index + 1)));
    const procedures = this.headLines() + [columns, ...numbered].map((cells) => csvLine(cells)).join('');
    this.sink.put(`return-${year}-uk.zip`, zipUkReturn(year, facility, numbered, procedures));
  }

  private writeKilledUnused(): void {
    const { year, killedUnused, simulated } = this.request;
    const gaps = killedUnused ? this.killedUnused.state(killedUnused) : [NEVER_ENROLLED];
    this.gaps.push(...gaps.map((text) => ({ study: null, subject: null, text, records: [] })));
    const head = [
      ...(simulated ? ['SIMULATED DATA'] : []),
      FORM_NOT_READ,
      ...(killedUnused ? [] : ['NOT COMPLETE: animals that were never enrolled in a study are not stated']),
    ];
    this.sink.write(`killed-unused-${year}-de.csv`, commentLines(head) + this.killedUnused.lines());
  }

  /** Lines above the header say that the data are simulated, or not complete. With them, no form takes the file. */
  private headLines(): string {
    const { gaps, inconsistent } = this;
    const missing = `NOT COMPLETE: ${counted(gaps.length, 'gap')}. The cells concerned are empty.`;
    const wrong = `INCONSISTENT: ${counted(inconsistent.length, 'statement')}. Put them right before the return is handed in.`;
    return commentLines([
      ...(this.request.simulated ? ['SIMULATED DATA'] : []),
      ...(gaps.length > 0 ? [missing, ...gaps.map(findingInWords)] : []),
      ...(inconsistent.length > 0 ? [wrong, ...inconsistent.map(findingInWords)] : []),
    ]);
  }
}

/** Animals in order of their identifiers. */
function sortedSubjects(study: Study): Subject[] {
  return [...study.subjects.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

function commentLines(lines: readonly string[]): string {
  return lines.map((line) => `# ${line.replaceAll(/[\r\n]/g, ' ')}\r\n`).join('');
}

function findingInWords({ study, subject, text, records }: Finding): string {
  const about = [study, subject].filter((part) => part !== null).join(' ');
  const cited = records.length > 0 ? ` (${records.map((record) => `#${record}`).join(' ')})` : '';
  return `${about}${about === '' ? '' : ': '}${text}${cited}`;
}
