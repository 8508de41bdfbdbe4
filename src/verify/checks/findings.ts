/** What a check was about; stable, for programs. docs/trust-model.md says what each one means. */
export type CheckId =
  | 'size'
  | 'utf-8'
  | 'canonical'
  | 'schema'
  | 'type'
  | 'source'
  | 'sequence'
  | 'id'
  | 'time'
  | 'recorded-time'
  | 'recorded-late'
  | 'reference'
  | 'lab-size'
  | 'person'
  | 'authority'
  | 'credential'
  | 'session'
  | 'commitment'
  | 'attachment'
  | 'signature'
  | 'governance'
  | 'missing'
  | 'column'
  | 'rules'
  | 'stream'
  | 'register'
  | 'key'
  | 'policy'
  | 'note'
  | 'mark'
  | 'root'
  | 'anchor'
  | 'unanchored'
  | 'proof'
  | 'cosignature'
  | 'time-stamp'
  | 'tile'
  | 'fixity'
  | 'layout'
  | 'page'
  | 'pin';

/** `fail`: something is not as it must be. `incomplete`: something could not be checked. `note`: for the reader. */
export type Severity = 'fail' | 'incomplete' | 'note';

export interface Finding {
  readonly check: CheckId;
  readonly severity: Severity;
  /** `lab`, `access`, `study-<code>`; or `bundle`, `store` where no single log is concerned. */
  readonly log: string;
  readonly message: string;
  /** Number of the record in its log. */
  readonly record?: number;
  /** Number of the lab record that the finding rests on. */
  readonly lab?: number;
  /** How many more of the same kind were found in the same log and are not listed. */
  more?: number;
}

/** One broken file gives as many findings as it has records; so many of a kind are listed. */
const LISTED = 20;

export class Findings {
  readonly list: Finding[] = [];
  private readonly counts = new Map<string, number>();
  private readonly last = new Map<string, Finding>();

  add(finding: Finding): void {
    const kind = `${finding.check} ${finding.severity} ${finding.log}`;
    const count = (this.counts.get(kind) ?? 0) + 1;
    this.counts.set(kind, count);
    if (count <= LISTED) {
      this.list.push(finding);
      this.last.set(kind, finding);
    } else {
      const listed = this.last.get(kind)!;
      listed.more = (listed.more ?? 0) + 1;
    }
  }

  fail(check: CheckId, log: string, message: string, place: { record?: number; lab?: number } = {}): void {
    this.add({ check, severity: 'fail', log, message, ...place });
  }

  incomplete(
    check: CheckId,
    log: string,
    message: string,
    place: { record?: number; lab?: number } = {},
  ): void {
    this.add({ check, severity: 'incomplete', log, message, ...place });
  }

  note(check: CheckId, log: string, message: string, place: { record?: number; lab?: number } = {}): void {
    this.add({ check, severity: 'note', log, message, ...place });
  }

  has(severity: Severity, log?: string): boolean {
    return this.list.some((finding) => finding.severity === severity && (log ?? finding.log) === finding.log);
  }
}
