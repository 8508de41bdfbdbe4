import type { Fact } from '../events/fact.js';
import { instantMs } from '../instant.js';
import { coveredBy, readStatement, type Covered, type Meaning, type Statement } from './statement.js';

/** A signature as its record states it. Whether a key made it is checked elsewhere. */
export interface Applied {
  /** Of the SignatureApplied. */
  readonly record: number;
  /** When it was made, ms: by what was signed, whatever time its record states. */
  readonly at: number;
  readonly meaning: Meaning;
  readonly person: string;
  readonly role: string;
  readonly covers: readonly Covered[];
  readonly statement: Statement;
}

/** A payload is read once, and only where somebody asks for signatures. */
const read = new WeakMap<object, Applied>();

/** The signatures among the facts of a study, in the order of their records. */
export function appliedIn(facts: Iterable<Fact>): readonly Applied[] {
  const found: Applied[] = [];
  for (const fact of facts) {
    if (fact.type !== 'SignatureApplied') continue;
    const applied = read.get(fact) ?? appliedBy(fact as Fact<'SignatureApplied'>);
    if (!applied) continue;
    read.set(fact, applied);
    found.push(applied);
  }
  return found.sort((a, b) => a.record - b.record);
}

function appliedBy({ number, at: stated, data }: Fact<'SignatureApplied'>): Applied | undefined {
  // A correction that no command made can put anything in the place of a signature.
  const { envelope } = data as Partial<typeof data>;
  const statement = envelope && readStatement(envelope.payload);
  if (!statement) return undefined;
  const { meaning, personId, role, time } = statement.predicate;
  const at = instantMs(time) ?? stated;
  return { record: number, at, meaning, person: personId, role, covers: coveredBy(statement), statement };
}

export function isCovered({ covers }: Pick<Applied, 'covers'>, number: number): boolean {
  return covers.some(({ from, to }) => from <= number && number <= to);
}
