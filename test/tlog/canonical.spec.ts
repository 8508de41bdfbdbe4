import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonical, ProfileError } from '../../src/tlog/canonical.js';
import { checkCanonical } from '../../src/tlog/check-canonical.js';
import { LedgerError } from '../../src/tlog/error.js';
import { runs } from '../support/effort.js';

const refusal = (work: () => unknown): ProfileError => {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(ProfileError);
    expect(error).toBeInstanceOf(LedgerError);
    return error as ProfileError;
  }
  throw new Error('nothing was refused');
};
const code = (value: unknown) => refusal(() => canonical(value)).code;
const nest = (levels: number) => JSON.parse('['.repeat(levels) + ']'.repeat(levels)) as unknown;

/** Any text of the profile: mostly plain, often with what needs escapes, now and then an astral character. */
const text = fc.string({
  unit: fc.oneof(
    { weight: 4, arbitrary: fc.string({ minLength: 1, maxLength: 1 }) },
    {
      weight: 2,
      arbitrary: fc.constantFrom('\t', '\n', '"', '\\', '/', '\u00a0', '\u2028', '\ufeff', 'é', '😀'),
    },
    { weight: 1, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }) },
  ),
});
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const isText = (value: string) => !/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(value);
const name = fc.oneof(
  fc.string({ maxLength: 6 }),
  fc.constantFrom('__proto__', 'constructor', 'toJSON', ' ', '-1', '01'),
);
const isName = (value: string) => /^[\t\n -~]*$/.test(value) && !/^(0|[1-9]\d*)$/.test(value);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 6 },
    text.filter(isText),
    fc.maxSafeInteger().map((number) => number + 0),
    fc.boolean(),
    fc.array(tie('any'), { maxLength: 4 }),
    fc.dictionary(name.filter(isName), tie('any'), { maxKeys: 6, noNullPrototype: false }),
  ),
})).any;

