import { packSections } from '../../src/exports/data-pack/sections.js';
import { dataPackDocument } from '../../src/exports/data-pack/data-pack.js';
import { htmlDocument } from '../../src/exports/documents/html-document.js';
import { studyReport } from '../../src/exports/documents/study-report.js';
import { sendFiles } from '../../src/exports/send/send-set.js';
import { studyAt } from '../../src/study/study.js';
import { exampleData } from '../study/bench.js';
import { by, signs } from '../study/signing.js';
import { archiving, closedAndSigned, governed, reopening } from '../study/governed.js';
import { sent } from '../study/specification.js';
import { smallStudy, sourceOf } from './small-study.js';

const source = sourceOf(smallStudy());
const sections = packSections(source);
const section = (number: number) => sections[number - 1]!;

describe('the data pack', () => {
  it('has a section for each number of 21 CFR 58.185(a), and none is empty of both facts and gaps [R40]', () => {
    expect(sections.map(({ clause }) => clause)).toEqual([
      ...Array.from({ length: 14 }, (_, i) => `58.185(a)(${i + 1})`),
      '58.185(b), (c)',
    ]);
    for (const { items, gaps } of sections) expect(items.length + gaps.length).toBeGreaterThan(0);
  });

  it('traces what it says to records that are there [R40]', () => {
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

  it('names what nobody recorded [R40]', () => {
    expect(section(12).gaps.join()).toContain('none is attached');
    expect(section(15).gaps.join()).toContain('signatures: the study was registered without signatures');
    expect(section(14).gaps.join()).toContain('inspections');
    expect(section(1).gaps.join()).toContain('address');
    const empty = packSections(sourceOf(studyAt(source.study, 1)));
    expect(empty[1]!.gaps.join()).toContain('none approved');
  });

  it('tells each deviation with what its director makes of it [R32]', () => {
    expect(section(9).items).toContainEqual({
      what: expect.stringMatching(/^acknowledged #21: /),
      value: expect.stringContaining('assessed: Sheet mislaid; impact on integrity: minor'),
      records: [21, 30],
    });
    const open = section(9).items.filter(({ value }) => value.includes('not assessed by the study director'));
    const [count] = section(9).items.filter(({ what }) => what === 'of these not assessed');
    expect(open.map(({ records }) => records).flat()).toEqual(count!.records);
  });

  it('is readable, and claims nothing', () => {
    const page = htmlDocument(dataPackDocument(source));
    expect(page).toContain('58.185(a)(14)');
    expect(page).not.toMatch(/compliant|validated|certified/i);
  });
});

describe('the data pack of a governed study', () => {
  const report = { ...exampleData('AddAttachment'), name: 'Pathology.pdf', contributor: 'path-1' };
  const withReport = governed().and(by('sd-01', sent('AddAttachment', { data: report })));
  const inspected = withReport
    .and(by('qa-1', sent('RecordInspection', { data: { phase: 'surgery', on: '2026-03-02' } })))
    .and(signs('qa-1', 'inspected', 5));
  const closed = closedAndSigned(inspected.and(signs('sd-01', 'authored', 4)));
  const archivedAt = closed.study.size;
  const archived = closed.and(archiving()).and(signs('mgr-1', 'archived', archivedAt));
  const pack = packSections(sourceOf(archived.study));
  const said = (number: number) => pack[number - 1]!.items.map(({ what, value }) => `${what}: ${value}`);
  const gaps = (number: number) => pack[number - 1]!.gaps.join();

  it('shows name, meaning, time and status of each signature, from what was signed [R23 R40]', () => {
    const [first] = pack[14]!.items;
    expect(first).toEqual({
      what: 'approved',
      value: expect.stringMatching(/^approved by .+ \(sd-01, director\), 2026-03-02 .*: valid; over #1$/),
      records: [1, 2],
    });
    expect(pack[14]!.items.map(({ what }) => what)).toEqual([
      'approved',
      'inspected',
      'authored',
      'reviewed',
      'closed',
      'archived',
    ]);
    expect(said(2).join('\n')).toMatch(/signature on version 1: approved by /);
    expect(gaps(2)).not.toContain('signature');
  });

  it('names what does not check as broken [R24]', () => {
    const source = sourceOf(archived.study);
    const broken = packSections({ ...source, snapshot: { ...source.snapshot, broken: [2] } });
    expect(broken[14]!.items[0]!.value).toBe('BROKEN: it does not check; over #1');
    expect(broken[14]!.items[1]!.value).toContain(': valid; over');
  });

  it('has the reports of contributors by digest, with who signed them [R40]', () => {
    expect(said(12)).toEqual([
      `report of path-1: “Pathology.pdf”, 11 bytes, SHA-256 ${(report as unknown as { sha256: string }).sha256}`,
      expect.stringMatching(/^signature on #4: authored by .* \(sd-01, director\)/),
    ]);
    expect(gaps(12)).toContain('to be written by the study director');
  });

  it('says where it is kept and until when, and what quality assurance inspected [R40 R41 R42]', () => {
    expect(said(13)).toEqual(
      expect.arrayContaining([
        'place of what is not in the ledger: Archive room 2',
        'kept at least until: 2036-12-31',
        expect.stringMatching(/^file beside the log \(contributor-report\): “Pathology.pdf”/),
      ]),
    );
    expect(said(14)[0]).toBe(
      'inspection: surgery: on 2026-03-02 by qa-1; not reported to director; not reported to management',
    );
    expect(gaps(14)).toContain('not reported to both director and management: #5');
  });

  it('says of every document that the study is archived, and no longer once it is open again', () => {
    const foot = (study: typeof archived) => studyReport(sourceOf(study.study)).foot;
    expect(foot(archived)).toContain(`archived in record #${archivedAt}, kept at least until 2036-12-31`);
    expect(foot(closed)).not.toContain('archived');
    const trial = sendFiles(sourceOf(archived.study)).get('ts.json')!;
    expect(trial).toMatch(/"ARCHLOC","Archive Location","[^"]+",/);
    expect(trial).toContain('"RETNDTC","Retained at Least Until","2036-12-31",');
    expect(sendFiles(sourceOf(closed.study)).get('ts.json')).not.toMatch(/ARCHLOC|RETNDTC/);
    const page = htmlDocument(studyReport(sourceOf(archived.study)));
    expect(page).toMatch(/Signatures<\/h2>/);
    const again = archived.and(reopening);
    expect(foot(again.and(signs('sd-01', 'approved', again.study.size - 1)))).not.toContain('archived');
  });
});
