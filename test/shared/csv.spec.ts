import { stringify } from 'csv-stringify/sync';
import fc from 'fast-check';
import { csvLine, csvRow, guardFormula } from '../../src/shared/csv.js';

describe('a line of CSV', () => {
  it('is what a library writes of the same cells', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', ' ', ',', ';', '\t', '"', '\r', '\n', 'µ') });
    fc.assert(
      fc.property(fc.array(cell, { minLength: 1 }), fc.constantFrom(',', ';', '\t'), (cells, separator) => {
        const options = { delimiter: separator, record_delimiter: '\r\n', quoted_match: /[\r\n]/ };
        expect(csvRow(cells, separator)).toBe(stringify([cells], options));
      }),
    );
  });

  it('holds no formula, and numbers as they are', () => {
    expect(csvLine(['=1+1', '-1', -1, "'", '\uFF1D1', 'plain'])).toBe("'=1+1,'-1,-1,'','\uFF1D1,plain\r\n");
  });

  it('is text whose apostrophe can be taken away again', () => {
    for (const text of ["'", "'=", '@x', 'x=', ''])
      expect(guardFormula(text).replace(/^'(?=['=@])/, '')).toBe(text);
  });
});
