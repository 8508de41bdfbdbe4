import type { FoundRecords, NamedMapping } from '../../console/import/found.js';
import { savedMappings } from '../../imports/mapping/saved-mappings.js';
import type { Study } from '../../study/study.js';
import { alertsOf } from '../../study/welfare/endpoints.js';
import { checkedMapping } from './import-form.js';

export function named(study: Study): NamedMapping[] {
  return savedMappings(study).map(({ name, sha256, number }) => ({ name, sha256, number }));
}

/** Whether a sheet has every column that a mapping names. */
export function fits(text: string, titles: ReadonlySet<string>): boolean {
  try {
    const columns = checkedMapping(text).tables.flatMap(({ sources }) =>
      sources.flatMap(({ column, columns: several = [], optional }) =>
        optional ? [] : [column, ...several],
      ),
    );
    const named = columns.filter((column) => column !== undefined);
    return named.length > 0 && named.every((column) => titles.has(column.trim().toLowerCase()));
  } catch {
    return false;
  }
}

/** The records that a file became: what the address after recording shows, however often it is asked. */
export function recordsOf(
  study: Study,
  sha256: string,
  mappings: readonly NamedMapping[],
): FoundRecords | undefined {
  const found = study.records.toArray().filter(({ record }) => record.importsha256 === sha256);
  const [first, last] = [found[0], found.at(-1)];
  if (!first || !last) return undefined;
  return {
    file: first.record.importfile ?? '',
    count: found.length,
    first: first.number,
    last: last.number,
    endpoints: [...new Set(found.flatMap(({ record }) => record.subject ?? []))]
      .sort()
      .flatMap((animal) => alertsOf(study, animal)),
    mapping: mappings.find((one) => one.sha256 === last.record.importmapping),
  };
}
