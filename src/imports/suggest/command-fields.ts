import { CATALOGUE } from '../../study/catalogue.js';
import { dataClassOf, fieldsOf } from '../../study/commands/common/fields.js';
import type { CommandDefinition } from '../../study/commands/common/command.js';
import { RecordNumber } from '../../study/schema.js';
import { isImportable } from '../mapping/check-table.js';
import { fieldKind, type FieldKind } from '../mapping/field-kinds.js';
import { ImportError } from '../import-error.js';
import type { AboutStudy } from './about-study.js';
import { plainHeader, type Meaning } from './meanings.js';

/** A field of a command that a column can be, beside the meanings that need no command to be named. */
export interface CommandField {
  /** Such as `AdministerKetamine.dose`. */
  readonly means: Meaning;
  readonly command: string;
  /** Such as `anaesthesia.agent`. */
  readonly path: string;
  readonly words: string;
  readonly is: FieldKind;
  readonly isReference: boolean;
  readonly isRequired: boolean;
  /** Empty where anything may stand in the cell. */
  readonly options: readonly (readonly [value: string, means: string])[];
}

interface Shape {
  readonly enum?: readonly string[];
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Shape>>;
}

/** What is told by meanings of its own, by the layout of runs, or by the protocol. */
const OWN: Readonly<Record<string, readonly string[]>> = {
  EnrolSubject: ['species', 'strain', 'sex', 'dateOfBirth', 'arrival', 'housing.cage', 'allocation.group'],
  RecordBodyWeight: ['weight'],
  RecordThreshold: ['paw', 'ladder', 'touches'],
  RecordMeasurement: ['assay', 'site', 'trials'],
  ScoreWelfare: ['sheet', 'scores'],
  ScoreSideEffects: ['scale', 'scores'],
};

/** Commands whose rows are told by meanings of their own: a column that says such a thing makes the record. */
export const TOLD_BY_MEANINGS: Readonly<Record<string, RegExp>> = {
  EnrolSubject: /^(strain|sex)$/,
  RecordBodyWeight: /^weight$/,
  RecordThreshold: /^(responses|touches|response|applied:.*)$/,
  RecordMeasurement: /^assay:/,
  ScoreWelfare: /^score:/,
};

/** The commands that rows can become, with what each does in words. */
export const IMPORTABLE: readonly (readonly [name: string, words: string])[] = CATALOGUE.filter(
  isImportable,
).map(({ name, summary }) => [name, summary]);

/** What fields of commands are called that are part of no group. */
const OUTER: ReadonlySet<string> = new Set(
  CATALOGUE.filter(isImportable).flatMap(({ command }) =>
    [...fieldsOf(dataClassOf(command))].map(([name]) => inWords(name)),
  ),
);

const known = new Map<string, readonly CommandField[]>();

/** All fields of a command that a cell can fill. */
export function commandFields(name: string, { offered, sideEffects }: AboutStudy): CommandField[] {
  const definition = CATALOGUE.find((one) => one.name === name && isImportable(one));
  if (!definition) return [];
  let fields = known.get(name);
  if (!fields) known.set(name, (fields = [...fieldsIn(definition)]));
  const items = name === 'ScoreSideEffects' ? (sideEffects?.items ?? []) : [];
  return [
    ...fields.map((field) => ({ ...field, options: offered[field.path] ?? field.options })),
    ...items.map(({ code, label }) => scored(name, code, label)),
  ];
}

/** The field that a meaning names. */
export function fieldOf(means: Meaning, about: AboutStudy): CommandField | undefined {
  const command = commandOf(means);
  return command === undefined
    ? undefined
    : commandFields(command, about).find((field) => field.means === means);
}

/** The command that a meaning names a field of. */
export function commandOf(means: Meaning): string | undefined {
  const [, command] = /^([A-Z]\w+)\./.exec(means) ?? [];
  return command;
}

/**
 * The field whose name a header bears. A part of a group is meant by its last word where no field of any command is called
 * so: “dose” is a dose, and not that of the analgesia of an operation.
 */
export function fieldCalled(header: string, fields: readonly CommandField[]): CommandField | undefined {
  const plain = plainHeader(header);
  const isPart = ({ path }: CommandField): boolean => lastWords(path) === plain && !OUTER.has(plain);
  return fields.find(({ words }) => words === plain) ?? fields.find(isPart);
}

function* fieldsIn(definition: CommandDefinition): Generator<CommandField> {
  const own = OWN[definition.name] ?? [];
  for (const [name, { schema, required }] of fieldsOf(dataClassOf(definition.command)))
    for (const field of within(definition, name, schema as Shape, required)) {
      const isReference = field.is.kind === 'records' || schema === RecordNumber;
      if (!own.includes(field.path)) yield { ...field, isReference };
    }
}

function* within(
  definition: CommandDefinition,
  path: string,
  schema: Shape,
  isRequired: boolean,
): Generator<CommandField> {
  const is = kindAt(definition, path);
  if (is) {
    const options = (schema.enum ?? []).map((value) => [value, value] as const);
    const { name: command } = definition;
    yield {
      means: `${command}.${path}`,
      command,
      path,
      words: inWords(path),
      is,
      isReference: false,
      isRequired,
      options,
    };
    return;
  }
  for (const [name, inner] of Object.entries(schema.properties ?? {}))
    yield* within(definition, `${path}.${name}`, inner, false);
}

function kindAt(definition: CommandDefinition, path: string): FieldKind | undefined {
  try {
    return fieldKind(definition, path);
  } catch (error) {
    if (error instanceof ImportError) return undefined;
    throw error;
  }
}

function scored(command: string, code: string, label: string): CommandField {
  return {
    means: `${command}.scores.${code}`,
    command,
    path: `scores.${code}`,
    words: `score: ${label}`,
    is: { kind: 'integer' },
    isReference: false,
    isRequired: false,
    options: [],
  };
}

function lastWords(path: string): string {
  return inWords(path.replace(/^.*\./, ''));
}

/** `anaesthesia.agent` → “anaesthesia agent” */
function inWords(path: string): string {
  return path
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/[.-]/g, ' ')
    .toLowerCase();
}

/** The unit among these that somebody wrote; µ, mcg and letters of either case are understood. */
export function unitAmong(written: string, units: readonly string[]): string | undefined {
  const plain = (unit: string): string =>
    unit
      .toLowerCase()
      .replace(/[µμ]/g, 'u')
      .replace(/^mcg/, 'ug')
      .replace(/[[\]\s]/g, '');
  return (
    units.find((unit) => unit === written.trim()) ?? units.find((unit) => plain(unit) === plain(written))
  );
}
