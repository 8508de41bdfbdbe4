import type { AboutStudy } from './about-study.js';
import { commandFields, TOLD_BY_MEANINGS, unitAmong, type CommandField } from './command-fields.js';
import type { Choices } from './suggest.js';

/** A field that a command needs and no column holds: it is the same in every row, and a person says it. */
export interface Constant {
  readonly field: CommandField;
  /** As it was said; empty where it was not. */
  readonly said: string;
  /** In the mapping; undefined while it is not said, or cannot be read. */
  readonly source: object | undefined;
}

export function constantsOf({ records, places, values }: Choices, about: AboutStudy): Constant[] {
  return records
    .filter((name) => TOLD_BY_MEANINGS[name] === undefined)
    .flatMap((name) => commandFields(name, about))
    .filter((field) => field.isRequired && !places.some(({ means }) => isHeldBy(field, means)))
    .map((field) => {
      const said = values.get(field.means) ?? '';
      return { field, said, source: sourceOf(field, said) };
    });
}

/** The body weight that a dose was worked out with is the weight of its row. */
export function isHeldBy({ command, means, path }: CommandField, other: string): boolean {
  return other === means || (command.startsWith('Administer') && path === 'bodyWeight' && other === 'weight');
}

function sourceOf({ is, isReference, options }: CommandField, said: string): object | undefined {
  if (said === '' || isReference) return undefined;
  if (options.length > 0) return options.some(([value]) => value === said) ? { value: said } : undefined;
  if (is.kind !== 'quantity') return { value: said };
  const [, digits = '', written = ''] = /^(-?\d+(?:\.\d+)?)\s*(\S+)$/.exec(said) ?? [];
  const unit = unitAmong(written, is.units);
  return digits === '' || unit === undefined ? undefined : { value: digits, unit };
}
