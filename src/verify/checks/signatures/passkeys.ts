import { checkAssertion, isCounterAbove, type AssertionFault } from '../../../webauthn/assertion.js';
import { assertionCrypto, ed25519Verify } from '../../runtime/crypto.js';
import type { Lab } from '../lab.js';
import { quote } from '../printable.js';
import type { Credential } from '../people/registry.js';
import type { Fail } from './fail.js';
import type { Signed } from './statement.js';

const IN_WORDS: Readonly<Partial<Record<AssertionFault, string>>> = {
  challenge: 'its passkey signed other bytes than these',
  signature: 'it was not made by the key of this credential',
  origin: 'it was made for another address than that of the site',
  'rp-id': 'it was made for another site than that of the credential',
  'cross-origin': 'it was made in a frame of another address',
  'user-presence': 'nobody was present when it was made',
  'user-verification': 'its passkey did not verify who used it',
  backup: 'its passkey says something else of copies than when it was enrolled',
};

/** Which keys made a signature, and whether they counted when it was made. */
export class Passkeys {
  /** By credential: the highest counter that was seen. */
  private readonly counters = new Map<number, number>();

  constructor(private readonly lab: Lab) {}

  /** The ledger's own signature: that it showed these bytes to this person. */
  checkEsign({ attested, encoded, labSize, statement }: Signed, fail: Fail): void {
    const published = this.lab.keys.get(this.lab.origin('esign')) ?? [];
    const found = published.find(({ key }) => key.id === attested.keyid);
    if (!found)
      return fail(
        'esign',
        `its keyid ${quote(attested.keyid)} is no key for signatures that the lab published`,
      );
    const next = published[published.indexOf(found) + 1];
    if (found.lab >= labSize || (next && next.lab < statement.predicate.lab.size))
      return fail('esign', `the key ${attested.keyid}, of lab record ${found.lab}, was not in force then`);
    if (attested.sig.length !== 64 || !ed25519Verify(found.key.publicKey, encoded, attested.sig))
      fail('esign', `the ledger’s key ${attested.keyid} did not sign this statement`);
  }

  /** The credential, where it was the person's and in force when they signed. */
  credentialOf({ statement, webauthn }: Signed, fail: Fail): Credential | undefined {
    const { personId, lab, authentication } = statement.predicate;
    const credential = this.lab.people.registry.credentials.get(authentication.credential);
    const which = `the credential of lab record ${authentication.credential}`;
    if (!credential || credential.at >= lab.size) {
      fail('credential', `${which} was not enrolled then`);
      return undefined;
    }
    if (credential.person !== personId) fail('credential', `${which} is ${credential.person}’s`);
    if (credential.credentialId !== webauthn.credentialId)
      fail('credential', `${which} is not the one that its passkey names`);
    if (credential.confirmed >= lab.size) fail('credential', `${which} was not confirmed then`);
    if (credential.end < lab.size)
      fail('credential', `${which} had been revoked by lab record ${credential.end}`);
    return credential;
  }

  checkAssertion({ statement, webauthn, challenge }: Signed, credential: Credential, fail: Fail): void {
    const site = this.lab.people.registry.siteAt(statement.predicate.lab.size);
    if (!site) return fail('site', 'no site was in force then');
    if (credential.rpId !== site.rpId)
      fail('site', `its credential is of ${quote(credential.rpId)}, and the site was ${site.rpId}`);
    const checked = checkAssertion(webauthn, credential, { challenge, origin: site.origin }, assertionCrypto);
    if ('wrong' in checked)
      return fail('passkey', IN_WORDS[checked.wrong] ?? `its assertion has a wrong ${checked.wrong}`);
    const highest = this.counters.get(credential.at);
    if (!isCounterAbove(checked.counter, highest))
      fail(
        'counter',
        `its passkey’s counter is ${checked.counter}, and was ${highest}: it may have been copied`,
      );
    this.counters.set(credential.at, Math.max(highest ?? 0, checked.counter));
  }
}
