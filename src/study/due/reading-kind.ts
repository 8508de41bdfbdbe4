import type { Protocol } from '../protocol.js';
import { judgedAssay } from '../rules/scale.js';
import { siteOf, type Side } from '../rules/site.js';

/** What a rule judges, and how a reading of it is recorded. */
export interface ReadingKind {
  readonly command: 'RecordThreshold' | 'RecordMeasurement';
  readonly data:
    { readonly paw: string; readonly ladder: string } | { readonly assay: string; readonly site?: string };
  /** `run`, or the assay and its site in words. */
  readonly name: string;
}

/** @param injured undefined before the operation: then each site that the rule may judge after it. */
export function readingKinds(
  rule: { readonly of?: string; readonly site?: string },
  protocol: Protocol,
  injured: Side | undefined,
): ReadingKind[] {
  if (rule.of === undefined) return thresholdOf(protocol);
  const assay = judgedAssay(rule, protocol);
  if (!assay) return [];
  const sides = injured === undefined ? ([undefined, 'left', 'right'] as const) : [injured];
  const sites = new Set(
    sides.map((side) => siteOf(assay, rule.site, side)).filter((site) => site !== undefined),
  );
  return [...sites].map((site) => ({
    command: 'RecordMeasurement',
    data: { assay: assay.id, site },
    name: `${assay.id}, ${site}`.replaceAll('-', ' '),
  }));
}

function thresholdOf({ ladder }: Protocol): ReadingKind[] {
  return ladder
    ? [{ command: 'RecordThreshold', data: { paw: 'ipsilateral', ladder: ladder.id }, name: 'run' }]
    : [];
}
