import { LedgerError } from '../tlog/error.js';
import { formatVkey } from '../tlog/note.js';
import { parsePolicy, type Policy } from '../tlog/policy.js';
import { sha256 } from '../shared/sha256.js';
import type { WitnessConfig } from './ledger-folder.js';

/** The policy of a ledger without witnesses: its own key alone. */
export function defaultPolicy(labVkey: string): string {
  return `log ${labVkey}\nquorum none\n`;
}

/**
 * Completes a policy that was written before the ledger had a key: adds the lab's own log line where there is none.
 * @throws LedgerError where it is no policy, or names other logs only.
 */
export function addOwnLog(text: string, labVkey: string): string {
  const complete = /^\s*log\s/m.test(text) ? text : `log ${labVkey}\n${text}`;
  const policy = parsePolicy(sha256, complete);
  if (!namesLog(policy, labVkey))
    throw new LedgerError('bad-policy', 'none of its log lines is this ledger’s lab log');
  return complete;
}

export function namesLog({ logs }: Policy, vkey: string): boolean {
  const id = vkey.split('+')[1];
  return logs.some((key) => vkey.startsWith(`${key.name}+`) && key.id === id);
}

/** The witnesses that a policy gives an address for. @throws LedgerError */
export function witnessesIn(policy: string): WitnessConfig[] {
  return parsePolicy(sha256, policy).witnesses.flatMap(({ name, key, url }) =>
    url === undefined ? [] : [{ name, vkey: formatVkey(key), url }],
  );
}

/** Whether the policy asks for any witness at all. */
export function isWitnessed({ quorum }: Policy): boolean {
  return 'key' in quorum || quorum.need > 0;
}

/** The same of a policy's text; false where it is none. */
export function asksForWitnesses(policy: string): boolean {
  try {
    return isWitnessed(parsePolicy(sha256, policy));
  } catch (error) {
    if (error instanceof LedgerError) return false;
    throw error;
  }
}

/** Whether the quorum could still be met without these witnesses, named by their key ids. */
export function canHaveQuorum({ quorum }: Policy, without: ReadonlySet<string>): boolean {
  const canMeet = (rule: Policy['quorum']): boolean =>
    'key' in rule ? !without.has(rule.key.id) : rule.members.filter(canMeet).length >= rule.need;
  return canMeet(quorum);
}

/** The policy with a further key of the lab log; the older ones go on verifying older checkpoints. */
export function withLog(policy: string, vkey: string, comment: string): string {
  if (policy.includes(vkey)) return policy;
  return `# ${comment}\nlog ${vkey}\n${policy}`;
}

/** The policy as it was before {@link withLog} put these keys into it. */
export function withoutLogs(policy: string, vkeys: readonly string[]): string {
  return vkeys.reduce((text, vkey) => {
    const line = text.indexOf(`log ${vkey}\n`);
    if (line < 0) return text;
    const comment = text.lastIndexOf('\n', line - 2) + 1;
    const from = text.startsWith('# epoch ', comment) ? comment : line;
    return text.slice(0, from) + text.slice(line + `log ${vkey}\n`.length);
  }, policy);
}
