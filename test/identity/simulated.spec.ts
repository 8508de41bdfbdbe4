import { simulatedPasskey, simulatedSecret } from '../../src/identity/simulated.js';
import { secretDigest } from '../../src/identity/secret.js';
import { fromBase64url } from '../../src/tlog/encoding.js';
import { isKeyOf } from '../../src/webauthn/public-key.js';

const [ONE, OTHER] = ['274fb98a-28bf-4dfe-8b58-2b1476e9169d', '4b645452-cdb2-49d1-9b84-a19c6ab69f2a'];

describe('what would be random in another ledger', () => {
  it('is a usable key and a usable secret', () => {
    const { alg, publicKey } = simulatedPasskey(ONE);
    expect(isKeyOf(alg, fromBase64url(publicKey))).toBe(true);
    expect(secretDigest(simulatedSecret(ONE))).toMatch(/^[0-9a-f]{64}$/);
  });

  it('follows from the command, and is another one for another command and another purpose', () => {
    expect(simulatedPasskey(ONE)).toEqual(simulatedPasskey(ONE));
    const all = [ONE, OTHER].flatMap((id) => {
      const { credentialId, publicKey } = simulatedPasskey(id);
      return [credentialId, publicKey.slice(-43), simulatedSecret(id)];
    });
    expect(new Set(all).size).toBe(6);
  });
});
