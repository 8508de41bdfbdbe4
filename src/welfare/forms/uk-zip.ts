import { csvLine } from '../../shared/csv.js';
import { zipFiles } from '../../shared/zip-files.js';
import { UK_COLUMNS, UK_ESTABLISHMENT_COLUMNS, UK_RETURN_COLUMNS, ukReturnId } from './form-uk.js';

const LICENCE = UK_COLUMNS.indexOf('ppl_number');

/** The Return of Procedures: three tables in a zip file, as the Home Office's own export has them. */
export function zipUkReturn(
  year: number,
  facility: string,
  procedures: readonly (readonly string[])[],
  proceduresCsv: string,
): Uint8Array {
  const rows = new Map<string, number>();
  for (const cells of procedures) rows.set(cells[LICENCE] ?? '', (rows.get(cells[LICENCE] ?? '') ?? 0) + 1);
  const returns = [...rows].map(([licence, count]) => {
    const said: Partial<Record<(typeof UK_RETURN_COLUMNS)[number], string>> = {
      id: licence === '' ? '' : ukReturnId(licence, year),
      licence_number: licence,
      establishment_id: facility,
      year: String(year),
      status: 'draft',
      procedures_completed: '1',
      procedure_count: String(count),
    };
    return UK_RETURN_COLUMNS.map((column) => said[column] ?? '');
  });
  const csv = (lines: readonly (readonly string[])[]): Uint8Array =>
    Buffer.from(lines.map((cells) => csvLine(cells)).join(''));
  return zipFiles({
    'establishments.csv': csv([UK_ESTABLISHMENT_COLUMNS, [facility, facility, '', '', '']]),
    'returns.csv': csv([UK_RETURN_COLUMNS, ...returns]),
    'procedures.csv': Buffer.from(proceduresCsv),
  });
}
