/**
 * Names of the fields of a form. They are the paths that refusals name as well: `data.weight.value`, `data.scores[0].item`.
 * The members of one of several forms have its place before them: `data.trials[0]|1.filament`.
 */

export function memberName(name: string, member: string): string {
  return name === '' ? member : `${name}.${member}`;
}

export function itemName(name: string, index: number): string {
  return `${name}[${index}]`;
}

/** Says which of several forms was chosen. */
export function variantName(name: string): string {
  return `${name}|`;
}

export function inVariant(name: string, variant: number): string {
  return `${name}|${variant}`;
}

/** The path in a body that a field stands for. */
export function pathOf(name: string): string {
  return name.replaceAll(/\|\d*/g, '');
}
