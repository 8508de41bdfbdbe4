import { printable } from '../../study/schema.js';
import { isZone } from '../reading/time-zone.js';
import type { AboutStudy } from './about-study.js';
import { isCell } from './layout.js';
import type { Choice, Choices } from './suggest.js';
import { IMPORTABLE, TOLD_BY_MEANINGS, fieldOf, type CommandField } from './command-fields.js';
import { constantsOf } from './constants.js';
import { unitsOf } from './suggest.js';
import { dateForms, decimalMarks, filamentReadings, haveTimes, textsOf } from './values.js';
import { isDate, isNumber, wordsOf } from './words.js';

/** What nothing in the sheet tells, or what it tells in two ways: a person says it, and nothing is guessed. */
export interface Question {
  /** The field that answers it. */
  readonly field: string;
  readonly asks: string;
  /** Empty where anything may be typed. */
  readonly options: readonly { readonly value: string; readonly means: string }[];
}

/** What has to be said before there is a mapping. */
export function askedOf(choices: Choices, about: AboutStudy): Question[] {
  return [...Questions.of(choices, about)];
}

const ENROLS: ReadonlySet<string> = new Set(['strain', 'sex']);
const OBSERVES = /^(weight|responses|touches|filament|response|strain|sex|applied:.*|assay:.*|score:.*)$/;

class Questions {
  private constructor(
    private readonly choices: Choices,
    private readonly about: AboutStudy,
  ) {}

  static *of(choices: Choices, about: AboutStudy): Generator<Question> {
    const asking = new Questions(choices, about);
    yield* asking.ofColumns();
    yield* asking.ofTimes();
    yield* asking.ofNumbers();
    yield* asking.ofRuns();
    yield* asking.ofAnimals();
    yield* asking.ofFields();
    yield* asking.ofWords();
  }

  private *ofColumns(): Generator<Question> {
    const { layout, places, records } = this.choices;
    if (records.length === 0 && !places.some(({ means }) => OBSERVES.test(means)))
      yield ask(
        'm',
        'No column is read that something would be recorded of: say what at least one of them is.',
      );
    if (!this.has('animal') && layout.sheets.length === 0)
      yield ask('m.animal', 'Which column names the animal? Choose “animal” for it.');
    if (!this.has('date') && !this.has('instant') && !this.has('day'))
      yield ask(
        'm.date',
        'Which column says when it happened? Choose “date”, “day, counted from day 0” or “date and time” for it.',
      );
  }

  private *ofTimes(): Generator<Question> {
    const { dates, zone, assume, from } = this.choices.settings;
    const cells = this.choices.places
      .filter(({ means }) => isDate(means, this.about))
      .flatMap((one) => one.cells);
    const forms = dateForms(cells.filter(({ kind }) => kind === 'text'));
    const texts = textsOf(cells.filter(({ kind }) => kind === 'text'));
    if (texts.length > 0 && forms.length > 1 && dates === '')
      yield ask(
        'dates',
        `Dates such as “${ambiguous(texts)}” can be read in more than one way: which is meant?`,
        forms.map((form) => [form, form]),
      );
    if (zone !== '' && !isZone(zone))
      yield ask(
        'zone',
        `“${printable(zone)}” is no time zone: write a place such as Europe/Amsterdam, or an offset such as +01:00.`,
      );
    if (this.has('instant')) return;
    if (zone === '') yield ask('zone', 'In which time zone are the times, such as Europe/Amsterdam?');
    if (this.has('day') && !this.has('date') && from === '')
      yield ask('from', 'Which date is day 0, such as that of the operation?');
    const date = this.find('date');
    const isTimed = this.has('time') || (date !== undefined && haveTimes(date.cells));
    const arrived = this.choices.places.find(({ means, place }) => means === 'arrived' && isCell(place));
    if (isTimed && assume === '' && arrived && !haveTimes(arrived.cells))
      yield ask(
        'assume',
        `At which time of day do animals count as enrolled on the day of “${arrived.title}”? It is flagged as assumed.`,
      );
    if (!isTimed && assume === '' && (date ?? this.find('day')))
      yield ask('assume', 'The sheet says no time of day: which is to be taken? It is flagged as assumed.');
  }

  private *ofNumbers(): Generator<Question> {
    for (const { place, title, unit, means } of this.choices.places) {
      const units = unitsOf(means, this.about);
      if (units.length > 0 && unit === '')
        yield ask(
          `u.${place}`,
          `In which unit is “${title || place}”?`,
          units.map((one) => [one, one]),
        );
    }
    const cells = this.choices.places
      .filter(({ means }) => isNumber(means, this.about))
      .flatMap((one) => one.cells);
    if (decimalMarks(cells).length > 1 && this.choices.settings.decimal === '')
      yield ask(
        'decimal',
        `Is “${textsOf(cells).find((text) => /[.,]/.test(text))}” written with a decimal comma or a decimal point?`,
        [
          ['.', 'decimal point'],
          [',', 'decimal comma'],
        ],
      );
  }

