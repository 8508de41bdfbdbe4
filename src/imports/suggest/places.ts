import type { AboutStudy } from './about-study.js';
import type { CommandField } from './command-fields.js';
import { isHeldBy } from './constants.js';
import { isCell } from './layout.js';
import type { Choice, Choices } from './suggest.js';
import { wordsOf } from './words.js';

/** Where a mapping finds what columns and cells above them were chosen to be. */
export class Places {
  protected readonly columns: readonly Choice[];
  protected readonly above: readonly Choice[];

  constructor(
    protected readonly choices: Choices,
    protected readonly about: AboutStudy,
  ) {
    this.columns = choices.places.filter(({ place }) => !isCell(place));
    this.above = choices.places.filter(({ place }) => isCell(place));
  }

  protected subject(): unknown {
    const found = this.column('animal') ?? this.above.find(({ means }) => means === 'animal');
    if (found) return this.bare(found);
    const { strip, prefix } = this.choices.settings;
    return { sheetName: true, ...(strip !== '' && { strip }), ...(prefix !== '' && { prefix }) };
  }

  protected when(): object {
    const { assume, from } = this.choices.settings;
    const [instant, date, time, day] = ['instant', 'date', 'time', 'day'].map((means) => this.column(means));
    if (instant) return { instant: this.bare(instant) };
    const rest = { ...(time && { time: this.bare(time) }), ...(assume !== '' && { assume }) };
    return date ? { date: this.source(date), ...rest } : { day: this.bare(day!), from, assume };
  }

  protected weight(choice: Choice): object {
    const place = this.bare(choice);
    const source = typeof place === 'string' ? { column: place } : place;
    return choice.unit === 'g' ? { ...source, unit: 'g' } : { ...source, unit: 'g', from: choice.unit };
  }

  /** The weight of the row, where a dose has no column of its own for it. */
  protected shared(field: CommandField): Choice | undefined {
    return this.columns.find(({ means }) => isHeldBy(field, means));
  }

  protected field(found: Choice, { is, isReference }: CommandField): unknown {
    const place = this.bare(found);
    if (isReference && this.column('label')) return { reference: place };
    if (is.kind !== 'quantity') return this.source(found);
    return { ...(typeof place === 'string' ? { column: place } : place), unit: found.unit };
  }

  /** Where a place stands, with what its words mean. */
  protected source(choice: Choice): unknown {
    const place = this.bare(choice);
    const words = wordsOf(choice, this.choices, this.about).filter(({ value }) => value !== '');
    if (words.length === 0) return place;
    const lookup = Object.fromEntries(words.map(({ word, value }) => [word, value]));
    return { ...(typeof place === 'string' ? { column: place } : place), lookup };
  }

  protected bare(choice: Choice): string | { letter: string } | { cell: string } {
    if (isCell(choice.place)) return { cell: choice.place };
    return this.isUnique(choice) ? choice.title : { letter: choice.place };
  }

  /** Whether its header names it and no other column. */
  protected isUnique({ title }: Choice): boolean {
    const plain = (text: string): string => text.replace(/\s+/g, ' ').trim().toLowerCase();
    return (
      title !== '' &&
      title.length <= 200 &&
      this.columns.filter((one) => plain(one.title) === plain(title)).length === 1
    );
  }

  protected said(name: string): string | undefined {
    return this.choices.words.get(name)?.get('') || undefined;
  }

  protected column(means: string): Choice | undefined {
    return this.columns.find((one) => one.means === means);
  }

  protected all(means: string): Choice[] {
    return this.columns.filter((one) => one.means === means);
  }
}
