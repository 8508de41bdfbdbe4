import type { Book } from '../reading/sheet.js';
import type { AboutStudy } from './about-study.js';
import { fieldOf } from './command-fields.js';
import { ladderLabelOf } from './ladder-label.js';
import { layoutOf, type LaidOut, type Layout } from './layout.js';
import { MEANINGS, meaningOfHeader, plainHeader, unitInHeader, type Meaning } from './meanings.js';
import { areDates, areInstants, areRuns, areTimes, areTouches, textsOf } from './values.js';

/** What a column, or a cell above the headers, is taken to be. */
export interface Choice extends LaidOut {
  readonly means: Meaning;
  /** What that rests on; `unknown` where nothing tells. */
  readonly sure: 'name' | 'values' | 'unknown';
  /** Of a weight. */
  readonly unit: string;
}

/** What holds for the whole sheet. Empty where nobody has said it. */
export interface Settings {
  readonly decimal: string;
  readonly dates: string;
  readonly zone: string;
  /** The time of day of what has none. */
  readonly assume: string;
  /** The date of day 0. */
  readonly from: string;
  readonly reason: string;
  /** Of every run, where no column says it. */
  readonly paw: string;
  /** Whether filaments are named by their labels, or counted from the lightest. */
  readonly filaments: string;
  readonly species: string;
  /** What the names of sheets begin with, and what the animals do instead, where a sheet is an animal. */
  readonly strip: string;
  readonly prefix: string;
  /** `flag` takes runs that follow no up-down rule. */
  readonly irregular: string;
}

export interface Choices {
  readonly layout: Layout;
  readonly places: readonly Choice[];
  readonly settings: Settings;
  /** What words in cells mean: place → word → meaning. */
  readonly words: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Commands that were chosen, whose fields columns can be. */
  readonly records: readonly string[];
  /** What is the same in every row: meaning → what was said. */
  readonly values: ReadonlyMap<string, string>;
}

/** What the sheets of a book seem to hold; undefined where they hold nothing. Nothing is recorded by it alone. */
export function suggestChoices(book: Book, about: AboutStudy, zone: string): Choices | undefined {
  const layout = layoutOf(book, (header) => isKnown(header, about));
  if (!layout) return undefined;
  const places = [
    ...layout.above.map((place) => choiceOf(place, about)),
    ...settled(layout.columns.map((column) => choiceOf(column, about))),
  ];
  const isOfSheets = layout.sheets.length > 0 && !places.some(({ means }) => means === 'animal');
  return {
    layout,
    places,
    words: new Map(),
    records: [],
    values: new Map(),
    settings: {
      decimal: '',
      dates: '',
      zone,
      assume: '',
      from: '',
      reason: '',
      paw: '',
      filaments: '',
      species: about.species ?? '',
      strip: isOfSheets ? commonStart(layout.sheets) : '',
      prefix: isOfSheets ? commonStart([...about.animals]) : '',
      irregular: '',
    },
  };
}

/** All that a place can be in this study, with its words. */
export function meaningsOf({ ladder, assays, welfare }: AboutStudy): (readonly [Meaning, string])[] {
  return [
    ...Object.entries(MEANINGS),
    ...(ladder?.filaments ?? []).map(
      ({ label }) => [`applied:${label}`, `responses to filament ${label}`] as const,
    ),
    ...assays.map(
      ({ id, title, unit }) => [`assay:${id}`, `${title}${unit === '1' ? '' : ` (${unit})`}`] as const,
    ),
    ...(welfare?.items ?? []).map(({ code, label }) => [`score:${code}`, `welfare score: ${label}`] as const),
  ];
}

function isKnown(header: string, about: AboutStudy): boolean {
  return meaningOfHeader(header) !== undefined || ofStudy(header, about) !== undefined;
}

/** What the protocol calls so. */
function ofStudy(header: string, { ladder, assays, welfare }: AboutStudy): Meaning | undefined {
  const plain = plainHeader(header);
  const isSame = (...names: readonly string[]): boolean => names.some((name) => plainHeader(name) === plain);
  const assay = assays.find(({ id, title }) => isSame(id, title, id.replaceAll('-', ' ')));
  if (assay) return `assay:${assay.id}`;
  const item = welfare?.items.find(({ code, label }) => isSame(code, label, code.replaceAll('-', ' ')));
  if (item) return `score:${item.code}`;
  const label = ladder && ladderLabelOf(ladder, header);
  return label === undefined ? undefined : `applied:${label}`;
}

function choiceOf(laidOut: LaidOut, about: AboutStudy): Choice {
  const { title, cells } = laidOut;
  const unit = unitInHeader(title);
  const named = meaningOfHeader(title) ?? ofStudy(title, about);
  const choice = { ...laidOut, unit: unit !== undefined && UNITS.includes(unit) ? unit : '' };
  if (named !== undefined) return { ...choice, means: named, sure: 'name' };
  const seen = byValues(cells, about);
  return { ...choice, means: seen ?? 'ignore', sure: seen === undefined ? 'unknown' : 'values' };
}

/** Units that weights are written in. */
const UNITS: readonly string[] = ['g', 'kg'];

/** The units that a column can be in; none where it has no unit. */
export function unitsOf(means: Meaning, about: AboutStudy): readonly string[] {
  if (means === 'weight') return UNITS;
  const is = fieldOf(means, about)?.is;
  return is?.kind === 'quantity' ? is.units : [];
}

function byValues(cells: LaidOut['cells'], { animals }: AboutStudy): Meaning | undefined {
  if (cells.length === 0) return undefined;
  if (areInstants(cells)) return 'instant';
  if (areTimes(cells)) return 'time';
  if (areDates(cells)) return 'date';
  if (areRuns(cells)) return 'responses';
  if (areTouches(cells)) return 'touches';
  if (textsOf(cells).every((text) => animals.has(text))) return 'animal';
  return undefined;
}

/** What only the other columns tell: the first of two animals, and whether a filament is the last one or that of a touch. */
function settled(columns: readonly Choice[]): Choice[] {
  const has = (...meanings: readonly Meaning[]): boolean =>
    columns.some(({ means }) => meanings.includes(means));
  const [isByRow, isByRun] = [has('response') && has('filament', 'last'), has('responses')];
  const seen = new Set<Meaning>();
  return columns.map((column) => {
    const means =
      isByRun && column.means === 'filament'
        ? 'last'
        : isByRow && column.means === 'last'
          ? 'filament'
          : column.means;
    if (!ONCE.has(means)) return { ...column, means };
    if (!seen.has(means)) {
      seen.add(means);
      return { ...column, means };
    }
    return { ...column, means: 'ignore', sure: 'unknown' };
  });
}

const ONCE: ReadonlySet<Meaning> = new Set([
  'animal',
  'date',
  'time',
  'instant',
  'day',
  'weight',
  'reason',
  'later',
  'comment',
]);

/** What several names begin with, up to their digits. */
function commonStart(names: readonly string[]): string {
  const [first = '', ...others] = names.map((name) => /^\D*/.exec(name)?.[0] ?? '');
  return others.every((other) => other === first) ? first : '';
}
