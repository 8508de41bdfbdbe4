import type { Cell } from '../reading/sheet.js';
import type { AboutStudy } from './about-study.js';
import { isCell } from './layout.js';
import type { Choice, Choices } from './suggest.js';
import { askedOf, type Question } from './questions.js';
import { dateForms, decimalMarks, filamentReadings } from './values.js';
import { wordsOf } from './words.js';

/** The mapping that choices come to, or what only a person can say before there is one. */
export interface Suggested {
  /** With the settings that the cells leave one reading for. */
  readonly choices: Choices;
  readonly questions: readonly Question[];
  readonly mapping?: object;
}

type Shape = Record<string, unknown>;

export function mappingOf(chosen: Choices, about: AboutStudy): Suggested {
  const choices = withReadings(chosen, about);
  const questions = askedOf(choices, about);
  if (questions.length > 0) return { choices, questions };
  return { choices, questions, mapping: new Draft(choices, about).mapping() };
}

/** Fills settings in which the cells leave one reading; where they leave two, a person is asked. */
function withReadings(choices: Choices, { ladder }: AboutStudy): Choices {
  const { places, settings } = choices;
  const cellsOf = (means: RegExp): Cell[] =>
    places.filter((one) => means.test(one.means)).flatMap((one) => one.cells);
  const only = (readings: readonly string[]): string => (readings.length === 1 ? readings[0]! : '');
  const dates = cellsOf(/^(date|birth|arrived)$/).filter(({ kind }) => kind === 'text');
  const filaments = cellsOf(/^(last|filament)$/);
  return {
    ...choices,
    settings: {
      ...settings,
      decimal: settings.decimal || only(decimalMarks(cellsOf(/^(weight|assay:.*)$/))),
      dates: settings.dates || (dates.length > 0 ? only(dateForms(dates)) : ''),
      filaments:
        settings.filaments ||
        (ladder && filaments.length > 0 ? only(filamentReadings(filaments, ladder)) : ''),
    },
  };
}

/**
 * Writes a mapping of `study-ledger/1` from choices that answer every question, table by table. What the columns of a command
 * share is looked up in one place, so the file is long.
 */
class Draft {
  private readonly columns: readonly Choice[];
  private readonly above: readonly Choice[];

  constructor(
    private readonly choices: Choices,
    private readonly about: AboutStudy,
  ) {
    this.columns = choices.places.filter(({ place }) => !isCell(place));
    this.above = choices.places.filter(({ place }) => isCell(place));
  }

  mapping(): object {
    const { decimal, zone, reason } = this.choices.settings;
    const rows = [...this.weights(), ...this.runs(), ...this.measurements(), ...this.scores()];
    const tables = [...this.enrolment(), ...(rows.length > 1 ? rows : rows.map(alone))];
    return {
      mapping: 'study-ledger/1',
      ...(decimal === ',' && { decimal }),
      ...this.dates(),
      ...(this.columns.some(
        (one) => one.means === 'time' && one.cells.some(({ text }) => /[ap]\.?m\.?$/i.test(text)),
      ) && {
        times: ['H:mm', 'h:mm A'],
      }),
      ...(zone !== '' && { zone }),
      ...(reason !== '' && { reason }),
      tables: tables.map((table) => this.placed(table)),
    };
  }

  /** The forms of dates, where they are not the usual one alone. */
  private dates(): object {
    const { dates } = this.choices.settings;
    if (dates === '' || dates === 'YYYY-MM-DD') return {};
    // What a word means is written in the usual form.
    const hasWords = this.choices.places.some(
      (one) => one.means === 'date' && wordsOf(one, this.choices, this.about).length > 0,
    );
    return {
      dates: [dates, ...(hasWords ? ['YYYY-MM-DD'] : [])],
      ...(/[^Y]YY$/.test(dates) && { century: 2000 }),
    };
  }

  /** What every table says of the sheets. */
  private placed({ record, ...table }: Shape): object {
    const { header, sheets } = this.choices.layout;
    return {
      record,
      ...(sheets.length > 0 && { sheets }),
      ...(header !== 1 && table['once'] !== 'sheet' && { header }),
      ...table,
    };
  }

