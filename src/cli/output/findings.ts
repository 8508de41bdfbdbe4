import type { Findings } from '../../study/projections/findings.js';
import { seenInWords, type EndpointAlert } from '../../study/welfare/endpoints.js';

/** The flags of a record and the verdicts that it changed, on one line; empty where there are none. */
export function describeFindings({ flags = [], otherRecord, verdicts = [] }: Findings): string {
  return [
    ...(flags.length > 0 ? [`flagged ${flags.join(', ')}${besideRecord(otherRecord)}`] : []),
    ...describeVerdicts({ verdicts }),
  ].join('; ');
}

/** Each verdict that a record changed. */
export function describeVerdicts({ verdicts = [] }: Findings): string[] {
  return verdicts.map(
    ({ subject, question, before, after }) => `${subject} ${question}: ${before} → ${after}`,
  );
}

/** The record that a flag is about. */
export function besideRecord(number: number | undefined): string {
  return number === undefined ? '' : ` (see record ${number})`;
}

/** A humane endpoint that a record has reached, or would reach. */
export function endpointReached({ subject, id, record, ...seen }: EndpointAlert, isForeseen = false): string {
  const what = `the humane endpoint ${id} (#${record}: ${seenInWords(seen)})`;
  if (isForeseen) return `${subject} would have reached ${what}.`;
  return `${subject} has reached ${what}. Record the decision with DecideEndpoint.`;
}