describe('canonical text of the leaf profile', () => {
  it('is what RFC 8785 says, by the word of another implementation', () => {
    fc.assert(
      fc.property(value, (sample) => {
        expect(canonical(sample)).toBe(canonicalize(sample));
      }),
      runs(3000),
    );
  });

  it('comes back unchanged from parse and stringify, so that any store of JSON may hold it', () => {
    fc.assert(
      fc.property(value, (sample) => {
        const leaf = canonical(sample);
        expect(JSON.stringify(JSON.parse(leaf))).toBe(leaf);
        expect(canonical(checkCanonical(leaf))).toBe(leaf);
      }),
      runs(3000),
    );
  });

  it('sorts members, at every depth, and leaves items in their order', () => {
    expect(canonical({ b: [{ z: 1, a: 2 }, 3], a: {}, B: [], '': true })).toBe(
      '{"":true,"B":[],"a":{},"b":[{"a":2,"z":1},3]}',
    );
  });

  it('does not reorder the object it was given', () => {
    const given = { b: 1, a: 2 };
    canonical(given);
    expect(Object.keys(given)).toEqual(['b', 'a']);
  });

  it('escapes no more than it must', () => {
    expect(canonical('"\\/\t\n\u00a0\u2028é😀\uffff')).toBe('"\\"\\\\/\\t\\n\u00a0\u2028é😀\uffff"');
    expect(canonical({ 'a"\\\t': 1 })).toBe('{"a\\"\\\\\\t":1}');
  });

  it('takes integers up to the last exact one, on either side', () => {
    expect(canonical([9007199254740991, -9007199254740991, 0])).toBe(
      '[9007199254740991,-9007199254740991,0]',
    );
    for (const number of [2 ** 53, -(2 ** 53), 0.5, -0, NaN, Infinity, -Infinity, 1e21])
      expect(code(number)).toBe('profile-number');
  });

  it('refuses all that libraries drop or turn into something else', () => {
    class Weight {
      grams = 243;
    }
    const others = [
      null,
      undefined,
      () => 1,
      Symbol('a'),
      1n,
      new Date(0),
      new Map(),
      new Set(),
      /a/,
      new Weight(),
    ];
    for (const other of [...others, new Uint8Array(1), new String('a'), Object.create({}), Array(1)]) {
      expect(code(other)).toBe('profile-type');
      expect(code({ a: other })).toBe('profile-type');
      expect(code([other])).toBe('profile-type');
    }
    expect(code({ toJSON: () => 'a' })).toBe('profile-type');
  });

  it('takes objects without a prototype and those of another realm', () => {
    const bare = Object.assign(Object.create(null) as object, { a: 1 });
    const foreign = Object.assign(Object.create(Object.create(null) as object) as object, { a: 1 });
    expect(canonical([bare, foreign])).toBe('[{"a":1},{"a":1}]');
  });

  it('refuses control characters and half pairs in strings, but takes TAB and LF', () => {
    for (let unit = 0; unit <= 0xffff; unit++) {
      const sample = String.fromCharCode(unit);
      const control = (unit < 0x20 && unit !== 9 && unit !== 10) || (unit >= 0x7f && unit <= 0x9f);
      const half = unit >= 0xd800 && unit <= 0xdfff;
      if (control || half) expect(code(`a${sample}`)).toBe('profile-string');
      else if (canonical(sample) !== JSON.stringify(sample)) throw new Error(`U+${unit.toString(16)}`);
    }
    expect(code('\udc00\ud800')).toBe('profile-string');
    expect(canonical('\ud83d\ude00')).toBe('"😀"');
  });

  it('refuses names that are not ASCII, hold a control character or look like an array index', () => {
    for (const bad of ['é', '\u007f', '\r', '\u0000', '😀', '0', '7', '10', '4294967295', '9007199254740993'])
      expect(code({ [bad]: 1 })).toBe('profile-name');
    for (const good of ['', '-1', '01', '1.5', '1e3', ' 1', '__proto__'])
      expect(canonical({ [good]: 1 })).toBe(`{${JSON.stringify(good)}:1}`);
  });

  it('refuses a new bad name when it has kept as many good ones as it will', () => {
    for (let i = 0; i < 3000; i++) expect(canonical({ [`n${i}`]: i })).toBe(`{"n${i}":${i}}`);
    expect(code({ é: 1 })).toBe('profile-name');
  });

  it('nests sixteen deep and no deeper, and so refuses a cycle', () => {
    expect(canonical(nest(16))).toBe('['.repeat(16) + ']'.repeat(16));
    expect(code(nest(17))).toBe('profile-depth');
    const objects = (levels: number) =>
      JSON.parse('{"a":'.repeat(levels) + '1' + '}'.repeat(levels)) as unknown;
    expect(canonical(objects(16))).toBe('{"a":'.repeat(16) + '1' + '}'.repeat(16));
    expect(code(objects(17))).toBe('profile-depth');
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    expect(code(cycle)).toBe('profile-depth');
  });

  it('says where, as a JSON Pointer', () => {
    expect(refusal(() => canonical(1.5))).toMatchObject({ path: '', name: 'ProfileError' });
    const error = refusal(() => canonical({ a: [1, { 'b/~': null }] }));
    expect(error.path).toBe('/a/1/b~1~0');
    expect(error.message).toContain('/a/1/b~1~0 is not a JSON value');
    expect(refusal(() => canonical({ a: { é: 1 } })).path).toBe('/a/é');
  });

  it('lets errors that are not its own pass as they are', () => {
    const broken = new RangeError('broken');
    const trap = { get a(): never { throw broken; } }; // prettier-ignore
    expect(() => canonical([trap])).toThrow(broken);
  });
});

