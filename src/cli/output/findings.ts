import type { Findings } from '../../study/projections/findings.js';

/** The flags of a record and the verdicts that it changed, on one line; empty where there are none. */
export function describeFindings({ flags = [], verdicts = [] }: Findings): string {
  return [
    ...(flags.length > 0 ? [`flagged ${flags.join(', ')}`] : []),
    ...verdicts.map(({ subject, question, before, after }) => `${subject} ${question}: ${before} → ${after}`),
  ].join('; ');
}
