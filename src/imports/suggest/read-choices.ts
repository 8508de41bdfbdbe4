import type { AboutStudy } from './about-study.js';
import {
  IMPORTABLE,
  commandFields,
  commandOf,
  fieldCalled,
  fieldOf,
  unitAmong,
  type CommandField,
} from './command-fields.js';
import { inBrackets } from './meanings.js';
import type { Choice, Choices, Settings } from './suggest.js';

/**
 * What a person chose, over what was suggested. Fields are `records` the commands whose fields columns can be, `m.C` what
 * column C is, `u.C` its unit, `w.C.L` what “L” in it means, `v.F` what field F is in every row, and the settings by their
 * names. A field that is not there leaves the suggestion; an empty one takes it back. `before` are the commands that the form
 * had when it was shown: of those alone its columns were matched.
 */
export function readChoices(suggested: Choices, pairs: URLSearchParams, about: AboutStudy): Choices {
  const { settings } = suggested;
  const words = new Map<string, Map<string, string>>();
  const values = new Map<string, string>();
  for (const [name, value] of pairs) {
    const [, place = '', word = ''] = /^w\.((?:paw|site)\.[^.]+|[A-Z]+\d*)\.(.*)$/s.exec(name) ?? [];
    if (place !== '' && value !== '')
      words.set(place, new Map([...(words.get(place) ?? []), [word, value.trim()]]));
    if (name.startsWith('v.') && value.trim() !== '') values.set(name.slice(2), value.trim());
  }
  const named = new Set([...pairs.getAll('records'), ...meaningsIn(pairs).map(commandOf)]);
  const records = IMPORTABLE.map(([name]) => name).filter((name) => named.has(name));
  const before = pairs.get('before')?.split(' ') ?? [];
  const fresh = records
    .filter((name) => !before.includes(name))
    .flatMap((name) => commandFields(name, about));
  const hasRuns = suggested.places.some(({ place, means }) => RUN.test(pairs.get(`m.${place}`) ?? means));
  const unread = new Set(['ignore', ...(hasRuns ? [] : ['paw'])]);
  const places = suggested.places.map((choice) => placeOf(choice, pairs, fresh, about, unread));
  return {
    ...suggested,
    words,
    values,
    records,
    places: places.map((choice, index) => onceOnly(choice, places.slice(0, index))),
    settings: Object.fromEntries(
      Object.entries(settings).map(([name, value]) => {
        const given = pairs.get(name);
        // What names of sheets begin with may end with a blank.
        return [name, given === null ? (value as string) : name === 'strip' ? given : given.trim()];
      }),
    ) as unknown as Settings,
  };
}

/** Without a run there is no paw: a side is then that of an operation. */
const RUN = /^(responses|touches|response|applied:.*)$/;

function meaningsIn(pairs: URLSearchParams): string[] {
  return [...pairs].flatMap(([name, value]) => (name.startsWith('m.') ? [value] : []));
}

function placeOf(
  choice: Choice,
  pairs: URLSearchParams,
  fresh: readonly CommandField[],
  about: AboutStudy,
  unread: ReadonlySet<string>,
): Choice & { readonly isCalled: boolean } {
  const { place, title } = choice;
  const given = pairs.get(`m.${place}`);
  const isOpen = unread.has(given ?? choice.means) && (given === null || pairs.has('before'));
  const called = isOpen ? fieldCalled(title, fresh)?.means : undefined;
  const means = called ?? given ?? choice.means;
  const unit = unitOf(means, pairs.get(`u.${place}`), choice, about);
  const sure = called !== undefined || means !== choice.means ? 'name' : choice.sure;
  return { ...choice, unit, means, sure, isCalled: called !== undefined };
}

/** Of two columns that are called alike, the first one is meant until a person says otherwise. */
function onceOnly(
  { isCalled, ...choice }: Choice & { readonly isCalled: boolean },
  before: readonly Choice[],
): Choice {
  if (!isCalled || !before.some(({ means }) => means === choice.means)) return choice;
  return { ...choice, means: 'ignore', sure: 'unknown' };
}

/** What was said, or else what the header says; empty where it is none that the field takes. */
function unitOf(means: string, given: string | null, { unit, title }: Choice, about: AboutStudy): string {
  const field = fieldOf(means, about);
  if (!field) return given ?? unit;
  const units = field.is.kind === 'quantity' ? field.is.units : [];
  return unitAmong(given || inBrackets(title), units) ?? '';
}
