import type { Cell } from '../reading/sheet.js';
import type { AboutStudy } from './about-study.js';
import { Places } from './places.js';
import type { Choice, Choices } from './suggest.js';
import { askedOf, type Question } from './questions.js';
import { dateForms, decimalMarks, filamentReadings } from './values.js';
import { TOLD_BY_MEANINGS, commandFields, fieldOf } from './command-fields.js';
import { constantsOf } from './constants.js';
import { isDate, isNumber, wordsOf } from './words.js';

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
function withReadings(choices: Choices, about: AboutStudy): Choices {
  const { ladder } = about;
  const { places, settings } = choices;
  const cellsOf = (is: (means: string) => boolean): Cell[] =>
    places.filter((one) => is(one.means)).flatMap((one) => one.cells);
  const only = (readings: readonly string[]): string => (readings.length === 1 ? readings[0]! : '');
  const dates = cellsOf((means) => isDate(means, about)).filter(({ kind }) => kind === 'text');
  const filaments = cellsOf((means) => means === 'last' || means === 'filament');
  return {
    ...choices,
    settings: {
      ...settings,
      decimal: settings.decimal || only(decimalMarks(cellsOf((means) => isNumber(means, about)))),
      dates: settings.dates || (dates.length > 0 ? only(dateForms(dates)) : ''),
      filaments:
        settings.filaments ||
        (ladder && filaments.length > 0 ? only(filamentReadings(filaments, ladder)) : ''),
    },
  };
}

/**
 * Writes a mapping of `study-ledger/1` from choices that answer every question, table by table. All parts fill one draft, so
 * the file is long.
 */
class Draft extends Places {
  mapping(): object {
    const { decimal, zone, reason } = this.choices.settings;
    const told = [...this.weights(), ...this.runs(), ...this.measurements(), ...this.scores()];
    const rows = [...told, ...this.others(told.length > 0)];
    const tables = [...this.enrolment(), ...(rows.length > 1 ? rows : rows.map(alone))].map((table) =>
      this.withFields(table),
    );
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

  /** Tables of the commands that were chosen by name. */
  private others(hasTold: boolean): Shape[] {
    const label = this.column('label');
    const names = this.choices.records.filter((name) => TOLD_BY_MEANINGS[name] === undefined);
    return names.map((name, index) => {
      const held = commandFields(name, this.about).filter(({ means }) => this.column(means));
      const key = held.find(({ isRequired }) => isRequired) ?? held[0];
      const comment = this.column('comment');
      const takesComment = !hasTold && index === 0 && comment && has(name, 'comment', this.about);
      return this.row(name, key ? [this.column(key.means)!] : [], {
        ...(label && { label: this.bare(label) }),
        data: takesComment ? { comment: this.bare(comment) } : {},
      });
    });
  }

  /** A table with what columns and constants say of the fields of its command. */
  private withFields(table: Shape): Shape {
    const { record, data, ...rest } = table;
    const constants = constantsOf(this.choices, this.about);
    const fields = commandFields(String(record), this.about);
    const scores: Shape = {};
    const more: Shape = {};
    for (const field of fields) {
      const found = this.columns.find(({ means }) => means === field.means) ?? this.shared(field);
      const value = found
        ? this.field(found, field)
        : constants.find((one) => one.field.means === field.means)?.source;
      if (value === undefined) continue;
      if (field.path.startsWith('scores.')) scores[field.path.slice('scores.'.length)] = value;
      else more[field.path] = value;
    }
    const { sideEffects } = this.about;
    return {
      record,
      ...rest,
      data: {
        ...(data as Shape),
        ...more,
        ...(Object.keys(scores).length > 0 && { scale: { value: sideEffects?.scale }, scores: { scores } }),
      },
    };
  }

  /** A table of which each row that has something in these columns makes a record. */
  private row(record: string, [key, ...others]: readonly Choice[], table: Shape): Shape {
    const [reason, later] = [this.column('reason'), this.column('later')];
    const isNamed = key !== undefined && others.length < 2 && this.isUnique(key);
    return {
      record,
      ...(isNamed ? { where: [{ column: key.title, filled: true }] } : { blank: 'skip' }),
      subject: this.subject(),
      occurredAt: this.when(),
      ...(reason && { reason: this.bare(reason) }),
      ...(later && { afterClose: this.bare(later) }),
      ...table,
    };
  }

  private paw(run: Choice): unknown {
    const column = this.column('paw');
    return column
      ? this.source(column)
      : { value: this.said(`paw.${run.place}`) ?? this.choices.settings.paw };
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
}

/** A table that no other has to be told apart from. */
function alone(table: Shape): Shape {
  return Object.fromEntries(Object.entries(table).filter(([name]) => name !== 'where' && name !== 'blank'));
}

function has(command: string, path: string, about: AboutStudy): boolean {
  return fieldOf(`${command}.${path}`, about) !== undefined;
}

const ANIMAL: ReadonlySet<string> = new Set(['strain', 'sex']);
const RUN = /^(responses|touches|response|applied:.*)$/;

function defined(value: Shape): Shape {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined));
}
