import { keyInForce, logsOf, type Lab, type PublishedKey } from '../lab/lab.js';
import { createSeed, newSeed, replaceSeedFile } from './seed.js';
import { sha256Hex } from '../shared/sha256.js';
import { originOf, type LogName } from '../lab/origins.js';
import { isStoreError } from '../store/store-error.js';
import { proposeRotation } from '../anchoring/anchor-facts.js';
import type { LedgerFolder } from '../anchoring/ledger-folder.js';
import type { Engine } from '../recording/engine.js';
import { withLog } from '../anchoring/lab-policy.js';
import { SigningError } from './signing-error.js';

/** An open ledger with the folder that holds its seed. */
interface KeyedLedger {
  readonly engine: Engine;
  readonly folder: LedgerFolder;
}

export interface Rotated {
  readonly epoch: number;
  readonly labVkey: string;
  /** Logs whose head at the change was signed by both keys. */
  readonly signed: number;
  /** By log, why its head was not signed. */
  readonly unsigned: readonly { readonly log: LogName; readonly problem: string }[];
}

/** The verifier key of the lab log after the next rotation. Witnesses are told before it. */
export async function nextLabVkey({ engine }: KeyedLedger): Promise<string> {
  const lab = await engine.lab();
  const origin = originOf(lab.facility, 'lab');
  return ringOf(engine).key(origin, lab.epoch + 1).vkey;
}

/**
 * Changes every key to the next epoch. The lab publishes the new ones in a record, and the head that covers it is signed
 * by the old and the new key. If this is cut short, the next head that is signed is signed by both.
 *
 * After a theft, use a new seed: the thief cannot derive its keys. The signature of the old key over the change then proves
 * nothing, since the thief could have made it. The new keys are confirmed by what witnesses and time stamps saw before, and
 * by what the laboratory tells its auditors by another way.
 */
export async function rotateKeys(
  opened: KeyedLedger,
  { newSeed: renews = false }: { readonly newSeed?: boolean } = {},
): Promise<Rotated> {
  const { engine, folder } = opened;
  const ring = ringOf(engine);
  const before = await engine.lab();
  const origin = originOf(before.facility, 'lab');
  if (ring.key(origin, before.epoch).vkey !== keyInForce(before, origin)?.vkey)
    throw new SigningError(
      'key-mismatch',
      'lab',
      'The seed is not the one of this ledger: put the right one in its place.',
    );
  if (renews && before.simulated)
    throw new SigningError(
      'key-mismatch',
      'lab',
      'A simulated ledger signs with the published seed of the demo.',
    );
  const policy = folder.policy() ?? '';
  if (before.policy !== '' && sha256Hex(policy) !== before.policy)
    throw new SigningError(
      'policy-mismatch',
      'lab',
      'The lab policy is not the one that the lab recorded: put it back as it was, then rotate the keys.',
    );
  await engine.signHead('lab');
  // Written before its keys are published: a crash in between leaves an unused seed, never a key that nobody has.
  const seed = renews ? newSeed() : undefined;
  if (seed) {
    createSeed(`${folder.seedPath}.epoch-${before.epoch + 1}`, seed);
    ring.renew(before.epoch + 1, seed);
  }
  const { vkey } = ring.key(origin, before.epoch + 1);
  const policyAt = (labSize: number): string => withKey(policy, { vkey, epoch: before.epoch + 1 }, labSize);
  const vkeyOf = (name: string, epoch: number): string => ring.key(name, epoch).vkey;
  await engine.recordInLab(proposeRotation(engine, before, vkeyOf, policyAt));
  const lab = await engine.lab();
  completePolicy(folder, lab);
  let signed = 0;
  const unsigned: { log: LogName; problem: string }[] = [];
  for (const log of logsOf(lab)) {
    try {
      if ((await engine.log(log)).size === 0) continue;
      await engine.signHead(log);
      signed++;
    } catch (error) {
      // The keys are published by now: a damaged study must not keep the others from being tied to the new ones.
      if (log === 'lab' || !(error instanceof SigningError || isStoreError(error, 'integrity'))) throw error;
      unsigned.push({ log, problem: error.message });
    }
  }
  if (seed)
    replaceSeedFile(
      folder.seedPath,
      `${folder.seedPath}.epoch-${lab.epoch}`,
      `${folder.seedPath}.retired-${before.epoch}`,
    );
  return { epoch: lab.epoch, labVkey: vkey, signed, unsigned };
}

/** Adds the newest key of the lab to its policy, also where a rotation was cut short between its record and the policy. */
export function completePolicy(folder: LedgerFolder, lab: Lab): void {
  const key = keyInForce(lab, originOf(lab.facility, 'lab'));
  const policy = folder.policy();
  if (!key || key.epoch === 1 || policy === undefined || policy.includes(key.vkey)) return;
  folder.writePolicy(withKey(policy, key, key.number + 1));
}

function withKey(
  policy: string,
  { vkey, epoch }: Pick<PublishedKey, 'vkey' | 'epoch'>,
  labSize: number,
): string {
  return withLog(policy, vkey, `epoch ${epoch}, from lab size ${labSize}`);
}

function ringOf(engine: Engine) {
  const { ring } = engine.heads;
  if (ring) return ring;
  throw new SigningError('key-missing', 'lab', 'There is no seed, so no key can be made.');
}
