import fc from 'fast-check';
import { leafHash } from '../../src/tlog/merkle.js';
import { COSIGNATURE, ED25519, formatVkey, ML_DSA_44, verifierKey } from '../../src/tlog/note.js';
import { parsePolicy, verifyCheckpoint } from '../../src/tlog/policy.js';
import { formatProof, parseProof, verifyProof } from '../../src/tlog/proof.js';
import { MerkleTree } from '../../src/tlog/tree.js';
import { signCheckpoint, cosign, addSignatures, signatureLine } from '../../src/tlog/sign.js';
import { demoSeed, keyPair, verify } from './ed25519.js';
import { refusalCode } from './refusal.js';
import { sha256 } from './sha256.js';
import { runs } from '../support/effort.js';

const NOW = 1_780_000_000;
const judge = { verify, now: NOW };
const origin = 'lab.example/ledger/lab';
const log = keyPair(origin, ED25519, demoSeed(origin));
const LOG = `log ${formatVkey(log.key)}\n`;
const witnesses = Array.from({ length: 40 }, (_, index) =>
  keyPair(`w${index}.example`, COSIGNATURE, demoSeed(`w${index}`)),
);
const witness = (index: number, name = `w${index}`) =>
  `witness ${name} ${formatVkey(witnesses[index]!.key)}\n`;
const quantum = verifierKey(sha256, 'pq.example', ML_DSA_44, new Uint8Array(1312));

const records = Array.from({ length: 11 }, (_, index) => `{"sequence":"${String(index).padStart(10, '0')}"}`);
const tree = new MerkleTree(sha256);
for (const record of records) tree.append(leafHash(sha256, record));
const plain = signCheckpoint({ origin, size: tree.size, root: tree.root() }, log.key, log.sign);
const text = plain.slice(0, plain.lastIndexOf('\n\n') + 1);
const cosignedBy = (...indices: number[]) =>
  addSignatures(
    plain,
    indices.map((index) => cosign(text, witnesses[index]!.key, NOW - index, witnesses[index]!.sign)),
  );
const meets = (policy: string, ...indices: number[]) => {
  const code = refusalCode(() =>
    verifyCheckpoint(cosignedBy(...indices), parsePolicy(sha256, policy), judge),
  );
  expect([undefined, 'no-quorum']).toContain(code);
  return code === undefined;
};

