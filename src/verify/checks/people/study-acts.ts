import type { Checked } from '../../runtime/chunk.js';
import type { Findings } from '../findings.js';
import { NOBODY, type Author } from './authors.js';
import type { SignedRecord } from '../signatures/meanings.js';
import { isOver } from '../signatures/statement.js';
import type { Trail } from '../trail.js';
import type { Registry } from './registry.js';
import { ownRoleOf, rowOf } from './role-table.js';
import { authority, Standing, type Wrong } from './standing.js';
import type { Sessions } from './sessions.js';

const NAMING_DIRECTOR = new Set(['StudyOpened', 'StudyHandedOver', 'DirectorReplaced']);

/** The lab is read every few seconds; clocks differ. */
const STALE_MS = 120_000;

type Made = Pick<Checked, 'recordedMs' | 'labSizes' | 'references' | 'authors'>;

/** The authors of a run of records, kept for the corrections that follow. */
interface Block {
  readonly first: number;
  readonly standings: readonly Standing[];
  readonly places: Uint32Array;
  readonly recordedMs: Float64Array;
}

/** Whether each record of a study was made by somebody who could make it. */
export class StudyActs {
  private lastMaker: string | undefined;
  private readonly blocks: Block[] = [];
  /** By record: whom it names as director. */
  private readonly successors = new Map<number, string>();
  /** Whoever directed the study, each with the record from which they did. */
  private readonly directors: { readonly director: string; readonly from: number }[] = [];
  /** Hand-overs and replacements that are not signed. */
  private readonly unsigned = new Set<{
    readonly record: number;
    readonly type: string;
    readonly to: string;
  }>();
  private signatures = 0;
  /** Whether the director is still the one named when the study was opened. */
  private isFirstDirector = true;
  private labSize = 0;
  /** By human: the first record that they made, and the lab size that it rests on. */
  private readonly makers = new Map<string, { number: number; labSize: number }>();

  constructor(
    private readonly log: string,
    private readonly registry: Registry,
    private readonly sessions: Sessions | undefined,
    private readonly findings: Findings,
    /** What it was told of these records before. */
    private readonly trail: Trail,
  ) {}

  private get director(): string {
    return this.directors.at(-1)?.director ?? '';
  }

  /** Whoever directed the study when a record was made. */
  directorAt(record: number): string | undefined {
    return this.directors.findLast(({ from }) => from < record)?.director;
  }

  /** A record as somebody signed it; undefined where a part of a study does not hold it, or it cannot be read. */
  signedRecord(number: number): SignedRecord | undefined {
    const author = this.madeBy(number)?.standing.author;
    if (!author) return undefined;
    const { actor, performers } = author;
    const makers = performers === '' ? [actor] : [actor, ...performers.split(' ')];
    return { number, author, makers, successor: this.successors.get(number) };
  }

  /** Every record in order, with who made it. */
  *made(): Generator<{ readonly number: number; readonly author: Author }> {
    for (const { first, standings, places } of this.blocks)
      for (const [i, place] of places.entries())
        if (place !== NOBODY) yield { number: first + i, author: standings[place]!.author };
  }

  /** To be told of all records in order, a run of them at a time. */
  take(first: number, { recordedMs, labSizes, references, authors }: Made): void {
    if (!authors) return;
    const { places, directors } = authors;
    const study = this.log.slice('study-'.length);
    const standings = authors.list.map((one) => new Standing(this.registry, this.sessions, one, study));
    this.blocks.push({ first, standings, places, recordedMs });
    let next = 0;
    let reference = 0;
    for (let i = 0; i < places.length; i++) {
      const number = first + i;
      const named = directors[next]?.number === number ? directors[next++]!.director : undefined;
      if (places[i] === NOBODY) continue;
      const standing = standings[places[i]!]!;
      const [labSize, ms] = [labSizes[i]!, recordedMs[i]!];
      this.noteMaker(standing, number, labSize);
      this.checkLabSize(number, labSize, ms);
      if (labSize > this.registry.begunAt) {
        while ((references[reference]?.from ?? Infinity) < number) reference++;
        const target = references[reference]?.from === number ? references[reference]!.number : undefined;
        const wrong =
          standing.wrong(labSize, ms) ??
          (standing.row?.isStudyDirector ? this.wrongDirector(standing) : undefined) ??
          this.wrongTarget(standing, target, labSize, ms) ??
          (named === undefined ? undefined : this.wrongNamed(standing, named, labSize, ms));
        if (wrong)
          this.findings.fail(wrong.check, this.log, `record ${number} ${wrong.message}`, { record: number });
      }
      if (named !== undefined) this.followDirector(standing.author.type, named, number);
      if (standing.author.type === 'SignatureApplied') this.completeChanges(number);
    }
  }

