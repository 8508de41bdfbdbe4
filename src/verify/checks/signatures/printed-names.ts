import { opens, readDisclosure } from '../../../tlog/commitment.js';
import { sha256 } from '../../runtime/crypto.js';
import type { Findings } from '../findings.js';
import type { Lab } from '../lab.js';
import type { Disclosures } from '../people/commitments.js';
import { firstFew, quote } from '../printable.js';
import type { Fail } from './fail.js';
import type { Signed } from './statement.js';

interface Context {
  readonly lab: Lab;
  readonly log: string;
  /** Names that whoever checks may know. */
  readonly disclosures: Disclosures;
  readonly findings: Findings;
}

/** Whether the name that a signature prints, in clear, is the one that the lab registered, where that is disclosed. */
export class PrintedNames {
  /** By digest: the name, undefined where it is not disclosed. */
  private readonly names = new Map<string, unknown>();
  /** Signatures whose printed name nothing here tells to be that of the person. */
  private readonly unnamed: number[] = [];

  constructor(private readonly context: Context) {}

  check({ record, statement }: Signed, fail: Fail): void {
    const { lab } = this.context;
    const { personId, printedName, lab: known } = statement.predicate;
    const registered = lab.people.commitments.nameOf(personId, known.size);
    const name = registered && this.disclosed(registered.digest);
    if (name === undefined) this.unnamed.push(record);
    else if (name !== printedName)
      fail(
        'name',
        `it prints the name ${quote(printedName)}, and lab record ${registered!.record} registers ${quote(name)}`,
      );
  }

  /** Read once. A disclosure that opens something else is told with the commitments. */
  private disclosed(digest: string): unknown {
    if (!this.names.has(digest)) {
      const disclosure = this.context.disclosures(digest);
      const isRight = disclosure !== undefined && opens(sha256, digest, disclosure);
      this.names.set(digest, isRight ? readDisclosure(disclosure).value : undefined);
    }
    return this.names.get(digest);
  }

  /** What could not be compared, for all signatures together. */
  tell(): void {
    const { unnamed } = this;
    if (unnamed.length === 0) return;
    const { findings, log } = this.context;
    const which = `${unnamed.length === 1 ? 'record' : 'records'} ${firstFew(unnamed.map(String))}`;
    findings.note('signature', log, `printed name not comparable: name not disclosed (${which})`);
  }
}