describe('a policy', () => {
  it('that asks for no witness is met by the log alone', () => {
    const trusted = verifyCheckpoint(plain, parsePolicy(sha256, `${LOG}quorum none\n`), judge);
    expect(trusted).toEqual({ checkpoint: { origin, size: 11, root: tree.root() }, cosignatures: [] });
  });

  it('may ask for one witness', () => {
    const policy = `${LOG}${witness(0)}${witness(1)}quorum w1\n`;
    expect(meets(policy, 1)).toBe(true);
    expect(meets(policy, 0)).toBe(false);
    expect(meets(policy)).toBe(false);
  });

  it('may ask for groups of groups', () => {
    const policy = `${LOG}${[0, 1, 2, 3, 4, 5].map((index) => witness(index)).join('')}
      group X-witnesses 2 w0 w1 w2
      group Y-witnesses any w3 w4 w5
      group X-and-Y all X-witnesses Y-witnesses
      quorum X-and-Y\n`;
    expect(meets(policy, 0, 2, 4)).toBe(true);
    expect(meets(policy, 0, 1, 2, 3, 4, 5)).toBe(true);
    expect(meets(policy, 0, 3, 4, 5)).toBe(false);
    expect(meets(policy, 0, 1, 2)).toBe(false);
    expect(meets(policy, 0, 0, 3)).toBe(false);
  });

  it('counts each witness once, whatever the threshold', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.array(fc.nat(7), { maxLength: 8 }), (need, signers) => {
        const lines = [0, 1, 2, 3, 4, 5].map((index) => witness(index)).join('');
        const policy = `${LOG}${lines}group g ${need} w0 w1 w2 w3 w4 w5\nquorum g\n`;
        expect(meets(policy, ...signers)).toBe(new Set(signers.filter((index) => index < 6)).size >= need);
      }),
      runs(50),
    );
  });

  it('hands over every valid cosignature with its time', () => {
    const policy = parsePolicy(sha256, `${LOG}${witness(0, 'qa')}${witness(1, 'sponsor')}quorum qa\n`);
    expect(verifyCheckpoint(cosignedBy(1, 0, 7), policy, judge).cosignatures).toEqual([
      { witness: 'sponsor', time: NOW - 1 },
      { witness: 'qa', time: NOW },
    ]);
  });

  it('takes comments, blank lines, tabs, URLs and names beyond ASCII', () => {
    const policy = parsePolicy(
      sha256,
      `# sizes 0–100\n\n \t\n\t# more\n  log\t ${formatVkey(log.key)} https://lab.example/ \n` +
        `witness zeuge-ü ${formatVkey(witnesses[0]!.key)} https://w.example/\nwitness b ${formatVkey(witnesses[1]!.key)}\nquorum zeuge-ü\n`,
    );
    expect(policy.logs).toEqual([log.key]);
    expect(policy.witnesses.map(({ name, url }) => [name, url])).toEqual([
      ['zeuge-ü', 'https://w.example/'],
      ['b', undefined],
    ]);
  });

  it('may name forty logs, witnesses and groups', () => {
    const many = [...witnesses.keys()];
    const logs = many.map(
      (index) => `log ${formatVkey(keyPair(`l${index}`, ED25519, demoSeed(`l${index}`)).key)}\n`,
    );
    const lines = many.map((index) => `${witness(index)}group g${index} any w${index}\n`);
    const policy = `${LOG}${logs.join('')}${lines.join('')}group all 40 ${many.map((index) => `g${index}`).join(' ')}\nquorum all\n`;
    expect(meets(policy, ...many)).toBe(true);
    expect(meets(policy, ...many.slice(1))).toBe(false);
  });

  it('may name post-quantum keys, which never count', () => {
    const policy = `${LOG}log ${formatVkey({ ...quantum })}\nwitness pq ${formatVkey(quantum)}\n${witness(0)}group g any pq w0\nquorum g\n`;
    const line = signatureLine(quantum, new Uint8Array(2428));
    const check = (note: string) =>
      refusalCode(() => verifyCheckpoint(note, parsePolicy(sha256, policy), judge));
    expect(check(addSignatures(plain, [line]))).toBe('no-quorum');
    expect(check(addSignatures(cosignedBy(0), [line]))).toBeUndefined();
    const only = parsePolicy(sha256, `log ${formatVkey(quantum)}\nquorum none\n`);
    expect(refusalCode(() => verifyCheckpoint(plain, only, judge))).toBe('unknown-signer');
  });

  const full = `${LOG}${witness(0)}${witness(1)}group g all w0 w1\nquorum g\n`;
  it.each([
    ['nothing', ''],
    ['no last line feed', full.slice(0, -1)],
    ['CRLF', full.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\ufeff${full}`],
    ['a NUL', full.replace('quorum', '#\0\nquorum')],
    ['a DEL', full.replace('quorum', '#\u007f\nquorum')],
    ['half a surrogate pair', full.replace('quorum', '#\ud800\nquorum')],
    ['a no-break space', full.replace('quorum ', 'quorum\u00a0')],
    ['no log', full.replace(LOG, '')],
    ['no quorum', full.replace('quorum g\n', '')],
    ['two quorums', `${full}quorum w0\n`],
    ['the quorum before its group', `${LOG}${witness(0)}quorum g\ngroup g any w0\n`],
    ['a quorum of two', full.replace('quorum g', 'quorum g w0')],
    ['a quorum of nothing', full.replace('quorum g', 'quorum')],
    ['an unknown keyword', `${full}logs x\n`],
    ['an unknown keyword before the words of a group', full.replace('group g', 'gruppe g')],
    ['a keyword in capitals', full.replace('quorum', 'QUORUM')],
    ['a comment after a rule', full.replace('quorum g', 'quorum g # why')],
    ['a log without a key', `${full}log\n`],
    ['a word too many in a log', full.replace(LOG, `${LOG.trim()} https://a https://b\n`)],
    ['a log twice', `${LOG}${full}`],
    [
      'a log twice under two names',
      `log ${formatVkey(verifierKey(sha256, 'other', ED25519, log.key.publicKey))}\n${full}`,
    ],
    ['a witness as a log', `${full}log ${formatVkey(witnesses[5]!.key)}\n`],
    ['a log as a witness', `${full}witness w9 ${formatVkey(log.key)}\n`],
    ['a witness without a key', `${full}witness w9\n`],
    ['a word too many in a witness', full.replace(witness(1), `${witness(1).trim()} https://a https://b\n`)],
    ['a witness twice', `${full}${witness(1, 'w9')}`],
    [
      'a witness twice under two key names',
      `${full}witness w9 ${formatVkey(verifierKey(sha256, 'other', COSIGNATURE, witnesses[0]!.key.publicKey))}\n`,
    ],
    ['a name twice', `${full}${witness(9, 'w1')}`],
    ['a group named as a witness', full.replace('group g', 'group w0').replace('quorum g', 'quorum w0')],
    ['a witness named none', `${full}${witness(9, 'none')}`],
    ['a group named none', full.replace('group g', 'group none').replace('quorum g', 'quorum none')],
    ['none as a member', full.replace('all w0 w1', 'all w0 none')],
    ['a member that is defined later', `${LOG}group g any w0\n${witness(0)}quorum g\n`],
    ['a group in itself', full.replace('all w0 w1', 'all w0 g')],
    ['a member twice', full.replace('all w0 w1', 'all w0 w1 w0')],
    ['a member of two groups', full.replace('quorum g', 'group h any w0\nquorum g')],
    ['a group without members', full.replace('all w0 w1', 'all')],
    ['a threshold of 0', full.replace('all w0', '0 w0')],
    ['a threshold of 3 of 2', full.replace('all w0', '3 w0')],
  ])('with %s is refused', (_, bad) => {
    expect(refusalCode(() => parsePolicy(sha256, bad))).toBe('bad-policy');
  });

  it.each([
    ['a threshold with a leading zero', full.replace('all w0', '01 w0'), 'bad-encoding'],
    ['a threshold in words', full.replace('all w0', 'one w0'), 'bad-encoding'],
    ['a key whose id is wrong', full.replace(log.key.id, '00000000'), 'bad-key'],
    ['a log key without padding', full.replace(LOG, `${LOG.trim()}=\n`), 'bad-encoding'],
  ])('with %s is refused', (_, bad, code) => {
    expect(refusalCode(() => parsePolicy(sha256, bad))).toBe(code);
  });

  it('refuses a checkpoint with a bad cosignature by one of its witnesses, enough others notwithstanding', () => {
    const policy = parsePolicy(sha256, `${LOG}${witness(0)}${witness(1)}quorum w0\n`);
    const bad = addSignatures(cosignedBy(0), [signatureLine(witnesses[1]!.key, new Uint8Array(72))]);
    expect(refusalCode(() => verifyCheckpoint(bad, policy, judge))).toBe('bad-signature');
  });
});

