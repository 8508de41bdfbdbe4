import type { AboutStudy } from './about-study.js';
import { dateForms, dateTexts, filamentReadings, textsOf } from './values.js';
import { fieldOf } from './command-fields.js';
import type { Choice, Choices } from './suggest.js';

/** A word in the cells of a column, what it can mean, and what it means where that is known or was said. */
export interface CellWord {
  readonly word: string;
  readonly options: readonly (readonly [value: string, means: string])[];
  /** Empty where it is not known. */
  readonly value: string;
}

/** Words that are asked about; a column with more of them holds no words. */
const MOST_WORDS = 30;

const RESPONSES = [
  ['X', 'withdrawal'],
  ['O', 'none'],
  ['?', 'could not be told'],
] as const;
const PAWS = [
  ['ipsilateral', 'ipsilateral: the injured side'],
  ['contralateral', 'contralateral'],
] as const;
const SEXES = [
  ['male', 'male'],
  ['female', 'female'],
  ['unknown', 'unknown'],
] as const;

const TRUTHS = [
  ['true', 'yes'],
  ['false', 'no'],
] as const;

/** What people write for it, in lower case. */
const KNOWN: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  paw: {
    ipsi: 'ipsilateral',
    ipsilateral: 'ipsilateral',
    contra: 'contralateral',
    contralateral: 'contralateral',
    kontralateral: 'contralateral',
  },
  sex: {
    m: 'male',
    male: 'male',
    männlich: 'male',
    mannelijk: 'male',
    mâle: 'male',
    '♂': 'male',
    f: 'female',
    female: 'female',
    w: 'female',
    weiblich: 'female',
    v: 'female',
    vrouwelijk: 'female',
    femelle: 'female',
    '♀': 'female',
    unknown: 'unknown',
    u: 'unknown',
  },
  side: { l: 'left', links: 'left', gauche: 'left', r: 'right', rechts: 'right', droite: 'right' },
  boolean: {
    true: 'true',
    yes: 'true',
    y: 'true',
    '1': 'true',
    ja: 'true',
    oui: 'true',
    false: 'false',
    no: 'false',
    n: 'false',
    '0': 'false',
    nein: 'false',
    nee: 'false',
    non: 'false',
  },
  response: {
    x: 'X',
    o: 'O',
    '?': '?',
    withdrawal: 'X',
    withdrew: 'X',
    yes: 'X',
    none: 'O',
    no: 'O',
    'no withdrawal': 'O',
    unclear: '?',
    ambiguous: '?',
  },
};

/** The words of a place that have to mean something; none where its cells are read as they stand. */
export function wordsOf(choice: Choice, { words }: Pick<Choices, 'words'>, about: AboutStudy): CellWord[] {
  const given = words.get(choice.place);
  const known = KNOWN[kindOf(choice, about)] ?? {};
  return asked(choice, about).map(({ word, options }) => {
    const plain = word.toLowerCase().replace(/\s+/g, '-');
    const same = options.find(([value]) => value.toLowerCase() === plain);
    return { word, options, value: given?.get(word) ?? same?.[0] ?? known[word.toLowerCase()] ?? '' };
  });
}

/** Whether a column holds dates. */
export function isDate(means: string, about: AboutStudy): boolean {
  return /^(date|birth|arrived)$/.test(means) || fieldOf(means, about)?.is.kind === 'date';
}

/** Whether a column holds numbers that may have a decimal mark. */
export function isNumber(means: string, about: AboutStudy): boolean {
  return /^(weight|assay:.*)$/.test(means) || fieldOf(means, about)?.is.kind === 'quantity';
}

function kindOf({ means }: Choice, about: AboutStudy): string {
  const field = fieldOf(means, about);
  if (field) return field.is.kind === 'boolean' ? 'boolean' : field.path.replace(/^.*\./, '');
  return means === 'responses' || means.startsWith('applied:') ? 'response' : means;
}

function asked(choice: Choice, about: AboutStudy): Pick<CellWord, 'word' | 'options'>[] {
  const { ladder } = about;
  const { means, cells } = choice;
  const each = (list: readonly string[], options: CellWord['options']) =>
    list.slice(0, MOST_WORDS).map((word) => ({ word, options }));
  const field = fieldOf(means, about);
  if (field) {
    const options = field.is.kind === 'boolean' ? TRUTHS : field.options;
    return options.length > 0 ? each(textsOf(cells), options) : [];
  }
  switch (kindOf(choice, about)) {
    case 'paw':
      return each(textsOf(cells), PAWS);
    case 'sex':
      return each(textsOf(cells), SEXES);
    case 'response':
      return each(means === 'response' ? textsOf(cells) : marksIn(textsOf(cells)), RESPONSES);
    case 'date':
      // A time point has a name, and only a person knows its date.
      return dateTexts(cells).length > 0 &&
        dateForms(cells).length === 0 &&
        textsOf(cells).length <= MOST_WORDS
        ? each(textsOf(cells), [])
        : [];
    case 'last':
    case 'filament': {
      const labels = (ladder?.filaments ?? []).map(
        ({ label, grams }) => [label, `${label}: ${grams} g`] as const,
      );
      return ladder && !isReadable(choice, ladder) ? each(textsOf(cells), labels) : [];
    }
    default:
      return [];
  }
}

function isReadable({ cells }: Choice, ladder: NonNullable<AboutStudy['ladder']>): boolean {
  return filamentReadings(cells, ladder).length > 0;
}

/** The single marks of runs, but for those that are known anyway. */
function marksIn(texts: readonly string[]): string[] {
  return [...new Set(texts.flatMap((text) => Array.from(text.replace(/[\s,;\-\d]/g, ''))))].filter(
    (mark) => !/[xo?]/i.test(mark),
  );
}
