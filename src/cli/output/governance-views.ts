import { printInstant } from '../../study/instant.js';
import type { QualityAssurance } from '../../study/projections/quality-assurance.projection.js';
import type { ReviewAnswer } from '../../study/projections/review.projection.js';
import { wrapped, type Block } from './page.js';
import { table } from './table.js';

/** What deserves a look, list by list, and what was reviewed. */
export function review({ hours, reviews, unreviewed, lists }: ReviewAnswer): Block[] {
  return [
    wrapped(
      `Working hours ${hours.from} to ${hours.to} in ${hours.zone}, ${hours.weekends === 'out' ? 'Monday to Friday' : 'every day'}.`,
    ),
    wrapped(
      unreviewed.length === 0
        ? 'Every record was reviewed.'
        : `Not reviewed: ${unreviewed.map(({ from, to }) => (from === to ? `#${from}` : `#${from} to #${to}`)).join(', ')}.`,
    ),
    '',
    reviews.length === 0 ? wrapped('Nobody has reviewed the trail yet.') : reviewTable(reviews),
    ...lists.flatMap(({ title, rule, count, rows }) => [
      '',
      wrapped(`${title}: ${count === 0 ? 'none' : count}`),
      wrapped(rule),
      ...(count === 0
        ? []
        : [
            table(rows, [
              { head: '#', cell: ({ record }) => String(record), align: 'right' },
              { head: 'what', cell: ({ type }) => type, flexible: 'camelCase' },
              { head: 'who', cell: ({ actor }) => actor },
              { head: 'recorded', cell: ({ recordedAt }) => printInstant(recordedAt), flexible: true },
              { head: 'why', cell: ({ why }) => why, flexible: true },
            ]),
          ]),
    ]),
  ];
}

function reviewTable(reviews: ReviewAnswer['reviews']): Block {
  return table(reviews, [
    { head: '#', cell: ({ record }) => String(record), align: 'right' },
    { head: 'records', cell: ({ from, to }) => `${from}–${to}` },
    { head: 'reviewer', cell: ({ reviewer }) => reviewer },
    {
      head: 'status',
      cell: ({ status, supersededBy }) =>
        supersededBy === null
          ? status
          : `${status === 'unsigned' ? 'unsigned, ' : ''}superseded by #${supersededBy}`,
      flexible: true,
    },
    { head: 'findings', cell: ({ findings }) => findings, flexible: true },
  ]);
}

export function qualityAssurance({ inspections, unreported, unsigned }: QualityAssurance): Block[] {
  if (inspections.length === 0) return [wrapped('No inspection by quality assurance is recorded.')];
  const numbers = (records: readonly number[]): string => records.map((record) => `#${record}`).join(', ');
  return [
    table(inspections, [
      { head: '#', cell: ({ record }) => String(record), align: 'right' },
      { head: 'phase', cell: ({ phase }) => phase, flexible: true },
      { head: 'inspected', cell: ({ on }) => on },
      { head: 'by', cell: ({ inspector }) => inspector },
      { head: 'to director', cell: ({ reported }) => reported.director?.on ?? 'not yet' },
      { head: 'to management', cell: ({ reported }) => reported.management?.on ?? 'not yet' },
      {
        head: 'signed',
        cell: ({ signatures }) =>
          signatures
            .map(({ printedName, status, supersededBy }) =>
              [printedName, supersededBy === null ? status : `${status} by #${supersededBy}`].join(', '),
            )
            .join('; '),
        flexible: true,
      },
    ]),
    ...(unreported.length > 0 ? [wrapped(`Not reported to both: ${numbers(unreported)}.`)] : []),
    ...(unsigned.length > 0 ? [wrapped(`Not signed: ${numbers(unsigned)}.`)] : []),
  ];
}
