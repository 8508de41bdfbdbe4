import { MappingError, readMapping, type CheckedMapping } from '../../imports/mapping/read-mapping.js';
import { mappingText, savedMappings } from '../../imports/mapping/saved-mappings.js';
import { TIDY_MAPPING } from '../../imports/mapping/tidy-mapping.js';
import { ImportError } from '../../imports/import-error.js';
import { recordableName, type SheetFile } from '../../imports/reading/read-book.js';
import { decodeText } from '../../shared/decode-text.js';
import { mismatch } from '../../study/mismatch.js';
import { Line, MappingText, Reason, matches } from '../../study/schema.js';
import type { Study } from '../../study/study.js';
import type { SentForm } from '../platform/multipart.js';
import { Problem } from '../platform/problems.js';

/** What is asked with a sheet. */
export interface ImportAsked {
  readonly file: SheetFile;
  readonly mapping: CheckedMapping;
  readonly text: string;
  readonly reason: string | undefined;
  readonly keepGoing: boolean;
  readonly skipKnown: boolean;
  /** The name to save the mapping under. */
  readonly saveAs: string | undefined;
}

const FIELDS = ['file', 'mapping', 'saved', 'reason', 'keepGoing', 'skipKnown', 'saveAs'];

/** @throws Problem */
export function readImportForm(form: SentForm, study: Study): ImportAsked {
  const { fields, files } = form;
  const unknown = [...fields.keys(), ...files.keys()].find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) {
    const detail = `There is no field “${unknown.slice(0, 60)}” here; there are ${FIELDS.join(', ')}.`;
    throw new Problem('field-unknown', detail, unknown.slice(0, 60));
  }
  const text = mappingIn(form, study);
  return {
    file: fileIn(form),
    text,
    mapping: checkedMapping(text),
    reason: textIn(fields, 'reason', Reason),
    saveAs: textIn(fields, 'saveAs', Line),
    keepGoing: isTicked(fields, 'keepGoing'),
    skipKnown: isTicked(fields, 'skipKnown'),
  };
}

/** @throws Problem */
export function fileIn({ files }: SentForm): SheetFile {
  const file = files.get('file');
  if (!file) throw new Problem('field-missing', 'Send the spreadsheet as “file”.', 'file');
  try {
    return { name: recordableName(file.name), bytes: file.bytes };
  } catch (error) {
    throw problemOfImport(error);
  }
}

/** A mapping as text or as a file, `tidy`, or one that is saved in the study, by its digest. */
function mappingIn({ fields, files }: SentForm, study: Study): string {
  const saved = fields.get('saved');
  if (saved !== null && saved !== '') return savedMapping(study, saved);
  const file = files.get('mapping');
  const text = file ? textOfMapping(file.bytes) : (fields.get('mapping') ?? '');
  if (text === '')
    throw new Problem(
      'field-missing',
      'Send the mapping as “mapping”, or the SHA-256 of a saved one as “saved”.',
      'mapping',
    );
  return text === 'tidy' ? JSON.stringify(TIDY_MAPPING) : mappingText(text);
}

/** @throws Problem */
export function savedMapping(study: Study, sha256: string): string {
  const found = savedMappings(study).find((one) => one.sha256 === sha256);
  if (found) return found.text;
  throw new Problem('mapping-unknown', 'No mapping with this SHA-256 is saved in the study.', 'saved');
}

/** @throws Problem */
export function textOfMapping(bytes: Uint8Array): string {
  try {
    return mappingText(decodeText(bytes));
  } catch {
    throw new Problem('mapping-invalid', 'The mapping is not UTF-8: encode it again.', 'mapping');
  }
}

/** @throws Problem with all that is wrong with it */
export function checkedMapping(text: string): CheckedMapping {
  try {
    if (matches(MappingText, text) || text === JSON.stringify(TIDY_MAPPING)) return readMapping(text);
  } catch (error) {
    throw problemOfImport(error);
  }
  throw new Problem('mapping-invalid', `The mapping ${mismatch(MappingText, text)?.message}.`, 'mapping');
}

function textIn(fields: URLSearchParams, name: string, schema: typeof Reason): string | undefined {
  const text = fields.get(name)?.trim() ?? '';
  if (text === '') return undefined;
  const wrong = mismatch(schema, text);
  if (wrong) throw new Problem('field-invalid', `${name} ${wrong.message}.`, name);
  return text;
}

function isTicked(fields: URLSearchParams, name: string): boolean {
  const text = fields.get(name) ?? 'false';
  if (text !== 'true' && text !== 'false')
    throw new Problem('field-invalid', `${name} must be true or false.`, name);
  return text === 'true';
}

/** Why a file or a mapping is not taken, as the answer to a request; any other error as it is. */
export function problemOfImport(error: unknown): unknown {
  if (error instanceof MappingError) {
    const errors = error.flaws.map(({ path, code, message }) => ({ field: path, code, detail: message }));
    return new Problem('mapping-invalid', error.message, 'mapping', {}, { errors });
  }
  if (!(error instanceof ImportError)) return error;
  const { code, message, place } = error;
  const tooMuch = code === 'file-too-large' || code === 'too-many-rows';
  return new Problem(
    tooMuch ? 'file-too-large' : 'sheet-unreadable',
    message,
    'file',
    {},
    { cause: code, ...place },
  );
}