  private *ofRuns(): Generator<Question> {
    const { places, settings, words } = this.choices;
    const runs = places.filter(({ means }) => means === 'responses' || means === 'touches');
    const isRun =
      runs.length > 0 || places.some(({ means }) => means === 'response' || means.startsWith('applied:'));
    if (!isRun) return;
    if (this.has('responses') && !this.has('last'))
      yield ask(
        'm.last',
        'Which column holds the last filament of each run? Choose “last filament of the run” for it.',
      );
    if (this.has('response') && !this.has('filament'))
      yield ask(
        'm.filament',
        'Which column holds the filament of each touch? Choose “filament of one touch” for it.',
      );
    if (!this.has('paw')) {
      if (runs.length < 2 && settings.paw === '') yield ask('paw', 'Which paw was tested?', PAWS);
      if (runs.length > 1)
        for (const { place, title } of runs)
          if (!words.get(`paw.${place}`)?.get(''))
            yield ask(`w.paw.${place}.`, `Which paw is “${title || place}”?`, PAWS);
    }
    const { ladder } = this.about;
    if (!ladder) {
      yield ask(
        'm.ladder',
        'The protocol has no ladder of filaments, so runs cannot be read: approve one first.',
      );
      return;
    }
    const named = places.filter(
      ({ means, title }) => (means === 'last' || means === 'filament') && !/\bg(rams?)?\b/i.test(title),
    );
    const isOpen = named.some(({ cells }) => cells.length > 0 && filamentReadings(cells, ladder).length > 1);
    if (isOpen && settings.filaments === '')
      yield ask('filaments', `What does “${named[0]?.cells[0]?.text}” under “${named[0]?.title}” name?`, [
        ['labels', `the filament with this label or this many grams`],
        ['numbers', 'a filament counted from the lightest, which is 1'],
      ]);
  }

  private *ofAnimals(): Generator<Question> {
    const { places, settings } = this.choices;
    if (!places.some(({ means }) => ENROLS.has(means))) return;
    if (!this.has('species') && settings.species === '')
      yield ask(
        'species',
        'Of which species are the animals that the sheet enrols, such as Rattus norvegicus?',
      );
    for (const means of ENROLS)
      if (!this.has(means))
        yield ask(
          `m.${means}`,
          `Which column holds the ${means}? Without it no animal is enrolled: choose it, or “not read” for what else is about the animal.`,
        );
  }

  /** Of the commands that were chosen by name. */
  private *ofFields(): Generator<Question> {
    const { records, places } = this.choices;
    for (const [name, told] of Object.entries(TOLD_BY_MEANINGS))
      if (records.includes(name) && !places.some(({ means }) => told.test(means)))
        yield ask(
          `m.${name}`,
          `No column makes a record of “${summaryOf(name)}”: say which one does, or untick it.`,
        );
    for (const { field, said, source } of constantsOf(this.choices, this.about))
      if (source === undefined) yield askConstant(field, said);
    const fields = places.flatMap(({ means }) => fieldOf(means, this.about) ?? []);
    if (fields.some(({ is }) => is.kind === 'records') && !this.has('label'))
      yield ask(
        'm.label',
        'A column points to other rows, and none names them: choose “name of the record” for the one that does.',
      );
    for (const [index, { place, title, means }] of places.entries())
      if (fieldOf(means, this.about) && places.slice(0, index).some((one) => one.means === means))
        yield ask(`m.${place}`, `“${title || place}” and another column are the same: choose one of them.`);
  }

  private *ofWords(): Generator<Question> {
    for (const choice of this.choices.places)
      for (const { word, options, value } of wordsOf(choice, this.choices, this.about))
        if (value === '')
          yield ask(
            `w.${choice.place}.${word}`,
            options.length > 0
              ? `What does “${word}” mean under “${choice.title || choice.place}”?`
              : `Which date is “${word}” under “${choice.title || choice.place}”?`,
            options,
          );
    const { assays } = this.about;
    for (const { id, title, sites } of assays)
      if (sites.length > 1 && this.has(`assay:${id}`) && !this.choices.words.get(`site.${id}`)?.get(''))
        yield ask(
          `w.site.${id}.`,
          `Where was “${title}” measured?`,
          sites.map((site) => [site, site]),
        );
  }

  private has(means: string): boolean {
    return this.find(means) !== undefined;
  }

  private find(means: string): Choice | undefined {
    const found = this.choices.places.filter((one) => one.means === means);
    return found.find(({ place }) => !isCell(place)) ?? (CELLS.has(means) ? found[0] : undefined);
  }
}

/** What may stand above the headers, once a sheet. */
const CELLS: ReadonlySet<string> = new Set(['animal', 'species', 'strain', 'sex']);
const PAWS = [
  ['ipsilateral', 'ipsilateral: the injured side'],
  ['contralateral', 'contralateral'],
] as const;

function summaryOf(name: string): string {
  return IMPORTABLE.find(([one]) => one === name)?.[1] ?? name;
}

/** What is the same in every row. */
function askConstant(
  { means, command, words, is, options, isReference }: CommandField,
  said: string,
): Question {
  const needs = `“${summaryOf(command)}” needs the ${words}: choose its column`;
  if (isReference) return ask(`m.${means}`, `${needs}.`);
  const wrong = said === '' ? '' : `“${printable(said)}” is none. `;
  const how =
    is.kind === 'quantity'
      ? `, a number with its unit (${is.units.join(', ').replace(/\bu(?=g|L|s|A|mol)/g, 'µ')}),`
      : '';
  return ask(`v.${means}`, `${wrong}${needs}, or say what it is${how} in every row.`, options);
}

/** A date that shows the difference, where there is one. */
function ambiguous(texts: readonly string[]): string {
  return texts.find((text) => /^(\d{1,2})\D(?!\1\D)\d{1,2}\D/.test(text)) ?? texts[0] ?? '';
}

function ask(
  field: string,
  asks: string,
  options: readonly (readonly [value: string, means: string])[] = [],
): Question {
  return { field, asks, options: options.map(([value, means]) => ({ value, means })) };
}
