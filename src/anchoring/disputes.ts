/**
 * Witnesses that say, without proof, that the lab log is another or a longer one than this: they are disputed. The others go
 * on. Where the others cannot make the quorum of the policy, nothing is signed; and nothing is recorded where a disputed one
 * names a larger size, since numbers may then be given a second time.
 */
import { sha256 } from '../shared/sha256.js';
import { SigningError } from '../signing/signing-error.js';
import { LedgerError } from '../tlog/error.js';
import { parsePolicy } from '../tlog/policy.js';
import { canHaveQuorum } from './lab-policy.js';
import type { LedgerFolder } from './ledger-folder.js';
import { witnessesOf, type Witness } from './witness.js';

/** A claim that nobody has dismissed. */
interface OpenClaim {
  readonly witness: Witness;
  readonly detail: string;
  readonly larger?: number;
}

export function openClaims({ config, anchors }: LedgerFolder): OpenClaim[] {
  return witnessesOf(config.witnesses).flatMap((witness) => {
    const { claim, problem: detail = '' } = anchors.state.witnesses[witness.id] ?? {};
    if (!claim || claim.isDismissed) return [];
    return [{ witness, detail, ...(claim.larger !== undefined && { larger: claim.larger }) }];
  });
}

/** For a person who has found that the claims are wrong. Each is shown until its witness cosigns again. */
export function dismissClaims(folder: LedgerFolder): void {
  const { anchors } = folder;
  const witnesses = { ...anchors.state.witnesses };
  for (const { witness, larger } of openClaims(folder))
    witnesses[witness.id] = {
      ...anchors.state.witnesses[witness.id]!,
      claim: { ...(larger !== undefined && { larger }), isDismissed: true },
    };
  anchors.remember({ witnesses });
}

/** Undefined while the witnesses that are not disputed can make the quorum. */
export function disputeAlarm(folder: LedgerFolder): SigningError | undefined {
  const claims = openClaims(folder);
  const disputed = new Set(claims.map(({ witness }) => witness.id));
  if (claims.length === 0 || leavesQuorum(folder.policy() ?? '', disputed)) return undefined;
  const said = claims.map(({ witness, detail }) => `${witness.name}: ${detail}`).join('; ');
  const what = `Witnesses claim to remember another lab log than this one, without proof (${said}). Without them the quorum of the policy cannot be met.`;
  if (claims.some(({ larger }) => larger !== undefined))
    return new SigningError(
      'store-behind-mark',
      'lab',
      `${what} If a claim is true, the store was replaced by an older copy: nothing is recorded or signed until they cosign again. Bring the records back with study-ledger restore --from; where the claim is wrong, run study-ledger restore --without-source.`,
    );
  return new SigningError(
    'witness-inconsistent',
    'lab',
    `${what} Nothing is signed until they cosign again; recording goes on. Ask their keepers what they hold; where the claim is wrong, run study-ledger restore --without-source.`,
  );
}

/** A policy that cannot be read is met by nobody. */
function leavesQuorum(policy: string, disputed: ReadonlySet<string>): boolean {
  try {
    return canHaveQuorum(parsePolicy(sha256, policy), disputed);
  } catch (error) {
    if (error instanceof LedgerError) return false;
    throw error;
  }
}
