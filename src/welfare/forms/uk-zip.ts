import { csvLine } from '../../shared/csv.js';
import { groupedBy } from '../../study/grouped-by.js';
import { zipFiles } from '../../shared/zip-files.js';
import { UK_COLUMNS, UK_ESTABLISHMENT_COLUMNS, UK_RETURN_COLUMNS, ukReturnId } from './form-uk.js';

const LICENCE = UK_COLUMNS.indexOf('ppl_number');
const ENDANGERED = UK_COLUMNS.indexOf('endangered');

/** The Return of Procedures: three tables in a zip file, as the Home Office's own export has them. */
export function zipUkReturn(
  year: number,
  facility: string,
  procedures: readonly (readonly string[])[],
  proceduresCsv: string,
): Uint8Array {
  const byLicence = groupedBy(procedures, (cells) => cells[LICENCE] ?? '');
  const returns = [...byLicence].map(([licence, rows]) => {
    const endangered = rows.map((cells) => cells[ENDANGERED]);
    const said: Partial<Record<(typeof UK_RETURN_COLUMNS)[number], string>> = {
      id: licence === '' ? '' : ukReturnId(licence, year),
      licence_number: licence,
      establishment_id: facility,
      year: String(year),
      status: 'draft',
      procedures_completed: '1',
      endangered: ['1', '', '0'].find((answer) => endangered.includes(answer)) ?? '',
      procedure_count: String(rows.length),
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
