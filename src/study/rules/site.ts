import type { Assay } from '../protocol/measurements.js';

export type Side = 'left' | 'right';

/**
 * The site of an assay that a rule judges: the one that it names, the only one, or else that of the injured side.
 * `ipsilateral-hind-paw` is left-hind-paw of an animal that was injured on the left, `ipsilateral` the only site on that
 * side. Undefined where the animal has no injured side, or where more than one site fits.
 */
export function siteOf(
  { sites }: Pick<Assay, 'sites'>,
  named: string | undefined,
  injured: Side | undefined,
): string | undefined {
  if (named !== undefined && sites.includes(named)) return named;
  if (named === undefined && sites.length === 1) return sites[0];
  const [, which, part] = /^(ipsi|contra)lateral(-.+)?$/.exec(named ?? 'ipsilateral') ?? [];
  if (which === undefined) return undefined;
  const words = [`${which}lateral`, injured && (which === 'ipsi' ? injured : opposite(injured))];
  const there = sites.filter((site) => words.some((word) => word !== undefined && isOn(word, site, part)));
  return there.length === 1 ? there[0] : undefined;
}

function isOn(word: string, site: string, part: string | undefined): boolean {
  return part === undefined ? site === word || site.startsWith(`${word}-`) : site === word + part;
}

function opposite(side: Side): Side {
  return side === 'left' ? 'right' : 'left';
}