  private enrolment(): Shape[] {
    const isAbove = this.above.some(({ means }) => ANIMAL.has(means));
    const places = isAbove ? this.above : this.columns;
    if (!places.some(({ means }) => ANIMAL.has(means))) return [];
    const find = (means: string): Choice | undefined => places.find((one) => one.means === means);
    const { species, assume } = this.choices.settings;
    const [arrived, weight] = [find('arrived'), isAbove ? find('weight') : undefined];
    const read = (means: string): unknown => {
      const found = find(means);
      return found && this.source(found);
    };
    const data = {
      species: read('species') ?? { value: species },
      strain: read('strain'),
      sex: read('sex'),
      dateOfBirth: read('birth'),
      bodyWeight: weight && this.weight(weight),
      arrival: arrived && this.source(arrived),
      'housing.cage': read('cage'),
      'allocation.group': read('group'),
    };
    const when = isAbove && arrived ? { date: this.source(arrived), assume } : this.when();
    return [
      {
        record: 'EnrolSubject',
        once: isAbove ? 'sheet' : 'animal',
        subject: this.subject(),
        occurredAt: when,
        data: defined(data),
      },
    ];
  }

  private weights(): Shape[] {
    const found = this.column('weight');
    if (!found) return [];
    const data = { weight: this.weight(found), ...this.comment('RecordBodyWeight') };
    return [this.row('RecordBodyWeight', [found], { data })];
  }

  private runs(): Shape[] {
    const [responses, last] = [this.all('responses'), this.all('last')];
    const filament = this.column('filament');
    const response = this.column('response');
    const applied = this.columns.filter(({ means }) => means.startsWith('applied:'));
    const touches = this.all('touches');
    const run = (places: readonly Choice[], body: Shape, index = 0, count = 1): Shape =>
      this.row('RecordThreshold', places, {
        ...(count > 1 && { name: `run-${index + 1}` }),
        run: defined({ ...body, irregular: this.choices.settings.irregular || undefined }),
        data: { paw: this.paw(places[0]!), ...(index === 0 && this.comment('RecordThreshold')) },
      });
    if (responses.length > 0)
      return responses.map((one, index) => {
        const end = last[index] ?? last[0]!;
        const body = {
          responses: this.bare(one),
          last: this.bare(end),
          ...this.labels(end),
          ...this.marks(one),
        };
        return run([one, end], body, index, responses.length);
      });
    if (touches.length > 0)
      return touches.map((one, index) => run([one], { touches: this.bare(one) }, index, touches.length));
    if (applied.length > 0) {
      const filaments = Object.fromEntries(
        applied.map((one) => [one.means.slice('applied:'.length), this.bare(one)]),
      );
      return [run(applied, { filaments, ...this.marks(...applied) })];
    }
    if (!filament || !response) return [];
    const number = this.column('number');
    const body = {
      ...(number && { number: this.bare(number) }),
      filament: this.bare(filament),
      response: this.bare(response),
      ...this.labels(filament),
      ...this.marks(response),
    };
    const groups = ['animal', 'date', 'day', 'paw', 'run'].flatMap(
      (means) => this.column(means)?.title ?? [],
    );
    return [{ ...run([filament, response], body), groupBy: groups }];
  }

  private measurements(): Shape[] {
    return this.about.assays.flatMap(({ id, sites }) => {
      const trials = this.all(`assay:${id}`);
      if (trials.length === 0) return [];
      const [first] = trials as [Choice];
      const source =
        trials.length > 1 ? { columns: trials.map(({ title }) => title), join: ' ' } : this.bare(first);
      const site = this.said(`site.${id}`) ?? sites[0]!;
      const data = { assay: { value: id }, site: { value: site }, trials: source };
      return [this.row('RecordMeasurement', [first], { name: id, data })];
    });
  }

  private scores(): Shape[] {
    const items = this.columns.filter(({ means }) => means.startsWith('score:'));
    const { welfare } = this.about;
    if (items.length === 0 || !welfare) return [];
    const scores = Object.fromEntries(items.map((one) => [one.means.slice('score:'.length), this.bare(one)]));
    return [
      this.row('ScoreWelfare', items, { data: { sheet: { value: welfare.sheet }, scores: { scores } } }),
    ];
  }

  /** A table of which each row that has something in these columns makes a record. */
  private row(record: string, [key, ...others]: readonly Choice[], table: Shape): Shape {
    const reason = this.column('reason');
    const isNamed = others.length < 2 && this.isUnique(key!);
    return {
      record,
      ...(isNamed ? { where: [{ column: key!.title, filled: true }] } : { blank: 'skip' }),
      subject: this.subject(),
      occurredAt: this.when(),
      ...(reason && { reason: this.bare(reason) }),
      ...table,
    };
  }

