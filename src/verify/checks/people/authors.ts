import { textOf, type Attributes } from '../record.js';

/** All that one record has in common with others of the same person, session and kind. */
export interface Author {
  readonly actor: string;
  readonly role: string;
  readonly session: string;
  readonly type: string;
  readonly command: string;
  /** Who had the file read; undefined where the record is from no file. */
  readonly importer: string | undefined;
  /** What a substance was given for. */
  readonly purpose: string;
  /** Whom else the record names, with spaces between. */
  readonly named: string;
  readonly isByProgram: boolean;
  readonly isByAnother: boolean;
  /** Who performed or observed what it states, or wrote what it attaches, with spaces between. */
  readonly performers: string;
  readonly isAfterClose: boolean;
  /** Whether what it states departs from the protocol. */
  readonly isDeviation: boolean;
  /** Of the protocol in force then; NaN where none was. */
  readonly protocolVersion: number;
}

/** Who made the records of a chunk. */
export interface Authors {
  readonly list: readonly Author[];
  /** Place in the list, by record; `NOBODY` where the record could not be read. */
  readonly places: Uint32Array;
  /** Records that name the study's director. */
  readonly directors: readonly { readonly number: number; readonly director: string }[];
}

export const NOBODY = 0xffff_ffff;

/** Takes from records who made them. Most are by whom the one before was. */
export class AuthorsOf {
  private readonly list: Author[] = [];
  private readonly places: Uint32Array;
  private readonly directors: { number: number; director: string }[] = [];
  private readonly known = new Map<string, number>();
  private last: Author | undefined;
  private place = NOBODY;

  constructor(
    private readonly first: number,
    records: number,
  ) {
    this.places = new Uint32Array(records).fill(NOBODY);
  }

  get found(): Authors {
    const { list, places, directors } = this;
    return { list, places, directors };
  }

  take(at: number, record: Attributes): void {
    const author = authorOf(record);
    if (!this.last || !isSame(author, this.last)) this.place = this.placeOf((this.last = author));
    this.places[at] = this.place;
    const director = namedDirector(author.type, (record['data'] ?? {}) as Attributes);
    if (typeof director === 'string') this.directors.push({ number: this.first + at, director });
  }

  private placeOf(author: Author): number {
    const { type, actor, session } = author;
    const short = this.known.get(`${type} ${actor} ${session}`);
    if (short !== undefined && isSame(this.list[short]!, author)) return short;
    // Mostly the short key tells authors apart; where it does not, the whole does.
    const whole = JSON.stringify(Object.values(author));
    const known = this.known.get(whole);
    if (known !== undefined) return known;
    const place = this.list.push(author) - 1;
    this.known.set(whole, place).set(`${type} ${actor} ${session}`, place);
    return place;
  }
}

function isSame(a: Author, b: Author): boolean {
  return (
    a.type === b.type &&
    a.actor === b.actor &&
    a.role === b.role &&
    a.session === b.session &&
    a.command === b.command &&
    a.importer === b.importer &&
    a.purpose === b.purpose &&
    a.named === b.named &&
    a.isByProgram === b.isByProgram &&
    a.isByAnother === b.isByAnother &&
    a.performers === b.performers &&
    a.isAfterClose === b.isAfterClose &&
    a.isDeviation === b.isDeviation &&
    Object.is(a.protocolVersion, b.protocolVersion)
  );
}

function namedDirector(type: string, { director, to, corrects, corrected }: Attributes): unknown {
  if (type === 'StudyHandedOver') return to;
  if (type === 'RecordCorrected' && corrects === 'StudyOpened')
    return (corrected as Attributes | undefined)?.['director'];
  return director;
}

export function authorOf(record: Attributes): Author {
  const { actor, actorrole, session, type, command, importer } = record;
  const data = (record['data'] ?? {}) as Attributes;
  const { purpose } = data;
  const stated = type === 'RecordCorrected' ? data['corrected'] : data;
  return {
    actor: textOf(actor),
    role: textOf(actorrole),
    session: textOf(session),
    type: textOf(type),
    command: textOf(command),
    importer: importer === undefined ? undefined : textOf(importer),
    purpose: type === 'SubstanceAdministered' ? textOf(purpose) : '',
    named: idsIn(data, NAMING),
    isByProgram: hasFlag(data, 'by-program'),
    isByAnother: hasFlag(data, 'by-another'),
    performers: idsIn(stated, PERFORMING),
    isAfterClose: hasFlag(stated, 'after-close'),
    isDeviation: hasFlag(stated, 'deviation'),
    protocolVersion: Number(record['protocolversion'] ?? NaN),
  };
}

function hasFlag(data: unknown, flag: string): boolean {
  const flags = (data as Attributes | null | undefined)?.['flags'];
  return Array.isArray(flags) && flags.includes(flag);
}

/** Members of facts that name a person beside the actor; the study's director is looked at by itself. */
const NAMING = [
  'observedBy',
  'surgeon',
  'assistant',
  'preparedBy',
  'witnessedBy',
  'decidedBy',
  'orderedBy',
  'contributor',
] as const;

const PERFORMING = ['surgeon', 'observedBy', 'contributor'] as const;

function idsIn(data: unknown, members: readonly string[]): string {
  let named = '';
  if (typeof data !== 'object' || data === null) return named;
  for (const member of members) {
    const id = (data as Attributes)[member];
    if (typeof id === 'string') named += named === '' ? id : ` ${id}`;
  }
  return named;
}
