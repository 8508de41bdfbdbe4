import type { Static } from 'typebox';
import { Type } from '../../study/schema-types.js';
import { explainMismatch, mismatch } from '../../study/mismatch.js';
import { Line, closed } from '../../study/schema.js';
import { EU_CODES, UK_CODES, type Table } from './codes.js';

/** Formats that a return can be made in. */
export const FORMATS = ['eu', 'de', 'uk'] as const;
export type Format = (typeof FORMATS)[number];

const Codes = Type.Record(Type.String({ minLength: 1, maxLength: 400 }), Type.String({ maxLength: 200 }));

const TABLES = {
  /** By the species as enrolled, in lower case. */
  species: Codes,
  /** Of a species that shares its code with others: the name that the form asks for. */
  speciesName: Codes,
  placeOfBirth: Codes,
  geneticStatus: Codes,
  /** By area, or area/field. */
  purpose: Codes,
  law: Codes,
  lawOrigin: Codes,
  severity: Codes,
  legalType: Codes,
  technique: Codes,
  /** By `yes` and `no`. */
  answer: Codes,
} satisfies Record<Table, unknown>;

// Returns of before 0.4 hold no techniques.
const CodeMapSchema = closed({ id: Line, standing: Line, ...TABLES, technique: Type.Optional(Codes) });

/** The authority's code for each word of the ledger; `standing` says how far the codes are known to be right. */
export type CodeMap = Static<typeof CodeMapSchema>;

const optional = Object.fromEntries(
  Object.entries(TABLES).map(([name, table]) => [name, Type.Optional(table)]),
) as { [K in Table]: ReturnType<typeof Type.Optional<typeof Codes>> };

/** The codes of a laboratory: a name, who confirmed them, and any of the tables, over the built-in ones. */
export const OverridesSchema = closed({ id: Line, standing: Line, ...optional });

const AS_PRINTED =
  'EU central list as the annex of the German VersTierMeldV prints it (columns D–V). The annex cites Decision 2012/707/EU, which Decision (EU) 2020/569 repealed on 17 April 2020. The official form was not read';

const BUILT_IN: Readonly<Record<Format, CodeMap>> = {
  eu: {
    id: 'eu-as-printed-in-de',
    standing: `${AS_PRINTED}. That these are the Commission’s identifiers under 2020/569 is NOT VERIFIED: compare them with your authority’s template, and give others with --codes`,
    ...EU_CODES,
  },
  de: { id: 'de-verstiermeldv', standing: AS_PRINTED, ...EU_CODES },
  uk: {
    id: 'uk-aspel',
    standing:
      'Words of the Return of Procedures in the Home Office’s published source code. The zip file has the form of the Home Office’s own export: it is for checking what is entered in ASPeL, and ASPeL takes no upload of it',
    ...UK_CODES,
  },
};

export class CodeMapError extends Error {
  readonly code = 'codes-invalid';
}

/** The codes of a format, overridden by the laboratory's own. @throws CodeMapError. */
export function buildCodeMap(format: Format, overrides?: unknown): CodeMap {
  const built = BUILT_IN[format];
  if (overrides === undefined) return built;
  const wrong = mismatch(OverridesSchema, overrides);
  if (wrong)
    throw new CodeMapError(`The code map does not fit: ${wrong.path || 'it'} ${explainMismatch(wrong)}.`);
  const { id, standing, ...tables } = overrides as { id: string; standing: string } & Partial<CodeMap>;
  const merged = Object.fromEntries(
    (Object.keys(TABLES) as Table[]).map((name) => [name, { ...built[name], ...tables[name] }]),
  );
  return { id, standing, ...(merged as Pick<CodeMap, Table>) };
}

/** Reads the code map that was written into an earlier return. @throws CodeMapError. */
export function parseCodeMap(value: unknown): CodeMap {
  const wrong = mismatch(CodeMapSchema, value);
  if (wrong)
    throw new CodeMapError(
      `The code map of that return does not fit: ${wrong.path} ${explainMismatch(wrong)}.`,
    );
  return value as CodeMap;
}

/** The code of a word; undefined where the map has none: that is a gap, and no code is guessed. */
export function findCode(map: CodeMap, table: Table, word: string): string | undefined {
  const codes = map[table] ?? {};
  return Object.hasOwn(codes, word) ? codes[word] : undefined;
}
