import { Reason, Line, matches, printable } from '../../study/schema.js';
import { Problem } from '../platform/problems.js';
import type { ImportDraft, LeftOut } from './import-drafts.js';
import { textOf } from './import-suggestion.js';

const MOST = 1000;

/** Rows that a form names, such as `6, 9-12`, with the reason. @throws Problem */
export function readLeftOut(pairs: URLSearchParams): LeftOut {
  const sheet = pairs.get('sheet') ?? '';
  const reason = pairs.get('outReason')?.trim() ?? '';
  if (!matches(Reason, reason))
    throw new Problem(
      'field-invalid',
      'Why they are left out has to be one line of text with at least three letters or digits.',
      'outReason',
    );
  if (sheet !== '' && !matches(Line, sheet))
    throw new Problem('field-invalid', 'The sheet has to be one of the file.', 'sheet');
  return { ...(sheet !== '' && { sheet }), rows: rowsIn(pairs.get('rows') ?? ''), reason };
}

function rowsIn(text: string): number[] {
  const parts = text
    .replace(/\s*[-–]\s*/g, '-')
    .split(/[\s,;]+/)
    .filter((part) => part !== '');
  const rows = parts.flatMap((part) => {
    const [, from = '', to = from] = /^(\d{1,7})(?:-(\d{1,7}))?$/.exec(part) ?? [];
    const [first, last] = [Number(from), Number(to)];
    if (from === '' || first < 1 || last < first || last - first >= MOST) throw notRows(text);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
  if (rows.length === 0 || rows.length > MOST) throw notRows(text);
  return [...new Set(rows)];
}

function notRows(text: string): Problem {
  const detail = `“${printable(text)}” names no rows: write their numbers as the sheet counts them, such as 6, 9-12, at most ${MOST}.`;
  return new Problem('field-invalid', detail, 'rows');
}

/** The text of a mapping with what was said of this file: the rows that are left out, and that it was found after closing. */
export function withSaid(
  text: string,
  { sha256, leftOut, foundLater }: Pick<ImportDraft, 'sha256' | 'leftOut' | 'foundLater'>,
): string {
  if (leftOut.length === 0 && !foundLater) return text;
  const { tables, ...mapping } = JSON.parse(text) as { leaveOut?: { file: string }[]; tables: unknown };
  const before = (mapping.leaveOut ?? []).filter(({ file }) => file === sha256);
  const leaveOut = [...before, ...leftOut.map((one) => ({ file: sha256, ...one }))];
  return textOf({
    ...mapping,
    ...(leftOut.length > 0 && { leaveOut }),
    ...(foundLater && { afterClose: true }),
    tables,
  });
}
