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
  readonly isByProgram: boolean;
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
    const key = Object.values(author).join('\n');
    let place = this.known.get(key);
    if (place === undefined) {
      place = this.list.length;
      this.known.set(key, place);
      this.list.push(author);
    }
    this.places[at] = place;
    const director = (record['data'] as Attributes | undefined)?.['director'];
    if (typeof director === 'string') this.directors.push({ number: this.first + at, director });
  }
}

export function authorOf(record: Attributes): Author {
  const { actor, actorrole, session, type, command, importer } = record;
  const { purpose, flags } = (record['data'] ?? {}) as Attributes;
  return {
    actor: textOf(actor),
    role: textOf(actorrole),
    session: textOf(session),
    type: textOf(type),
    command: textOf(command),
    importer: importer === undefined ? undefined : textOf(importer),
    purpose: type === 'SubstanceAdministered' ? textOf(purpose) : '',
    isByProgram: Array.isArray(flags) && flags.includes('by-program'),
  };
}
