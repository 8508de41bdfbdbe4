import { readStateText } from '../../src/tlog/state-text.js';
import { hashToBase64 } from '../../src/tlog/encoding.js';

const ROOT = '13GhHzI9KzY/YGLu5444+KnVJNLnxYylca0U1PYpMYE=';

describe('the state of a log as somebody has it on paper', () => {
  it.each([
    ['a size and a root', `1602 ${ROOT}`, 1602],
    ['on two lines, as they are printed on an export', `tree size 1602\nroot ${ROOT}`, 1602],
    ['as a line of the export', `tree size 1602, root ${ROOT}`, 1602],
    ['with thousands set off', `1,602\n${ROOT}`, 1602],
    ['as the foot of a page', `Made from records #0 to #833 of KET-01, root ${ROOT}.`, 834],
    [
      'as the foot of a report',
      `Study KET-01 at tree size 834, root ${ROOT} · made from records 0 to 833 by Study Ledger`,
      834,
    ],
  ])('is read: %s', (_, text, size) => {
    const stated = readStateText(text);
    if (typeof stated === 'string') throw new Error(stated);
    expect({ size: stated.size, root: hashToBase64(stated.root) }).toEqual({ size, root: ROOT });
  });

  it.each([
    ['nothing', ''],
    ['no root', '1602'],
    ['no size', ROOT],
    ['a root that is too short', `1602 ${ROOT.slice(1)}`],
    ['a size that is no whole number', `16.02 ${ROOT}`],
    ['commas that set off no thousands', `16,02 ${ROOT}`],
    ['a number below zero', `-5 ${ROOT}`],
  ])('is refused with the forms that are taken: %s', (_, text) => {
    expect(readStateText(text)).toMatch(/^This is no state of a log\. Paste/);
  });
});
