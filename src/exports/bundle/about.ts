import type { BundledAttachments } from './bundled-attachments.js';
import type { StudyPeople } from '../../lab/people/study-people.js';

/** What the texts in a bundle state. It follows from the records and the anchor, not from the clock. */
export interface About {
  readonly code: string;
  readonly title: string;
  readonly facility: string;
  readonly simulated: boolean;
  readonly size: number;
  readonly root: string;
  readonly labSize: number;
  readonly labVkey: string;
  /** The anchor that covers `size`; larger for an earlier state. */
  readonly anchor: { readonly record: number; readonly size: number; readonly recorded: string };
  readonly partial: { readonly subject: string; readonly records: number } | undefined;
  readonly witnessed: boolean;
  /** By id; empty where the bundle was exported without names. */
  readonly names: ReadonlyMap<string, string>;
  readonly people: StudyPeople;
  readonly attachments: BundledAttachments;
  readonly version: string;
}

export function bundleName({ code, size, partial }: About): string {
  return `${code}-${size}${partial ? `-${partial.subject}` : ''}`;
}

/** The verdict that `verify.mjs` gives with the lab's key, and its exit code. */
export function expectedVerdict({ size, anchor, partial, attachments }: About): {
  verdict: string;
  exitCode: 0 | 2;
} {
  if (partial) return { verdict: 'PARTIAL', exitCode: 2 };
  if (size === anchor.size && attachments.missing > 0) return { verdict: 'INCOMPLETE', exitCode: 2 };
  return size === anchor.size ? { verdict: 'COMPLETE', exitCode: 0 } : { verdict: 'PREFIX', exitCode: 2 };
}
