import { fromBase64, toBase64, toHex, utf8 } from '../../src/tlog/encoding.js';
import {
  COSIGNATURE,
  ED25519,
  ed25519Verifier,
  formatVkey,
  isKeyName,
  ML_DSA_44,
  openNote,
  parseNote,
  parseVkey,
  verifierKey,
} from '../../src/tlog/note.js';
import { addSignatures, signatureLine, signNote } from '../../src/tlog/sign.js';
import { demoSeed, keyPair, verify } from './ed25519.js';
import { refusalCode } from './refusal.js';
import { sha256 } from './sha256.js';

const NAME = 'lab.example/ledger/study/NP-001';
const VKEY = `${NAME}+f2adfec2+AamtRSkDcSN5qHBAYi6+TWWFpRhg8y1sLF4+c6/wPkte`;
const alice = keyPair('alice.example', ED25519, demoSeed('alice'));
const bob = keyPair('bob.example', ED25519, demoSeed('bob'));
const known = [ed25519Verifier(alice.key, verify), ed25519Verifier(bob.key, verify)];
const zeros = (length: number) => new Uint8Array(length);

describe('a verifier key', () => {
  it('of the demo is known, from the master seed on', () => {
    expect(toHex(demoSeed(NAME))).toBe('d402fa2766924dee4c6a6a4179932601e18db838ccdda831b53a02b27a27f4fb');
    expect(formatVkey(keyPair(NAME, ED25519, demoSeed(NAME)).key)).toBe(VKEY);
  });

  it('may hold plus signs in its base64 part', () => {
    expect(VKEY.split('+')).toHaveLength(5);
    const key = parseVkey(sha256, VKEY);
    expect(key).toMatchObject({ name: NAME, id: 'f2adfec2', type: ED25519 });
    expect(formatVkey(key)).toBe(VKEY);
  });

  it('of the post-quantum kind is read, to be ignored later', () => {
    const key = verifierKey(sha256, 'w.example', ML_DSA_44, zeros(1312));
    expect(parseVkey(sha256, formatVkey(key))).toEqual(key);
  });

  it.each([
    ['no parts', ''],
    ['two parts', `${NAME}+f2adfec2`],
    ['another id', VKEY.replace('f2adfec2', 'f2adfec3')],
    ['an upper-case id', VKEY.replace('f2adfec2', 'F2ADFEC2')],
    ['a short id', VKEY.replace('f2adfec2', '2adfec2')],
    ['no id', VKEY.replace('f2adfec2', '')],
    ['another name', VKEY.replace('NP-001', 'NP-002')],
    ['no name', VKEY.slice(NAME.length)],
    ['a space in the name', VKEY.replace('ledger/', 'ledger /')],
    ['no key', `${NAME}+f2adfec2+`],
    ['a key of 31 bytes', `${NAME}+f2adfec2+${toBase64(zeros(32))}`],
    ['a key of 33 bytes', `${NAME}+f2adfec2+${toBase64(zeros(34))}`],
    ['a type that is not supported', `${NAME}+f2adfec2+${toBase64(Uint8Array.of(2, ...zeros(32)))}`],
  ])('with %s is refused', (_, vkey) => {
    expect(refusalCode(() => parseVkey(sha256, vkey))).toBe('bad-key');
  });

  it.each([
    ['in the URL alphabet', VKEY.replace('+c6/', '-c6_')],
    ['with a line feed', `${VKEY}\n`],
    ['with a space', `${VKEY} `],
    ['without its last character', VKEY.slice(0, -1)],
  ])('%s is refused', (_, vkey) => {
    expect(refusalCode(() => parseVkey(sha256, vkey))).toBe('bad-encoding');
  });

  it('has the length of its type, and a type that is supported', () => {
    const code = (type: number, length: number) =>
      refusalCode(() => verifierKey(sha256, NAME, type, zeros(length)));
    for (const [type, length] of [
      [ED25519, 32],
      [COSIGNATURE, 32],
      [ML_DSA_44, 1312],
    ] as const) {
      expect(code(type, length)).toBeUndefined();
      for (const other of [0, length - 1, length + 1]) expect(code(type, other)).toBe('bad-key');
    }
    for (const type of [0, 2, 3, 5, 255]) expect(code(type, 32)).toBe('bad-key');
  });

  it('is not named with a plus, a space of any kind or a control character', () => {
    const spaces = [0x20, 0x85, 0xa0, 0x1680, 0x2003, 0x2028, 0x2029, 0x202f, 0x205f, 0x3000, 0xfeff];
    for (const unit of [0, 9, 10, 13, 0x1f, 0x2b, 0xd800, ...spaces])
      expect(isKeyName(`a${String.fromCharCode(unit)}b`)).toBe(false);
    expect(isKeyName('')).toBe(false);
    expect(isKeyName('é.example/ü😀')).toBe(true);
    expect(refusalCode(() => verifierKey(sha256, 'a+b', ED25519, zeros(32)))).toBe('bad-key');
  });
});

