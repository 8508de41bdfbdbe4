import { unitInWords } from '../../console/forms/labels.js';
import { WHY_LATE } from '../../console/import/labels.js';
import type { FoundColumn, FoundField, FoundSheet, Option, OptionGroup } from '../../console/import/found.js';
import type { SuggestedFor } from './import-suggestion.js';
import { DATE_FORMS } from '../../imports/mapping/mapping.js';
import { IMPORTABLE, commandFields } from '../../imports/suggest/command-fields.js';
import { constantsOf, type Constant } from '../../imports/suggest/constants.js';
import { meaningsOf } from '../../imports/suggest/suggest.js';
import type { Choice } from '../../imports/suggest/suggest.js';
import { unitsOf } from '../../imports/suggest/suggest.js';
import { wordsOf } from '../../imports/suggest/words.js';

/** Columns that are shown: a page has its size. Others are not read, unless their headers say what they are. */
const MOST_COLUMNS = 40;

const SETTINGS: readonly Omit<FoundField, 'value' | 'isDue'>[] = [
  {
    name: 'zone',
    label: 'Time zone of the times',
    help: 'Where the sheet was written: a place such as Europe/Amsterdam, or an offset such as +01:00. That of this site, unless you say otherwise.',
  },
  {
    name: 'reason',
    label: WHY_LATE,
    help: 'Late rows are refused without it, and it stands in their records.',
  },
  { name: 'dates', label: 'How dates are written', options: DATE_FORMS.map((form) => [form, form]) },
  { name: 'assume', label: 'Time of day where there is none', type: 'time', help: 'Flagged as assumed.' },
  { name: 'from', label: 'Date of day 0', type: 'date' },
  {
    name: 'decimal',
    label: 'Decimal mark',
    options: [
      ['.', 'point: 243.7'],
      [',', 'comma: 243,7'],
    ],
  },
  {
    name: 'paw',
    label: 'Paw that was tested',
    options: [
      ['ipsilateral', 'ipsilateral: the injured side'],
      ['contralateral', 'contralateral'],
    ],
  },
  {
    name: 'filaments',
    label: 'What names of filaments are',
    options: [
      ['labels', 'labels of the ladder, or grams'],
      ['numbers', 'counted from the lightest, which is 1'],
    ],
  },
  { name: 'species', label: 'Species of animals that are enrolled' },
  { name: 'strip', label: 'What names of sheets begin with, and animals do not' },
  { name: 'prefix', label: 'What animals begin with instead' },
  {
    name: 'irregular',
    label: 'Runs that follow no up-down rule',
    options: [['flag', 'are recorded, flagged']],
    help: 'Refused where this is left open.',
  },
];
const ALWAYS: ReadonlySet<string> = new Set(['zone', 'reason']);
const OF_RUNS: ReadonlySet<string> = new Set(['irregular']);

/** The columns of a sheet with what they are, and what is still to be said. */
export function viewColumns({
  choices,
  questions,
  about,
}: SuggestedFor): Pick<FoundSheet, 'columns' | 'settings' | 'asked' | 'meanings' | 'records'> {
  const { places, settings, records } = choices;
  const due = new Map(questions.map(({ field, asks, options }) => [field, { asks, options }]));
  const values = settings as unknown as Readonly<Record<string, string>>;
  const hasRuns = places.some(({ means }) => /^(responses|touches|response|applied:.*)$/.test(means));
  const shown = SETTINGS.filter(
    ({ name }) => due.has(name) || ALWAYS.has(name) || values[name] !== '' || (OF_RUNS.has(name) && hasRuns),
  ).map((field) => {
    const question = due.get(field.name);
    const options = question && question.options.length > 0 ? optionsOf(question.options) : field.options;
    return {
      ...field,
      options,
      value: values[field.name] ?? '',
      isDue: question !== undefined,
      help: question?.asks ?? field.help,
    };
  });
  // Of two runs, or of an assay: no column of its own asks it.
  const others = questions.filter(({ field }) => /^w\.(paw|site)\./.test(field));
  const answered = [...choices.words].flatMap(([place, words]) =>
    /^(paw|site)\./.test(place)
      ? [{ name: `w.${place}.`, label: place.replace('.', ' of '), value: words.get('') ?? '', isDue: false }]
      : [],
  );
  return {
    meanings: groupsOf(records, about),
    records: IMPORTABLE.map(([name, words]) => ({ name, words, isChosen: records.includes(name) })),
    columns: places.slice(0, MOST_COLUMNS).map((choice) => viewColumn(choice, choices, about, due)),
    settings: [
      ...shown,
      ...others.map(({ field, asks, options }) => ({
        name: field,
        label: asks,
        value: '',
        options: optionsOf(options),
        isDue: true,
      })),
      ...answered,
      ...constantsOf(choices, about).flatMap((constant) => viewConstant(constant, due)),
    ],
    asked: questions.filter(({ field }) => /^m(\.|$)/.test(field)).map(({ asks }) => asks),
  };
}

