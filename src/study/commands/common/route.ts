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
