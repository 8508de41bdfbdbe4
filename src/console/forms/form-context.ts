import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { TSchema } from 'typebox';
import type { FieldError } from '../../study/refusal.js';
import type { ClosedStudy } from '../bench/closed-told.js';
import { pathOf } from './names.js';
import type { InZone } from './read-form.js';

/** Values that may be typed into a field of text. */
export interface Offered {
  readonly values: readonly (readonly [value: string, words: string])[];
  /** Whether nothing else fits. */
  readonly isClosed?: boolean;
}

/** What a form is told beside its schema and its value. */
export interface FormState {
  readonly errors: readonly FieldError[];
  /** By the path of the field, without places in lists: `data.scores.item`. */
  readonly offered: Readonly<Record<string, Offered>>;
  /** The list that gets a row more. */
  readonly longer?: string | undefined;
  /** The paths of the values that are nobody’s decision yet. */
  readonly examples?: ReadonlySet<string>;
  /** On whose clock a picker of times goes; without it a time that is there is shown to the letter. */
  readonly inZone?: InZone;
  /** The study, where it is closed. */
  readonly closed?: ClosedStudy | undefined;
}

export const FormContext = createContext<FormState>({ errors: [], offered: {} });

export interface FieldProps {
  readonly schema: TSchema;
  readonly name: string;
  readonly value: unknown;
  readonly isDue: boolean;
  readonly label?: string | undefined;
  readonly help?: string | undefined;
}

export function idOf(name: string): string {
  return `f-${name}`;
}

/** What is wrong with a field: at it, and in a group that has no field of that name. */
export function useErrors(name: string): readonly FieldError[] {
  const path = pathOf(name);
  return useContext(FormContext).errors.filter(({ field }) => field === path);
}

/**
 * An instant as a picker holds and sends it, on the clock of the facility: without zeros at the end. Undefined where reading
 * it back would give another text.
 */
export function useLocal(instant: string): string | undefined {
  const { inZone } = useContext(FormContext);
  const local = instant
    .replace(/(Z|[+-]\d\d:\d\d)$/, '')
    .replace(/(?<=\.\d*)0+$/, '')
    .replace(/\.$/, '')
    .replace(/(?<=T\d\d:\d\d):00$/, '');
  return inZone?.(local) === instant ? local : undefined;
}

export function useOffered(name: string): Offered | undefined {
  return useContext(FormContext).offered[pathOf(name).replaceAll(/\[\d+\]/g, '')];
}