describe('a note', () => {
  it('of the specification is opened with the key of the specification', () => {
    const key = parseVkey(sha256, 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k');
    const note =
      'This is an example message.\n\n— example.com/foo ' +
      'Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
    expect(openNote(note, [ed25519Verifier(key, verify)]).text).toBe('This is an example message.\n');
  });

  it('says who signed it, in its order, and ignores whom it does not know', () => {
    const stranger = keyPair('alice.example', ED25519, demoSeed('mallory'));
    const text = 'a\n\nb\n';
    const note = addSignatures(signNote(text, stranger.key, stranger.sign), [
      signatureLine(bob.key, bob.sign(utf8(text))),
      signatureLine({ ...alice.key, name: 'carol.example' }, zeros(64)),
      signatureLine(verifierKey(sha256, 'alice.example', ML_DSA_44, zeros(1312)), zeros(2428)),
      signatureLine(alice.key, alice.sign(utf8(text))),
    ]);
    const opened = openNote(note, known);
    expect(opened.text).toBe(text);
    expect(opened.signatures.map(({ key }) => key)).toEqual([bob.key, alice.key]);
    expect(parseNote(note).signatures.map(({ name }) => name)).toEqual([
      'alice.example',
      'bob.example',
      'carol.example',
      'alice.example',
      'alice.example',
    ]);
  });

  it('is separated from its signatures by its last empty line', () => {
    for (const text of ['\n', '\n\n\n', 'a\n\n— bob.example AAAAAAA=\n']) {
      const note = signNote(text, alice.key, alice.sign);
      expect(openNote(note, known).text).toBe(text);
    }
  });

  it('is refused as a whole for one bad signature of a known key, the good ones notwithstanding', () => {
    const note = signNote('a\n', alice.key, alice.sign);
    for (const bad of [zeros(64), zeros(63), zeros(65), zeros(1), alice.sign(utf8('b\n'))]) {
      const worse = addSignatures(note, [signatureLine(bob.key, bad)]);
      expect(refusalCode(() => openNote(worse, known))).toBe('bad-signature');
    }
  });

  it('is refused when two keys claim the same name and id', () => {
    const impostor = { ...alice.key, publicKey: bob.key.publicKey };
    const note = signNote('a\n', alice.key, alice.sign);
    expect(refusalCode(() => openNote(note, [...known, ed25519Verifier(impostor, verify)]))).toBe(
      'bad-signature',
    );
  });

  it('without a known signer is refused', () => {
    const note = signNote('a\n', alice.key, alice.sign);
    expect(refusalCode(() => openNote(note, [known[1]!]))).toBe('unknown-signer');
    expect(refusalCode(() => openNote(note, []))).toBe('unknown-signer');
  });

  it('is not signed with the key of a witness, nor is such a signature taken', () => {
    const witness = keyPair('alice.example', COSIGNATURE, demoSeed('alice'));
    expect(refusalCode(() => signNote('a\n', witness.key, witness.sign))).toBe('bad-key');
    const note = addSignatures('a\n\n', [signatureLine(witness.key, witness.sign(utf8('a\n')))]);
    expect(refusalCode(() => openNote(note, [ed25519Verifier(witness.key, verify)]))).toBe('bad-signature');
  });

  it('takes a hundred signatures', () => {
    const lines = Array.from({ length: 100 }, (_, index) =>
      signatureLine({ ...bob.key, name: `w${index}` }, zeros(64)),
    );
    expect(openNote(addSignatures(signNote('a\n', alice.key, alice.sign), lines), known).text).toBe('a\n');
  });

  it('of more than 64 KiB is refused, in bytes, not in characters', () => {
    const frame = signNote('\n', alice.key, alice.sign);
    const room = 65_536 - utf8(frame).length;
    expect(refusalCode(() => signNote(`${'a'.repeat(room)}\n`, alice.key, alice.sign))).toBeUndefined();
    expect(refusalCode(() => signNote(`${'a'.repeat(room + 1)}\n`, alice.key, alice.sign))).toBe('too-large');
    expect(refusalCode(() => signNote(`${'é'.repeat(room / 2 + 1)}\n`, alice.key, alice.sign))).toBe(
      'too-large',
    );
    expect(refusalCode(() => parseNote('a'.repeat(10_000_000)))).toBe('too-large');
  });

  const good = signNote('a\nb\n', alice.key, alice.sign);
  const line = good.slice(5);

  it.each([
    ['nothing', ''],
    ['no signature', 'a\nb\n\n'],
    ['no text', line],
    ['no empty line and one character', `a${line}`],
    ['no empty line', `a\nb\n${line}`],
    ['an empty line more', `a\nb\n\n\n${line.trim()}\n\n`],
    ['no last line feed', good.slice(0, -1)],
    ['text after the signatures', `${good}c\n`],
    ['CRLF', good.replaceAll('\n', '\r\n')],
    ['one CR', good.replace('a\n', 'a\r\n')],
    ['a TAB', good.replace('a\n', 'a\t\n')],
    ['a NUL', good.replace('a\n', 'a\0\n')],
    ['half a surrogate pair', good.replace('a\n', 'a\ud800\n')],
    ['a hyphen for the dash', good.replace('—', '-')],
    ['an en dash for the dash', good.replace('—', '–')],
    ['two spaces', good.replace('— ', '—  ')],
    ['a no-break space', good.replace('— ', '—\u00a0')],
    ['a space at the end of the line', `${good.slice(0, -1)} \n`],
    ['a space before the dash', good.replace('—', ' —')],
    ['a plus in the name', good.replace('alice.', 'ali+ce.')],
    ['a no-break space in the name', good.replace('alice.', 'ali\u00a0ce.')],
    ['a byte order mark in the name', good.replace('alice.', '\ufeffalice.')],
    ['no name', good.replace('alice.example ', '')],
    ['a signature that is only an id', `a\n\n— alice.example ${toBase64(zeros(4))}\n`],
  ])('with %s is refused', (_, bad) => {
    expect(refusalCode(() => openNote(bad, known))).toBe('bad-note');
  });

  it.each([
    ['padding left out', good.replace(/=*\n$/, '\n')],
    ['the URL alphabet', `a\n\n— alice.example ${toBase64(zeros(68).fill(0xfb)).replaceAll('+', '-')}\n`],
    ['stray bits', `a\n\n— alice.example AAAAAAB=\n`],
  ])('with %s in its base64 is refused', (_, bad) => {
    expect(refusalCode(() => openNote(bad, known))).toBe('bad-encoding');
  });

  it('is refused, and never crashes, for any other character anywhere', () => {
    const codes = new Set<string | undefined>();
    for (let at = 0; at < good.length; at++)
      for (const other of ['x', '\n', ' ', '+', '=', '\u2028']) {
        if (good[at] === other) continue;
        codes.add(refusalCode(() => openNote(good.slice(0, at) + other + good.slice(at + 1), known)));
        codes.add(refusalCode(() => openNote(good.slice(0, at) + other + good.slice(at), known)));
        codes.add(refusalCode(() => openNote(good.slice(0, at) + good.slice(at + 1), known)));
      }
    expect(codes).toEqual(new Set(['bad-note', 'bad-encoding', 'bad-signature', 'unknown-signer']));
    expect(fromBase64(line.trim().split(' ')[2]!).length).toBe(68);
  });
});
