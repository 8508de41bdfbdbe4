import { openCheckpoint, parseCheckpoint } from '../../src/tlog/checkpoint.js';
import { cosignatureTime, cosignatureVerifier } from '../../src/tlog/cosignature.js';
import { hashFromBase64, toBase64, utf8 } from '../../src/tlog/encoding.js';
import { emptyRoot, leafHash } from '../../src/tlog/merkle.js';
import { COSIGNATURE, ED25519, ed25519Verifier, parseNote } from '../../src/tlog/note.js';
import { MerkleTree } from '../../src/tlog/tree.js';
import {
  formatCheckpoint,
  signCheckpoint,
  cosign,
  addSignatures,
  signatureLine,
  signNote,
} from '../../src/tlog/sign.js';
import { demoSeed, keyPair, verify } from './ed25519.js';
import { refusalCode } from './refusal.js';
import { sha256 } from './sha256.js';

const origin = 'lab.example/ledger/study/NP-001';
const ROOT = 'o+I7Msy2v5bQktFl2KpUbgmCnejwOw6JV1gdHha5K98=';
const log = keyPair(origin, ED25519, demoSeed(origin));
const witness = keyPair('witness.example/w1', COSIGNATURE, demoSeed('witness'));
const checkpoint = { origin, size: 7, root: hashFromBase64(ROOT) };
const text = `${origin}\n7\n${ROOT}\n`;
const note = signCheckpoint(checkpoint, log.key, log.sign);
const logs = [ed25519Verifier(log.key, verify)];
const NOW = 1_780_000_000;
const witnesses = [cosignatureVerifier(witness.key, verify, NOW)];

describe('a checkpoint', () => {
  it('of the leaves "0" to "6" has a known signature', () => {
    const tree = new MerkleTree(sha256);
    for (let digit = 0; digit < 7; digit++) tree.append(leafHash(sha256, String(digit)));
    expect(signCheckpoint({ origin, size: tree.size, root: tree.root() }, log.key, log.sign)).toBe(
      `${text}\n— ${origin} ` +
        '8q3+wlTOeqjz3swswTpcWUgjjKqw+C0UZYFcypmsZT+nQK6GUuF6CooAuo0geehixg24kZ9313s6nb831X6bnbOFtA8=\n',
    );
  });

  it('is three lines and comes back', () => {
    expect(formatCheckpoint(checkpoint)).toBe(text);
    expect(parseCheckpoint(text)).toEqual(checkpoint);
    expect(openCheckpoint(note, logs)).toEqual({ checkpoint, cosignatures: [] });
  });

  it('of an empty log has the empty root and no other', () => {
    const empty = { origin, size: 0, root: emptyRoot(sha256) };
    expect(parseCheckpoint(formatCheckpoint(empty))).toEqual(empty);
    expect(refusalCode(() => formatCheckpoint({ ...checkpoint, size: 0 }))).toBe('bad-checkpoint');
  });

  it.each([
    ['an extension line', `${text}extension\n`, 'bad-checkpoint'],
    ['an empty line', `${text}\n`, 'bad-checkpoint'],
    ['two lines', `${origin}\n7\n`, 'bad-checkpoint'],
    ['no last line feed', text.slice(0, -1), 'bad-checkpoint'],
    ['nothing', '', 'bad-checkpoint'],
    ['an empty origin', text.slice(origin.length), 'bad-checkpoint'],
    ['a plus in the origin', `+${text}`, 'bad-checkpoint'],
    ['a byte order mark', `\ufeff${text}`, 'bad-checkpoint'],
    ['CRLF', text.replaceAll('\n', '\r\n'), 'bad-checkpoint'],
    ['a leading zero', text.replace('\n7\n', '\n07\n'), 'bad-encoding'],
    ['a sign', text.replace('\n7\n', '\n+7\n'), 'bad-encoding'],
    ['hex', text.replace('\n7\n', '\n0x7\n'), 'bad-encoding'],
    ['a size over 2^53', text.replace('\n7\n', '\n9007199254740992\n'), 'bad-encoding'],
    ['an empty size', text.replace('\n7\n', '\n\n'), 'bad-encoding'],
    ['a root of 31 bytes', `${origin}\n7\n${toBase64(new Uint8Array(31))}\n`, 'bad-hash'],
    ['a root of 33 bytes', `${origin}\n7\n${toBase64(new Uint8Array(33))}\n`, 'bad-hash'],
    ['an empty root', `${origin}\n7\n\n`, 'bad-hash'],
    ['a root without padding', text.replace('=', ''), 'bad-encoding'],
    ['a root with stray bits', text.replace('98=', '99='), 'bad-encoding'],
    ['a space after the size', text.replace('\n7\n', '\n7 \n'), 'bad-encoding'],
  ])('with %s is refused even when the log has signed it', (_, bad, code) => {
    expect(refusalCode(() => parseCheckpoint(bad))).toBe(code);
    const signed = `${bad}\n${signatureLine(log.key, log.sign(utf8(bad)))}`;
    expect(refusalCode(() => openCheckpoint(signed, logs))).toBeDefined();
  });

  it('is not made of what is no size or no root', () => {
    for (const size of [-1, 0.5, NaN, 2 ** 53, 1e21])
      expect(refusalCode(() => formatCheckpoint({ ...checkpoint, size }))).toBe('bad-encoding');
    expect(refusalCode(() => formatCheckpoint({ ...checkpoint, root: 'short' }))).toBe('bad-hash');
    expect(refusalCode(() => formatCheckpoint({ ...checkpoint, origin: 'a\nb' }))).toBe('bad-checkpoint');
  });

  it('is signed only by the key that is named as its origin', () => {
    const other = keyPair('lab.example/ledger/lab', ED25519, demoSeed('lab'));
    expect(refusalCode(() => signCheckpoint(checkpoint, other.key, other.sign))).toBe('bad-key');
    const forged = signNote(text, other.key, other.sign);
    expect(refusalCode(() => openCheckpoint(forged, [ed25519Verifier(other.key, verify)]))).toBe(
      'unknown-origin',
    );
    expect(refusalCode(() => openCheckpoint(forged, logs))).toBe('unknown-signer');
  });

  it('may carry the signatures of the old and the new key of a log', () => {
    const renewed = keyPair(origin, ED25519, demoSeed(origin, 2));
    const both = addSignatures(note, [signatureLine(renewed.key, renewed.sign(utf8(text)))]);
    for (const known of [logs, [ed25519Verifier(renewed.key, verify)]])
      expect(openCheckpoint(both, known).checkpoint).toEqual(checkpoint);
  });
});

