import { groupedBy } from '../../study/grouped-by.js';
import type { Fact } from '../../study/study.js';
import { deathOf, useOf } from '../../study/welfare/animal-use.js';
import type { UseRecord } from '../../study/welfare/animal-use-record.js';
import { Course } from '../../study/welfare/course.js';
import { AFTER_SEVERE } from '../../study/welfare/inconsistencies.js';
import type { Protocols } from '../../study/study.js';
import type { Finding } from './reported-use.js';

/** Methods of identification whose mark no other animal has. An ear tag or a tattoo may come again. */
const UNIQUE: ReadonlySet<string> = new Set(['microchip', 'rfid', 'transponder']);

/** One animal of one study, as far as its mark can contradict that of another. */
interface Marked {
  readonly key: string;
  readonly study: string;
  readonly subject: string;
  /** Whether the return that is made reports it. */
  readonly reported: boolean;
  readonly enrolled: Fact<'SubjectEnrolled'>;
  readonly began: Fact | undefined;
  readonly died: Fact | undefined;
  readonly actual: UseRecord['severity']['actual'];
}

/**
 * Animals with a unique mark, over all studies of the ledger: the same mark is the same animal, so what its studies say of
 * it has to agree. Memory holds one entry for each animal that has such a mark.
 */
export class UniqueMarks {
  private readonly animals: Marked[] = [];

  add(study: string, use: UseRecord, facts: readonly Fact[], protocols: Protocols, reported: boolean): void {
    const enrolled = facts.find(({ type }) => type === 'SubjectEnrolled') as Marked['enrolled'] | undefined;
    const { method, mark } = enrolled?.data.identification ?? {};
    if (!enrolled || !method?.split('-').some((part) => UNIQUE.has(part))) return;
    const course = new Course(facts);
    const { first, end, used } = useOf(course, protocols);
    this.animals.push({
      // Readers print the digits of a chip with and without spaces, and in groups.
      key: mark!.toUpperCase().replaceAll(/[\s.-]/g, ''),
      study,
      subject: use.subject,
      reported,
      enrolled,
      began: used ? (first ?? end) : undefined,
      died: deathOf(course),
      actual: use.severity.actual,
    });
  }

  /** What cannot be true of an animal that the return reports, or of one with the same mark. */
  findings(): Finding[] {
    const alike = [...groupedBy(this.animals, ({ key }) => key).values()];
    return alike.filter((those) => those.length > 1 && those.some(({ reported }) => reported)).flatMap(judge);
  }
}

function judge(alike: readonly Marked[]): Finding[] {
  const ordered = alike.toSorted((a, b) => beginOf(a) - beginOf(b));
  return ordered.flatMap((animal, index) => {
    const earlier = ordered.slice(0, index).filter(({ began }) => began !== undefined);
    return [...judgeUse(animal, earlier.at(-1)), ...judgeDeath(animal, ordered)];
  });
}

/** An animal that was never used is placed by its end: any other use by then came before. */
function beginOf({ began, died, enrolled }: Marked): number {
  return (began ?? died ?? enrolled).at;
}

function judgeUse(animal: Marked, before: Marked | undefined): Finding[] {
  const { kind, previousActualSeverity, authorityReason } = animal.enrolled.data.use ?? {};
  if (!before || kind === undefined) return [];
  if (kind === 'first')
    return [
      found(
        animal,
        [animal.enrolled],
        `its use says first, and its mark was used before as ${nameOf(before, before.began)}: correct its enrolment to a re-use with the severity of that use, or the mark`,
      ),
    ];
  const wasSevere = before.actual?.severity === 'severe' && previousActualSeverity !== 'severe';
  if (!wasSevere || authorityReason !== undefined) return [];
  const where = `its use as ${before.study} ${before.subject} was severe (#${before.actual?.record})`;
  return [found(animal, [animal.enrolled], `${AFTER_SEVERE}; ${where}`)];
}

function judgeDeath(animal: Marked, alike: readonly Marked[]): Finding[] {
  const { began } = animal;
  const dead = alike.find((other) => other !== animal && began && other.died && other.died.at < began.at);
  if (!began || !dead) return [];
  const death = `the death of its mark on ${dateOf(dead.died!)}`;
  return [
    found(
      animal,
      [animal.enrolled, began],
      `used on ${dateOf(began)}, after ${death} as ${nameOf(dead, dead.died)}: correct the mark, or that record`,
    ),
  ];
}

function found({ study, subject, enrolled }: Marked, facts: readonly Fact[], text: string): Finding {
  const { method, mark } = enrolled.data.identification!;
  const records = [...new Set(facts.map(({ holder }) => holder))];
  return { study, subject, text: `${method} ${mark}: ${text}`, records };
}

function nameOf({ study, subject }: Marked, fact: Fact | undefined): string {
  return `${study} ${subject}${fact ? ` (#${fact.holder})` : ''}`;
}

function dateOf({ time }: Fact): string {
  return time.slice(0, 10);
}