  /** Before persons acted, a correction of the opening could name another director. */
  private followDirector(type: string, named: string, record: number): void {
    if (type === 'RecordCorrected' ? !this.isFirstDirector : !NAMING_DIRECTOR.has(type)) return;
    this.successors.set(record, named);
    const isChange = type === 'StudyHandedOver' || type === 'DirectorReplaced';
    if (isChange && this.trail.isGoverned) this.unsigned.add({ record, type, to: named });
    else this.directors.push({ director: named, from: record });
    if (isChange) this.isFirstDirector = false;
  }

  /**
   * In a governed study a hand-over takes the signatures of both directors, a replacement that of management. Until then the old
   * one serves. What a signature is worth is checked elsewhere.
   */
  private completeChanges(record: number): void {
    const { signed } = this.trail;
    while ((signed[this.signatures]?.record ?? Infinity) <= record) this.signatures++;
    const { director: serving } = this;
    for (const change of [...this.unsigned].reverse()) {
      if ((this.trail.changes.supersededBy.get(change.record) ?? Infinity) < record) continue;
      const over = signed.filter(
        (one, i) =>
          i < this.signatures && one.statement.predicate.meaning === 'approved' && isOver(one, change.record),
      );
      const isSigned =
        change.type === 'DirectorReplaced'
          ? over.some(({ role }) => role === 'management')
          : [serving, change.to].every((person) => over.some(({ actor }) => actor === person));
      if (!isSigned) continue;
      // One signature completes one change, and what else waited lapses.
      this.unsigned.clear();
      this.directors.push({ director: change.to, from: record });
      return;
    }
  }

  /** To be called after the last record. Whoever made a fact of a study is never its quality assurance. */
  finish(): void {
    const study = this.log.slice('study-'.length);
    for (const grant of this.registry.grants.values()) {
      const made = this.makers.get(this.registry.humanOf(grant.person));
      if (grant.role === 'quality' && made && made.labSize <= grant.at && (grant.study ?? study) === study)
        this.findings.fail(
          'authority',
          this.log,
          `lab record ${grant.at} makes ${grant.person} the quality assurance of a study in which they made record ${made.number}`,
          { lab: grant.at },
        );
    }
  }

  /** What quality assurance may record is no fact of the study. */
  private noteMaker({ author: { actor, role, type }, row }: Standing, number: number, labSize: number): void {
    const vouches = role === 'quality' || (row?.roles.includes('quality') && type !== 'RecordVoided');
    if (this.lastMaker === actor || vouches) return;
    this.lastMaker = actor;
    const human = this.registry.humanOf(actor);
    if (!this.makers.has(human)) this.makers.set(human, { number, labSize });
  }

  /** A process that knew less of the lab than the one before it, or than was long there, would have read on first. */
  private checkLabSize(record: number, labSize: number, ms: number): void {
    const { begunAt, labMs, isSimulated, hasWrongClock } = this.registry;
    const fail = (message: string): void =>
      this.findings.fail(
        'lab-size',
        this.log,
        `record ${record} rests on a lab of size ${labSize}${message}`,
        {
          record,
        },
      );
    if (labSize < this.labSize && this.labSize > begunAt)
      fail(`, and the record before it on one of ${this.labSize}`);
    if (labSize > this.labSize) this.labSize = labSize;
    const unread = Math.max(labSize, begunAt);
    const sinceMs = labMs[unread];
    if (sinceMs !== undefined && ms > sinceMs + STALE_MS && !isSimulated && !hasWrongClock)
      fail(`, though lab record ${unread} was there since ${new Date(sinceMs).toISOString()}`);
  }

