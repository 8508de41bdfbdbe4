import { readFileSync } from 'node:fs';

/** Protocols to begin with. `REQUIRED` stands in them for each number that has no verified source. */
export const TEMPLATES = {
  'reference-study':
    'rats, partial sciatic nerve ligation, stimulation and ketamine (the example of this program)',
  'mouse-sni': 'mice, spared nerve injury, von Frey and heat latency, a systemic drug',
  'rat-cfa': 'rats, CFA in a hind paw, paw pressure and heat latency, a systemic drug',
  empty: 'the sections that no study can do without',
} as const;
export type TemplateName = keyof typeof TEMPLATES;

export function isTemplate(name: string): name is TemplateName {
  return Object.hasOwn(TEMPLATES, name);
}

/** JSON with comments. */
export function templateText(name: TemplateName): string {
  return readBeside(`templates/${name}.jsonc`);
}

/** The template `mouse-sni` with the numbers of the simulated study of mice, which are nobody’s recommendation. */
export function filledMouseTemplate(): string {
  return readBeside('examples/mouse-sni.jsonc');
}

function readBeside(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
}
