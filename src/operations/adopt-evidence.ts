import { cpSync, existsSync, lstatSync, readFileSync, realpathSync } from 'node:fs';
import { basename, join, resolve, sep } from 'node:path';
import type { LedgerFolder } from '../anchoring/ledger-folder.js';
import { witnessesIn } from '../anchoring/lab-policy.js';
import type { Lab } from '../lab/lab.js';
import { sha256Hex } from '../shared/sha256.js';

/** Where the evidence lies that a copy of a ledger has beside its records. */
interface Places {
  readonly policyFile: string;
  readonly anchors: string;
}

const DEFAULTS: Places = { policyFile: join('policy', 'lab.policy'), anchors: 'anchors' };

/**
 * Takes from a copy what is evidence: the lab policy and the published heads. The copy may be forged, so of its
 * `ledger.json` only the places of these two are read, and only where they lie inside the copy; links are not followed.
 * @returns the members of its `ledger.json` that were left out: settings that a person decides on
 */
export function adoptEvidence(from: string, to: LedgerFolder): string[] {
  const { policyFile, anchors, ...others } = settingsOf(from);
  const policy = placeIn(from, policyFile, DEFAULTS.policyFile);
  if (policy !== undefined && lstatSync(policy).isFile()) to.writePolicy(readFileSync(policy, 'utf8'));
  const published = placeIn(from, anchors, DEFAULTS.anchors);
  if (published !== undefined) cpSync(published, to.anchors.path, { recursive: true, filter: isEvidence });
  return Object.keys(others).sort();
}

/** Names the witnesses of the policy, where it is the one that the lab recorded. */
export function nameWitnesses(folder: LedgerFolder, lab: Lab): void {
  const policy = folder.policy();
  if (policy === undefined || sha256Hex(policy) !== lab.policy) return;
  folder.with({ witnesses: witnessesIn(policy) }).write();
}

function settingsOf(copy: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(readFileSync(join(copy, 'ledger.json'), 'utf8'))) as Record<string, unknown>;
  } catch {
    // Without one, everything lies where it lies by default.
    return {};
  }
}

/** A path inside the copy, also once links are followed; undefined where there is nothing. */
function placeIn(copy: string, path: unknown, otherwise: string): string | undefined {
  const named = typeof path === 'string' ? resolve(copy, path) : join(copy, otherwise);
  return [named, join(copy, otherwise)].find((place) => existsSync(place) && isInside(copy, place));
}

function isInside(folder: string, place: string): boolean {
  return realpathSync(place).startsWith(realpathSync(folder) + sep);
}

/** Answers that are remembered are no evidence: witnesses are asked again. */
function isEvidence(source: string): boolean {
  const found = lstatSync(source);
  return found.isDirectory() || (found.isFile() && basename(source) !== 'state.json');
}