describe('checking that a text is canonical', () => {
  it('returns what the text says', () => {
    expect(checkCanonical('{"a":[1,"b"],"c":true}')).toEqual({ a: [1, 'b'], c: true });
  });

  it.each(['', '{', '\ufeff{}', '{"a":1,}', "{'a':1}", '01', '"\t"', 'undefined', '{}{}'])(
    'refuses %j, which is not JSON',
    (bad) => {
      expect(refusal(() => checkCanonical(bad)).code).toBe('json-syntax');
    },
  );

  it.each([
    ['white space', '{"a": 1}'],
    ['a final newline', '{"a":1}\n'],
    ['CRLF', '{"a":1}\r\n'],
    ['unsorted members', '{"b":1,"a":2}'],
    ['a member twice', '{"a":1,"a":1}'],
    ['__proto__ twice', '{"__proto__":1,"__proto__":2}'],
    ['an exponent', '[1e3]'],
    ['a fraction of nothing', '[1.0]'],
    ['an escaped solidus', '["\\/"]'],
    ['an escape in place of the character', '["\\u0061"]'],
    ['an escaped line feed in hex', '["\\u000a"]'],
    ['upper-case hex', '["\\u00E9"]'],
  ])('refuses %s', (_, bad) => {
    expect(refusal(() => checkCanonical(bad)).code).toBe('json-not-canonical');
  });

  it.each([
    ['[-0]', 'profile-number'],
    ['[9007199254740993]', 'profile-number'],
    ['[1e400]', 'profile-number'],
    ['[null]', 'profile-type'],
    ['["\\ud800"]', 'profile-string'],
    ['["\\u007f"]', 'profile-string'],
    ['["\\r"]', 'profile-string'],
    ['{"7":1}', 'profile-name'],
  ])('refuses what the profile refuses: %s', (bad, expected) => {
    expect(refusal(() => checkCanonical(bad)).code).toBe(expected);
  });

  it('takes exactly what would be written for what it says, in whatever way it is spelled', () => {
    const spelled = fc.constantFrom(
      '0',
      '-0',
      '0e1',
      '1',
      '10',
      '100',
      '1e2',
      '1E2',
      '300',
      '3e2',
      '1000',
      '1e3',
      '12e2',
      '1200',
      '1.0',
      '-5',
      '1e0',
      '9007199254740993',
      '""',
      '"a"',
      '"\\u0061"',
      '"é"',
      '"\u007f"',
      '"😀"',
      '"\\n"',
      '"\\ud800"',
      '"/"',
      '"\\/"',
      'true',
      'false',
      'null',
    );
    const gap = fc.constantFrom('', '', '', ' ');
    const name = fc.constantFrom('"a"', '"b"', '"ab"', '"7"', '"é"', '"__proto__"', '"\\u0062"');
    const joined = (open: string, close: string) => (parts: readonly [string, string][]) =>
      `${open}${parts.map(([space, part]) => space + part).join(',')}${close}`;
    const { text } = fc.letrec<{ text: string }>((tie) => ({
      text: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        spelled,
        fc.array(fc.tuple(gap, tie('text')), { maxLength: 3 }).map(joined('[', ']')),
        fc
          .array(
            fc.tuple(
              gap,
              fc.tuple(name, tie('text')).map(([key, member]) => `${key}:${member}`),
            ),
            { maxLength: 3 },
          )
          .map(joined('{', '}')),
      ),
    }));
    const accepted = (work: () => unknown): unknown => {
      try {
        return work();
      } catch (error) {
        expect(error).toBeInstanceOf(ProfileError);
        return 'refused';
      }
    };
    fc.assert(
      fc.property(text, (one) => {
        const written = accepted(() => canonical(JSON.parse(one)));
        expect(accepted(() => checkCanonical(one))).toEqual(written === one ? JSON.parse(one) : 'refused');
      }),
      runs(5000),
    );
  });

  it('refuses deep nesting before it hurts', () => {
    for (const levels of [17, 30_000])
      expect(refusal(() => checkCanonical('['.repeat(levels) + ']'.repeat(levels))).code).toBe(
        'profile-depth',
      );
  });
});
