import { sha256Hex } from '../../shared/sha256.js';
import { factsOf, type Study } from '../../study/study.js';

/** A mapping that is kept with a study. */
export interface SavedMapping {
  readonly name: string;
  /** Hex, of its text in UTF-8: what imported records name. */
  readonly sha256: string;
  /** The record that keeps it. */
  readonly number: number;
  readonly text: string;
}

/** The newest first. */
export function savedMappings(study: Study): SavedMapping[] {
  return factsOf(study.facts, 'ImportMappingSaved')
    .map(({ number, data: { name, mapping } }) => ({
      name,
      sha256: sha256Hex(mapping),
      number,
      text: mapping,
    }))
    .sort((a, b) => b.number - a.number);
}

/** The text of a mapping as it is kept: records hold no CR, and browsers send it. */
export function mappingText(text: string): string {
  return text.replace(/\r\n?/g, '\n').normalize('NFC');
}
