/**
 * What whoever checks brings along: the lab's key, or a whole policy with witnesses. What is found beside the evidence
 * is compared with it and believes nothing.
 */
import { openCheckpoint } from '../../tlog/checkpoint.js';
import { LedgerError } from '../../tlog/error.js';
import { ed25519Verifier, formatVkey, parseVkey } from '../../tlog/note.js';
import { parsePolicy, verifyCheckpoint, type Policy } from '../../tlog/policy.js';
import { ed25519Verify, sha256, sha256Hex } from '../runtime/crypto.js';
import { Findings } from './findings.js';
import type { Lab, PublishedKey } from './lab.js';

export interface Pins {
  /** Verifier key of the lab log. */
  readonly labVkey?: string | undefined;
  /** Text of a C2SP tlog-policy: the lab's key, witnesses, quorum. */
  readonly policy?: string | undefined;
  /** Certificates, in PEM, of the time-stamp authorities that are trusted. */
  readonly authorities?: string | undefined;
  /** POSIX milliseconds of the audit; now where it is not said. */
  readonly now?: number | undefined;
}

/** A witness that has not been heard of for so long has seen nothing of what may have happened since. */
const MAX_AGE_SECONDS = 24 * 3600;

export interface LabHead {
  readonly size: number;
  readonly note: string;
}

/**
 * Judges the lab's last published head under the policy. Returns the largest size of these heads that witnesses of the
 * policy cosigned, 0 where they did none.
 * @param heads smallest first
 */
export function checkPolicy(
  found: string | undefined,
  file: string,
  lab: Lab,
  heads: readonly LabHead[],
  pins: Pins,
  findings: Findings,
): number {
  if (found === undefined) {
    if (lab.policies.length > 0) findings.incomplete('policy', 'lab', `${file} is not there`);
  } else checkText(found, file, lab, findings);
  checkPinnedKey(lab, heads.at(-1)?.note, pins, findings);
  const policy = policyOf(pins.policy ?? (found === undefined ? undefined : found), findings);
  const last = heads.at(-1);
  if (!policy || policy.witnesses.length === 0 || !last) return 0;
  if (isCosigned(last.note, policy, pins, findings)) return last.size;
  // Of the earlier ones, only whether they are: what is wrong with one is no finding about the newest.
  const ignored = new Findings();
  return heads.slice(0, -1).findLast(({ note }) => isCosigned(note, policy, pins, ignored))?.size ?? 0;
}

/**
 * Whether the lab recorded this text of its policy. A rotation of keys that states no digest, as those of version 0.1,
 * put two lines, those of the new key, in front of the text that there was.
 */
function checkText(found: string, file: string, lab: Lab, findings: Findings): void {
  let text = found;
  for (const { lab: record, epoch, digest } of lab.policies.toReversed()) {
    if (digest !== undefined && sha256Hex(text) === digest) return;
    const added = `# epoch ${epoch}, from lab size ${record + 1}\nlog ${lab.keyOfEpoch('lab', epoch)}\n`;
    if (digest === undefined && text.startsWith(added)) text = text.slice(added.length);
    else
      return findings.fail('policy', 'lab', `${file} is not the policy that lab record ${record} fixes`, {
        record,
      });
  }
}

function checkPinnedKey(
  lab: Lab,
  newest: string | undefined,
  { labVkey, policy }: Pins,
  findings: Findings,
): void {
  const pinned = pinnedKeys(labVkey, policy, findings);
  if (pinned.length === 0) return;
  const published = lab.keys.get(lab.origin('lab')) ?? [];
  const unknown = published.filter(({ key }) => !pinned.includes(formatVkey(key)));
  if (unknown.length === published.length)
    findings.fail(
      'pin',
      'lab',
      `the lab does not publish the key that you gave, but ${published.map(({ key }) => formatVkey(key)).join(', ') || 'none'}`,
      { record: 0 },
    );
  // What a key of yours signed holds every record below it, those that publish other keys too.
  else if (newest === undefined || !isSignedBy(newest, published, pinned))
    for (const { key, lab: record } of unknown)
      findings.incomplete(
        'pin',
        'lab',
        `record ${record} publishes the key ${formatVkey(key)}, which you did not give, and the newest lab checkpoint is signed by no key that you gave`,
        { record },
      );
}

function isSignedBy(note: string, published: readonly PublishedKey[], pinned: readonly string[]): boolean {
  const known = published.filter(({ key }) => pinned.includes(formatVkey(key)));
  try {
    openCheckpoint(
      note,
      known.map(({ key }) => ed25519Verifier(key, ed25519Verify)),
    );
    return true;
  } catch (error) {
    if (error instanceof LedgerError) return false;
    throw error;
  }
}

function pinnedKeys(labVkey: string | undefined, policy: string | undefined, findings: Findings): string[] {
  const logs = policyOf(policy, findings)?.logs.map(formatVkey) ?? [];
  return labVkey === undefined ? logs : [...logs, formatVkey(parseVkey(sha256, labVkey))];
}

function policyOf(text: string | undefined, findings: Findings): Policy | undefined {
  if (text === undefined) return undefined;
  try {
    return parsePolicy(sha256, text);
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    findings.fail('policy', 'lab', `the policy cannot be read: ${error.message}`);
    return undefined;
  }
}

function isCosigned(note: string, policy: Policy, { now = Date.now() }: Pins, findings: Findings): boolean {
  const seconds = Math.floor(now / 1000);
  try {
    const { cosignatures } = verifyCheckpoint(note, policy, { verify: ed25519Verify, now: seconds });
    const newest = Math.max(0, ...cosignatures.map(({ time }) => time));
    if (cosignatures.length > 0 && seconds - newest > MAX_AGE_SECONDS)
      findings.incomplete(
        'cosignature',
        'lab',
        `the newest cosignature is of ${new Date(1000 * newest).toISOString()}: what was recorded since may be withheld; ask a witness for the newest checkpoint`,
      );
    return cosignatures.length > 0;
  } catch (error) {
    if (!(error instanceof LedgerError)) throw error;
    if (error.code === 'no-quorum' || error.code === 'signed-later')
      findings.incomplete('cosignature', 'lab', `the newest lab checkpoint: ${error.message}`);
    else findings.fail('cosignature', 'lab', `the newest lab checkpoint: ${error.message}`);
    return false;
  }
}
