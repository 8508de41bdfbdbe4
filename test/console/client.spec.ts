import fc from 'fast-check';
import { sha256 as ofTheBrowser } from '../../src/console/client/lib/sha256.js';
import { memberChanges } from '../../src/study/projections/member-changes.js';
import { sha256 } from '../../src/shared/sha256.js';
import { leafHash, nodeHash, siblingSides } from '../../src/tlog/merkle.js';
import { MerkleTree } from '../../src/tlog/tree.js';
import { runs } from '../support/effort.js';

describe('what runs in a browser', () => {
  it('hashes as Node does, bytes and text of any length', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.string({ unit: 'binary', maxLength: 100 }),
        (bytes, text) => {
          expect(ofTheBrowser(bytes)).toBe(sha256(bytes));
          const whole = text.toWellFormed();
          expect(ofTheBrowser(whole)).toBe(sha256(whole));
        },
      ),
      runs(300),
    );
    // Around the ends of a block.
    for (let length = 50; length < 140; length++)
      expect(ofTheBrowser('a'.repeat(length))).toBe(sha256('a'.repeat(length)));
  });

  it('shows the way from any leaf to the root', () => {
    const tree = new MerkleTree(sha256);
    for (let number = 0; number < 70; number++) tree.append(leafHash(sha256, `${number}`));
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(69), (size, nat) => {
        const index = nat % size;
        const leaf = leafHash(sha256, `${index}`);
        const proof = tree.inclusionProof(index, size);
        const root = proof.reduce(
          (node, sibling, level) =>
            siblingSides(index, size - 1, proof.length)![level]
              ? nodeHash(ofTheBrowser, sibling, node)
              : nodeHash(ofTheBrowser, node, sibling),
          leaf,
        );
        expect(root).toBe(tree.root(size));
      }),
      runs(300),
    );
  });
});

it('a change of a protocol is told member by member', () => {
  const before = { late: 240, ladder: { id: 'A', filaments: [1, 2] }, dose: { value: '1', unit: 'ug' } };
  const after = {
    late: 480,
    ladder: { id: 'A', filaments: [1] },
    dose: { value: '1', unit: 'mg' },
    new: true,
  };
  expect(memberChanges(before, after)).toEqual([
    { field: 'late', from: 240, to: 480 },
    { field: 'ladder.filaments', from: [1, 2], to: [1] },
    { field: 'dose', from: { value: '1', unit: 'ug' }, to: { value: '1', unit: 'mg' } },
    { field: 'new', from: null, to: true },
  ]);
});