describe('a proof', () => {
  const policy = parsePolicy(sha256, `${LOG}${witness(0)}${witness(1)}group g all w0 w1\nquorum g\n`);
  const note = cosignedBy(0, 1);
  const proofOf = (index: number) =>
    formatProof({ index, proof: tree.inclusionProof(index, tree.size), note });
  const check = (proof: string, number = 5, leaf: Uint8Array | string = records[5]!) =>
    refusalCode(() => verifyProof(sha256, proof, { number, leaf }, policy, judge));
  const good = proofOf(5);

  it('is text, verifies and comes back', () => {
    for (const [index, record] of records.entries()) {
      const proof = proofOf(index);
      expect(proof.startsWith(`c2sp.org/tlog-proof@v1\nindex ${index}\n`)).toBe(true);
      expect(proof.endsWith(`=\n\n${note}`)).toBe(true);
      expect(formatProof(parseProof(proof))).toBe(proof);
      expect(verifyProof(sha256, proof, { number: index, leaf: record }, policy, judge).checkpoint.size).toBe(
        11,
      );
    }
  });

  it('of the only record of a log has no hashes', () => {
    const single = signCheckpoint({ origin, size: 1, root: tree.leaf(0) }, log.key, log.sign);
    const proof = formatProof({ index: 0, proof: [], note: single });
    const alone = parsePolicy(sha256, `${LOG}quorum none\n`);
    expect(verifyProof(sha256, proof, { number: 0, leaf: records[0]! }, alone, judge).checkpoint.size).toBe(
      1,
    );
  });

  it('verifies bytes as well as text', () => {
    expect(check(good, 5, Buffer.from(records[5]!))).toBeUndefined();
  });

  it('may carry extra data, which are not believed, kept or written', () => {
    const extra = good.replace('\nindex', '\nextra YWdl\nindex');
    expect(check(extra)).toBeUndefined();
    expect(formatProof(parseProof(extra))).toBe(good);
    expect(check(good.replace('\nindex', '\nextra YWd\nindex'))).toBe('bad-encoding');
    expect(check(good.replace('\nindex', '\nextra YWdl\nextra YWdl\nindex'))).toBe('bad-proof');
    expect(check(good.replace('index 5\n', 'index 5\nextra YWdl\n'))).toBe('bad-encoding');
  });

  it('has at most 63 hashes', () => {
    const long = (length: number) =>
      formatProof({ index: 5, proof: Array.from({ length }, () => tree.leaf(0)), note });
    expect(parseProof(long(63)).proof).toHaveLength(63);
    expect(refusalCode(() => parseProof(long(64)))).toBe('bad-proof');
  });

  it('is refused for another record, another number or fewer witnesses', () => {
    expect(check(good, 5, records[4])).toBe('bad-proof');
    expect(check(good, 4)).toBe('bad-proof');
    expect(check(proofOf(4))).toBe('bad-proof');
    expect(check(good.replace(note, cosignedBy(0)))).toBe('no-quorum');
    expect(check(good.replace(note, plain))).toBe('no-quorum');
  });

  const lines = good.split('\n');
  it.each([
    ['nothing', '', 'bad-proof'],
    ['another version', good.replace('@v1', '@v2'), 'bad-proof'],
    ['a byte order mark', `\ufeff${good}`, 'bad-proof'],
    ['CRLF', good.replaceAll('\n', '\r\n'), 'bad-proof'],
    ['no index', good.replace('index 5\n', ''), 'bad-proof'],
    ['nothing but the header', `${lines[0]}\n\n${note}`, 'bad-proof'],
    ['no empty line', 'c2sp.org/tlog-proof@v1\nindex 5\n', 'bad-proof'],
    ['a leading zero', good.replace('index 5', 'index 05'), 'bad-encoding'],
    ['two spaces', good.replace('index 5', 'index  5'), 'bad-encoding'],
    ['a hash less', good.replace(`${lines[3]}\n`, ''), 'bad-proof'],
    ['a hash twice', good.replace(lines[3]!, `${lines[3]}\n${lines[3]}`), 'bad-proof'],
    ['64 hashes', good.replace(lines[3]!, Array(64).fill(lines[3]).join('\n')), 'bad-proof'],
    ['a hash of 31 bytes', good.replace(lines[3]!, Buffer.alloc(31).toString('base64')), 'bad-hash'],
    ['a hash of 33 bytes', good.replace(lines[3]!, Buffer.alloc(33).toString('base64')), 'bad-hash'],
    ['a hash without padding', good.replace(lines[3]!, lines[3]!.replace('=', '')), 'bad-encoding'],
    ['no checkpoint', good.replace(note, ''), 'bad-note'],
    ['an empty line more', good.replace(`\n\n${note}`, `\n\n\n${note}`), 'bad-signature'],
  ])('with %s is refused', (_, bad, code) => {
    expect(check(bad)).toBe(code);
  });

  it('is refused for any other character anywhere but in an unknown signature', () => {
    for (let at = 0; at < good.length; at++) {
      const other = good[at] === 'A' ? 'B' : 'A';
      const code = check(good.slice(0, at) + other + good.slice(at + 1));
      if (code === undefined) throw new Error(`accepted at ${at}`);
    }
  });
});