  private subject(): unknown {
    const found = this.column('animal') ?? this.above.find(({ means }) => means === 'animal');
    if (found) return this.bare(found);
    const { strip, prefix } = this.choices.settings;
    return { sheetName: true, ...(strip !== '' && { strip }), ...(prefix !== '' && { prefix }) };
  }

  private when(): object {
    const { assume, from } = this.choices.settings;
    const [instant, date, time, day] = ['instant', 'date', 'time', 'day'].map((means) => this.column(means));
    if (instant) return { instant: this.bare(instant) };
    const rest = { ...(time && { time: this.bare(time) }), ...(assume !== '' && { assume }) };
    return date ? { date: this.source(date), ...rest } : { day: this.bare(day!), from, assume };
  }

  private paw(run: Choice): unknown {
    const column = this.column('paw');
    return column
      ? this.source(column)
      : { value: this.said(`paw.${run.place}`) ?? this.choices.settings.paw };
  }

  private weight(choice: Choice): object {
    const place = this.bare(choice);
    const source = typeof place === 'string' ? { column: place } : place;
    return choice.unit === 'g' ? { ...source, unit: 'g' } : { ...source, unit: 'g', from: choice.unit };
  }

  /** The remark goes to one record of a row. */
  private comment(record: string): object {
    const found = this.column('comment');
    const isRun = this.columns.some(({ means }) => RUN.test(means));
    return found && (record === 'RecordThreshold') === isRun ? { comment: this.bare(found) } : {};
  }

  private labels({ place, cells }: Choice): object {
    const { ladder } = this.about;
    const given = this.choices.words.get(place);
    if (given && given.size > 0) return { labels: Object.fromEntries(given) };
    if (this.choices.settings.filaments !== 'numbers' || !ladder) return {};
    const used = new Set(cells.map(({ text }) => text));
    const counted = ladder.filaments.map(({ label }, index) => [String(index + 1), label] as const);
    return { labels: Object.fromEntries(counted.filter(([number]) => used.has(number))) };
  }

  /** What stands for responses, where that is other than X, O and ?. */
  private marks(...places: readonly Choice[]): object {
    const words = places.flatMap((place) => wordsOf(place, this.choices, this.about));
    const known: Readonly<Record<string, readonly string[]>> = {
      X: ['X', 'x'],
      O: ['O', 'o', '0'],
      '?': ['?'],
    };
    const marks = Object.entries(known).flatMap(([response, usual]) => {
      const own = words.filter(({ value }) => value === response).map(({ word }) => word);
      return own.some((word) => !usual.includes(word))
        ? [[response, [...new Set([...usual, ...own])]] as const]
        : [];
    });
    return Object.fromEntries(marks);
  }

  /** Where a place stands, with what its words mean. */
  private source(choice: Choice): unknown {
    const place = this.bare(choice);
    const words = wordsOf(choice, this.choices, this.about).filter(({ value }) => value !== '');
    if (words.length === 0) return place;
    const lookup = Object.fromEntries(words.map(({ word, value }) => [word, value]));
    return { ...(typeof place === 'string' ? { column: place } : place), lookup };
  }

  private bare(choice: Choice): string | { letter: string } | { cell: string } {
    if (isCell(choice.place)) return { cell: choice.place };
    return this.isUnique(choice) ? choice.title : { letter: choice.place };
  }

  /** Whether its header names it and no other column. */
  private isUnique({ title }: Choice): boolean {
    const plain = (text: string): string => text.replace(/\s+/g, ' ').trim().toLowerCase();
    return (
      title !== '' &&
      title.length <= 200 &&
      this.columns.filter((one) => plain(one.title) === plain(title)).length === 1
    );
  }

  private said(name: string): string | undefined {
    return this.choices.words.get(name)?.get('') || undefined;
  }

  private column(means: string): Choice | undefined {
    return this.columns.find((one) => one.means === means);
  }

  private all(means: string): Choice[] {
    return this.columns.filter((one) => one.means === means);
  }
}

/** A table that no other has to be told apart from. */
function alone(table: Shape): Shape {
  return Object.fromEntries(Object.entries(table).filter(([name]) => name !== 'where' && name !== 'blank'));
}

const ANIMAL: ReadonlySet<string> = new Set(['strain', 'sex']);
const RUN = /^(responses|touches|response|applied:.*)$/;

function defined(value: Shape): Shape {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));
}
