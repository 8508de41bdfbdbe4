/**
 * C2SP tlog-policy: which logs are known, and which witnesses must have cosigned a checkpoint before it is believed.
 *
 *     log lab.example/ledger/lab+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k
 *     witness sponsor witness.example/w1+…
 *     witness qa qa.example/w1+…
 *     group outside all sponsor qa
 *     quorum outside
 *
 * A policy comes from whoever judges, never from whoever is judged: a copy found beside the evidence is not one.
 */
import { openCheckpoint, type Checkpoint } from './checkpoint.js';
import { cosignatureTime, cosignatureVerifier, isLater } from './cosignature.js';
import { parseDecimal, toHex } from './encoding.js';
import { LedgerError } from './error.js';
import type { Sha256 } from './merkle.js';
import {
  COSIGNATURE,
  ED25519,
  ed25519Verifier,
  ML_DSA_44,
  parseVkey,
  type Ed25519Verify,
  type VerifierKey,
} from './note.js';

export type Witness = { readonly name: string; readonly key: VerifierKey; readonly url: string | undefined };

/** At least `need` of the members; `quorum none` is a group without members that needs none. */
export type Group = {
  readonly name: string;
  readonly need: number;
  readonly members: readonly (Witness | Group)[];
};

export type Policy = {
  readonly logs: readonly VerifierKey[];
  readonly witnesses: readonly Witness[];
  readonly quorum: Witness | Group;
};

/** What a verifier needs beside the policy: Ed25519, and the time in POSIX seconds. */
export type Judge = { readonly verify: Ed25519Verify; readonly now: number };

/** A checkpoint that satisfied a policy, with all valid cosignatures of the policy's witnesses. */
export type TrustedCheckpoint = {
  readonly checkpoint: Checkpoint;
  readonly cosignatures: readonly { readonly witness: string; readonly time: number }[];
};

/** Tab, space, printable ASCII and all that is not ASCII. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const POLICY = /^[^\u0000-\u0008\u000b-\u001f\u007f\p{Surrogate}]*\n$/u;

/** @throws LedgerError `bad-policy`, `bad-key`, `bad-encoding`. */
export function parsePolicy(sha256: Sha256, text: string): Policy {
  if (!POLICY.test(text)) throw refused('a control character, or no line feed at the end');
  const draft = new Draft(sha256);
  for (const line of text.slice(0, -1).split('\n')) {
    const [keyword, ...words] = line.split(/[ \t]+/).filter((word) => word !== '');
    if (keyword !== undefined && !keyword.startsWith('#')) draft.add(keyword, words);
  }
  return draft.policy();
}

/**
 * Verifies a checkpoint under a policy. Witnesses whose keys are of a type not supported here never count.
 * @throws LedgerError `signed-later` where a witness signed after `now`; `no-quorum`; and as `openCheckpoint`.
 */
export function verifyCheckpoint(note: string, policy: Policy, { verify, now }: Judge): TrustedCheckpoint {
  const { checkpoint, cosignatures } = openCheckpoint(
    note,
    policy.logs.filter(({ type }) => type === ED25519).map((key) => ed25519Verifier(key, verify)),
    policy.witnesses
      .filter(({ key }) => key.type === COSIGNATURE)
      .map(({ key }) => cosignatureVerifier(key, verify, Infinity)),
  );
  const later = cosignatures.find(({ signature }) => isLater(cosignatureTime(signature), now));
  if (later)
    throw new LedgerError(
      'signed-later',
      `${later.key.name} signed it after the time given; is your clock right?`,
    );
  const cosigned = new Set(cosignatures.map(({ key }) => key));
  if (!meets(policy.quorum, cosigned))
    throw new LedgerError(
      'no-quorum',
      `${cosigned.size} known witnesses cosigned: not the quorum of the policy`,
    );
  const named = new Map(policy.witnesses.map(({ name, key }) => [key, name]));
  return {
    checkpoint,
    cosignatures: cosignatures.map(({ key, signature }) => ({
      witness: named.get(key)!,
      time: cosignatureTime(signature),
    })),
  };
}

function meets(rule: Witness | Group, cosigned: ReadonlySet<VerifierKey>): boolean {
  if ('key' in rule) return cosigned.has(rule.key);
  return rule.members.filter((member) => meets(member, cosigned)).length >= rule.need;
}

/** A policy while its lines are read. */
class Draft {
  readonly #sha256: Sha256;
  readonly #logs: VerifierKey[] = [];
  readonly #witnesses: Witness[] = [];
  readonly #named = new Map<string, Witness | Group>();
  readonly #members = new Set<string>();
  #quorum: Witness | Group | undefined;

  constructor(sha256: Sha256) {
    this.#sha256 = sha256;
  }

  add(keyword: string, words: readonly string[]): void {
    const [first = '', second = '', third] = words;
    if (keyword === 'log' && between(1, words, 2)) this.#logs.push(this.#key(first, ED25519, this.#logs));
    else if (keyword === 'witness' && between(2, words, 3)) this.#addWitness(first, second, third);
    else if (keyword === 'group' && between(3, words, Infinity))
      this.#addGroup(first, second, words.slice(2));
    else if (keyword === 'quorum' && between(1, words, 1)) this.#setQuorum(first);
    else throw refused(`a line that begins with ${keyword} is not like this`);
  }

  policy(): Policy {
    if (this.#quorum === undefined) throw refused('no quorum line');
    if (this.#logs.length === 0) throw refused('no log line, so it names no origin');
    return { logs: this.#logs, witnesses: this.#witnesses, quorum: this.#quorum };
  }

  #addWitness(name: string, vkey: string, url: string | undefined): void {
    const others = this.#witnesses.map(({ key }) => key);
    const witness = { name, key: this.#key(vkey, COSIGNATURE, others), url };
    this.#define(witness);
    this.#witnesses.push(witness);
  }

  #addGroup(name: string, threshold: string, names: readonly string[]): void {
    const members = names.map((member) => {
      if (this.#members.has(member)) throw refused(`${member} is a member twice`);
      this.#members.add(member);
      return this.#find(member);
    });
    const need = threshold === 'any' ? 1 : threshold === 'all' ? members.length : parseDecimal(threshold);
    if (need < 1 || need > members.length)
      throw refused(`group ${name} cannot need ${need} of ${members.length}`);
    this.#define({ name, need, members });
  }

  #setQuorum(name: string): void {
    if (this.#quorum !== undefined) throw refused('a second quorum line');
    this.#quorum = name === 'none' ? { name, need: 0, members: [] } : this.#find(name);
  }

  /** One public key under two names would count twice. */
  #key(vkey: string, type: number, others: readonly VerifierKey[]): VerifierKey {
    const key = parseVkey(this.#sha256, vkey);
    if (key.type !== type && key.type !== ML_DSA_44) throw refused(`${key.name} is not a key for this`);
    if (others.some(({ publicKey }) => toHex(publicKey) === toHex(key.publicKey)))
      throw refused(`the public key of ${key.name} stands there already`);
    return key;
  }

  #define(rule: Witness | Group): void {
    if (rule.name === 'none' || this.#named.has(rule.name)) throw refused(`${rule.name} is defined already`);
    this.#named.set(rule.name, rule);
  }

  #find(name: string): Witness | Group {
    const found = this.#named.get(name);
    if (found === undefined) throw refused(`${name} is not defined above`);
    return found;
  }
}

function between(least: number, words: readonly string[], most: number): boolean {
  return words.length >= least && words.length <= most;
}

function refused(message: string): LedgerError {
  return new LedgerError('bad-policy', message);
}
