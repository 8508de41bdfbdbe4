import { matches } from '../../schema.js';
import { Type } from '../../schema-types.js';

/** Routes that commands take. Records keep any code: those from before this list hold others. */
export const Route = Type.Enum([
  'intrathecal',
  'epidural',
  'intracerebroventricular',
  'intraplantar',
  'perineural',
  'intra-articular',
  'subcutaneous',
  'intraperitoneal',
  'intravenous',
  'intramuscular',
  'oral',
  'oral-gavage',
  'inhalation',
  'intranasal',
  'topical',
  'transdermal',
  'other',
]);

/**
 * The facts of a correction as its command takes them. A route that was recorded before there was this list may stay as it
 * is: the fact is then decided as one by another route, and keeps its word.
 */
export function withRoute(
  corrected: Readonly<Record<string, unknown>>,
  standing: string | undefined,
): Readonly<Record<string, unknown>> {
  const keeps = standing !== undefined && corrected['route'] === standing && !matches(Route, standing);
  return keeps ? { ...corrected, route: 'other' } : corrected;
}
