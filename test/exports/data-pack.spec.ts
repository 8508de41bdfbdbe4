import { packSections } from '../../src/exports/data-pack/sections.js';
import { dataPackDocument } from '../../src/exports/data-pack/data-pack.js';
import { htmlDocument } from '../../src/exports/documents/html-document.js';
import { studyAt } from '../../src/study/study.js';
import { smallStudy, sourceOf } from './small-study.js';

const source = sourceOf(smallStudy());
const sections = packSections(source);
const section = (number: number) => sections[number - 1]!;

describe('the data pack', () => {
  it('has a section for each number of 21 CFR 58.185(a), and none is empty of both facts and gaps', () => {
    expect(sections.map(({ clause }) => clause)).toEqual(
      Array.from({ length: 14 }, (_, i) => `58.185(a)(${i + 1})`),
    );
    for (const { items, gaps } of sections) expect(items.length + gaps.length).toBeGreaterThan(0);
  });

  it('traces what it says to records that are there', () => {
    const cited = sections.flatMap(({ items }) => items.flatMap(({ records }) => records));
    expect(cited.length).toBeGreaterThan(20);
    for (const record of cited) expect(source.study.records.at(record)).toBeDefined();
    expect(section(8).items).toContainEqual({ what: 'administrations', value: '1', records: [13] });
    expect(section(9).items).toContainEqual({
      what: 'corrections and withdrawals',
      value: '1',
      records: [17],
    });
  });

  it('names what nobody recorded', () => {
    expect(section(12).gaps.join()).toContain('signatures');
    expect(section(14).gaps.join()).toContain('inspections');
    expect(section(1).gaps.join()).toContain('address');
    const empty = packSections(sourceOf(studyAt(source.study, 1)));
    expect(empty[1]!.gaps.join()).toContain('none approved');
  });

  it('is readable, and claims nothing', () => {
    const page = htmlDocument(dataPackDocument(source));
    expect(page).toContain('58.185(a)(14)');
    expect(page).not.toMatch(/compliant|validated|certified/i);
  });
});
