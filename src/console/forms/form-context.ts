import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { TSchema } from 'typebox';
import type { FieldError } from '../../study/refusal.js';
import type { ClosedStudy } from '../bench/closed-told.js';
import { pathOf } from './names.js';

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

export function useOffered(name: string): Offered | undefined {
  return useContext(FormContext).offered[pathOf(name).replaceAll(/\[\d+\]/g, '')];
}
