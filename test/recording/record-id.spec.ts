import fc from 'fast-check';
import { v5 } from 'uuid';
import { recordId } from '../../src/recording/record-id.js';
import { runs } from '../support/effort.js';

describe('record ids', () => {
  it('are the UUID v5 that the uuid library makes', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^\/studies\/[A-Z0-9-]{1,40}$/),
        fc.uuid(),
        fc.nat(9),
        (source, id, index) => {
          const namespace = '3c5f2d9e-7f0a-5b41-9a63-1f0c64a1d7b2';
          expect(recordId(source, id, index)).toBe(v5(`${source}\n${id}\n${index}`, namespace));
        },
      ),
      runs(100),
    );
  });
});