  private wrongDirector({ author }: Standing): Wrong | undefined {
    if (author.actor === this.director) return undefined;
    return authority(
      `is a ${author.type} by ${author.actor}: the study’s director was ${this.director || 'nobody'}`,
    );
  }

  /** Records are put right by the study’s director; one’s own, on the same day, by oneself. */
  private wrongTarget(
    { author }: Standing,
    target: number | undefined,
    labSize: number,
    ms: number,
  ): Wrong | undefined {
    if (author.type !== 'RecordCorrected' && author.type !== 'RecordVoided') return undefined;
    const made = target === undefined ? undefined : this.madeBy(target);
    const isDirector = author.role === 'director' && author.actor === this.director;
    // A part of a study does not hold every record.
    if (!made) return undefined;
    const { standing, recordedMs } = made;
    const own = ownRoleOf(standing.author.type);
    if (own !== undefined || author.role === 'quality' || author.role === 'management')
      return author.role === own
        ? undefined
        : authority(
            `is a ${author.type} of record ${target}, a ${standing.author.type}, in the role ${author.role}`,
          );
    const isOwn = standing.author.actor === author.actor;
    if (isDirector)
      return isOwn || author.isByAnother
        ? undefined
        : authority(`is by another than record ${target}, and has no flag by-another`);
    const whose = `${author.type === 'RecordVoided' ? 'voids' : 'corrects'} record ${target}`;
    if (!isOwn)
      return authority(`${whose} of ${standing.author.actor}: ${author.actor} is not the study’s director`);
    if (standing.author.importer !== undefined)
      return authority(`${whose}, which was imported: it takes the study’s director`);
    const row = rowOf(standing.author.type);
    if (row && (row.isStudyDirector || !row.roles.includes(author.role)))
      return authority(`${whose}, a ${standing.author.type}, in the role ${author.role}`);
    const zone = this.registry.siteAt(labSize)?.zone ?? 'UTC';
    return dayIn(zone, recordedMs) === dayIn(zone, ms)
      ? undefined
      : authority(`${whose} of another day: it takes the study’s director`);
  }

  private madeBy(number: number): { standing: Standing; recordedMs: number } | undefined {
    const block = this.blocks.findLast(({ first }) => first <= number);
    const place = block?.places[number - block.first];
    if (!block || place === undefined || place === NOBODY) return undefined;
    return { standing: block.standings[place]!, recordedMs: block.recordedMs[number - block.first]! };
  }

  /** Whoever directs a study has been granted that; who opens it as its director names nobody else. */
  private wrongNamed({ author }: Standing, named: string, labSize: number, ms: number): Wrong | undefined {
    if (author.type === 'RecordCorrected' && this.isFirstDirector && named !== this.director)
      return authority(`makes ${named} the director by a correction`);
    if (!NAMING_DIRECTOR.has(author.type)) return undefined;
    if (author.type === 'StudyOpened' && author.role === 'director' && named !== author.actor)
      return authority(`opens the study as its director, and names ${named}`);
    const person = this.registry.activeAt(named, labSize);
    const study = this.log.slice('study-'.length);
    if (person && this.registry.holds(person, 'director', study, labSize, ms)) return undefined;
    return authority(`names ${named} as the director, who had not that role then`);
  }
}

const days = new Map<string, Intl.DateTimeFormat>();

function dayIn(zone: string, ms: number): string {
  let format = days.get(zone);
  if (!format) days.set(zone, (format = formatOf(zone)));
  return format.format(ms);
}

function formatOf(zone: string): Intl.DateTimeFormat {
  const options = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
  try {
    return new Intl.DateTimeFormat('en-CA', { ...options, timeZone: zone });
  } catch {
    // A zone that this Node does not know; the schema lets no other text through.
    return new Intl.DateTimeFormat('en-CA', { ...options, timeZone: 'UTC' });
  }
}