describe('a cosignature', () => {
  const line = cosign(text, witness.key, NOW, witness.sign);
  const cosigned = addSignatures(note, [line]);
  /** Cosigned for a time that need not be one, signature and all. */
  const at = (time: bigint) => {
    const bytes = new Uint8Array(72);
    new DataView(bytes.buffer).setBigUint64(0, time);
    bytes.set(witness.sign(utf8(`cosignature/v1\ntime ${time}\n${text}`)), 8);
    return addSignatures(note, [signatureLine(witness.key, bytes)]);
  };
  const code = (bad: string) => refusalCode(() => openCheckpoint(bad, logs, witnesses));

  it('binds the time and the whole text', () => {
    const { cosignatures } = openCheckpoint(cosigned, logs, witnesses);
    expect(cosignatures).toHaveLength(1);
    expect(cosignatures[0]!.key).toBe(witness.key);
    expect(cosignatureTime(cosignatures[0]!.signature)).toBe(NOW);
    expect(
      verify(
        witness.key.publicKey,
        utf8(`cosignature/v1\ntime ${NOW}\n${text}`),
        cosignatures[0]!.signature.subarray(8),
      ),
    ).toBe(true);
  });

  it('has the form of the example in the specification', () => {
    const example =
      'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n' +
      '— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n' +
      '— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==\n';
    const { text: found, signatures } = parseNote(example);
    expect(parseCheckpoint(found)).toMatchObject({ origin: 'example.com/behind-the-sofa', size: 20852163 });
    expect(signatures.map(({ signature }) => signature.length)).toEqual([64, 72]);
    expect(cosignatureTime(signatures[1]!.signature)).toBe(1679315147);
  });

  it('of a witness that is not known is ignored', () => {
    expect(openCheckpoint(cosigned, logs).cosignatures).toEqual([]);
  });

  it('does not stand for the signature of the log', () => {
    const alone = addSignatures(`${text}\n`, [line]);
    expect(code(alone)).toBe('unknown-origin');
    const namesake = keyPair(origin, COSIGNATURE, demoSeed('namesake'));
    const fake = addSignatures(`${text}\n`, [cosign(text, namesake.key, NOW, namesake.sign)]);
    expect(
      refusalCode(() => openCheckpoint(fake, logs, [cosignatureVerifier(namesake.key, verify, NOW)])),
    ).toBe('unknown-origin');
  });

  it('is bad over another text, at another time, or with a bit changed', () => {
    const other = cosign(text.replace('\n7\n', '\n8\n'), witness.key, NOW, witness.sign);
    expect(code(addSignatures(note, [other]))).toBe('bad-signature');
    const { signature } = openCheckpoint(cosigned, logs, witnesses).cosignatures[0]!;
    for (let bit = 0; bit < 8 * 72; bit++) {
      const bent = signature.map((byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
      expect(code(addSignatures(note, [signatureLine(witness.key, bent)]))).toBe('bad-signature');
    }
  });

  it('has exactly 72 bytes', () => {
    for (const length of [1, 8, 64, 71, 73])
      expect(code(addSignatures(note, [signatureLine(witness.key, new Uint8Array(length))]))).toBe(
        'bad-signature',
      );
  });

  it('may be five minutes ahead and no more, and is never at 0 or beyond 2^53', () => {
    expect(code(at(BigInt(NOW)))).toBeUndefined();
    expect(code(at(1n))).toBeUndefined();
    expect(code(at(BigInt(NOW + 300)))).toBeUndefined();
    for (const time of [BigInt(NOW + 301), 0n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n]) {
      expect(code(at(time))).toBe('bad-signature');
      const forever = [cosignatureVerifier(witness.key, verify, Infinity)];
      if (time !== BigInt(NOW + 301))
        expect(refusalCode(() => openCheckpoint(at(time), logs, forever))).toBe('bad-signature');
    }
  });

  it('is not made for a time that is none, nor with the key of a log', () => {
    for (const time of [0, -1, 1.5, NaN, 2 ** 53])
      expect(refusalCode(() => cosign(text, witness.key, time, witness.sign))).toBe('bad-cosignature');
    expect(refusalCode(() => cosign(text, log.key, NOW, log.sign))).toBe('bad-key');
  });

  it('is not taken from a key of another type', () => {
    const posing = [cosignatureVerifier({ ...witness.key, type: ED25519 }, verify, NOW)];
    expect(refusalCode(() => openCheckpoint(cosigned, logs, posing))).toBe('bad-signature');
  });
});