/** What columns can be. Words that stand in two groups name the command, since a closed choice shows no group. */
function groupsOf(records: readonly string[], about: SuggestedFor['about']): OptionGroup[] {
  const always = meaningsOf(about);
  const fields = records.map((record) => commandFields(record, about));
  const all = [...always.map(([, words]) => words), ...fields.flat().map(({ words }) => words)];
  const isShared = (words: string): boolean => all.indexOf(words) !== all.lastIndexOf(words);
  return [
    { options: always },
    ...fields.map((own, index) => {
      const label = IMPORTABLE.find(([name]) => name === records[index])?.[1];
      const options = own.map(
        ({ means, words }) => [means, isShared(words) ? `${words} (${label})` : words] as const,
      );
      return { label, options };
    }),
  ];
}

/** What is the same in every row, also after it was said: it can be changed. */
function viewConstant({ field, said }: Constant, due: Due): FoundField[] {
  const { means, words, options, isReference } = field;
  if (isReference) return [];
  const name = `v.${means}`;
  const asks = due.get(name)?.asks;
  return [
    {
      name,
      label: `${words.charAt(0).toUpperCase()}${words.slice(1)}, in every row`,
      value: said,
      isDue: asks !== undefined,
      ...(asks !== undefined && { help: asks }),
      ...(options.length > 0 && { options }),
    },
  ];
}

type Due = ReadonlyMap<string, { readonly asks: string }>;

function viewColumn(
  choice: Choice,
  choices: SuggestedFor['choices'],
  about: SuggestedFor['about'],
  due: Due,
): FoundColumn {
  const { place, title, cells, means, sure, unit } = choice;
  const words = wordsOf(choice, choices, about).map(({ word, options, value }) => ({
    name: `w.${place}.${word}`,
    label: `“${word}” is`,
    value,
    isDue: due.has(`w.${place}.${word}`),
    ...(options.length > 0 ? { options } : { type: 'date' as const }),
  }));
  const options = unitsOf(means, about).map((one) => [one, unitInWords(one)] as const);
  const name = `u.${place}`;
  const units: FoundField[] =
    options.length > 0 ? [{ name, label: 'Unit', value: unit, options, isDue: due.has(name) }] : [];
  return {
    place,
    title,
    means,
    sure,
    cells: cells.slice(0, 3).map(({ text, kind }) => (kind === 'date' ? dateShown(text) : text.slice(0, 40))),
    fields: [...units, ...words],
  };
}

/** A date as the spreadsheet stores it says nothing to a person. */
function dateShown(serial: string): string {
  const ms = Math.round((Number(serial) - 25_569) * 86_400) * 1000;
  if (Number(serial) < 1) return new Date(ms + 25_569 * 86_400_000).toISOString().slice(11, 16);
  return Number.isNaN(ms)
    ? serial
    : new Date(ms).toISOString().slice(0, 16).replace('T', ' ').replace(' 00:00', '');
}

function optionsOf(options: readonly { readonly value: string; readonly means: string }[]): Option[] {
  return options.map(({ value, means }) => [value, means]);
}
