import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { dataPackJson } from '../../src/exports/data-pack/data-pack.js';
import { htmlDocument } from '../../src/exports/documents/html-document.js';
import { pdfDocument } from '../../src/exports/documents/pdf-document.js';
import { renderToString } from 'preact-render-to-string';
import { h } from 'preact';
import { Svg } from '../../src/console/parts/figure.js';
import type { Drawing } from '../../src/exports/figures/drawing.js';
import { studyReport } from '../../src/exports/documents/study-report.js';
import { about, at, day, ready } from '../study/bench.js';
import { anyStep, play } from '../study/histories.js';
import { freshFolder } from '../support/folders.js';
import { render, smallStudy, sourceOf } from './small-study.js';
import { runs } from '../support/effort.js';

const source = sourceOf(smallStudy(), true);
const page = async (from = source) => Buffer.from(await render('report.html', from)).toString();

describe('the report as a page', () => {
  it('needs nothing from elsewhere and runs nothing', async () => {
    expect(await page()).not.toMatch(/<script|<link|<img|src=|href="[^#]|@import|url\(/);
    expect(await page()).toContain("default-src 'none'");
  });

  it('draws the threshold on the filaments of the ladder, the doses on their rungs, and the course of the study', async () => {
    const figures = [...(await page()).matchAll(/<svg[\s\S]*?<\/svg>/g)].map(([figure]) => figure);
    expect(figures.map((figure) => /aria-label="([^"]*)"/.exec(figure)?.[1])).toEqual([
      'Course of the animals',
      'Animal R01: 50 % withdrawal threshold in grams, test by test',
      'Animal R01: doses of ketamine in order',
    ]);
    const ticks = [...figures[1]!.matchAll(/text-anchor="end"[^>]*>([\d.]+)</g)].map(([, tick]) => tick);
    expect(ticks).toEqual(['0.4', '0.6', '1', '2', '4', '6', '8', '15']);
    const heights = [...figures[1]!.matchAll(/y="([\d.]+)"[^>]*text-anchor="end"/g)].map(([, y]) =>
      Number(y),
    );
    // Log axis: 1 → 2 → 4 are equally far apart, and heavier is higher up.
    expect(heights[2]! - heights[3]!).toBeCloseTo(heights[3]! - heights[4]!, 1);
    expect(heights).toEqual(heights.toSorted((a, b) => b - a));
  });

  it('shows what was corrected, who left and why, and calls simulated data simulated [R45]', async () => {
    const text = await page();
    expect(text).toContain('weight: 243.70 g → 0.24380 kg');
    expect(text).toContain('SIMULATED DATA');
    expect(text).toContain('R02 (excluded)');
    expect(await page(sourceOf(smallStudy()))).not.toContain('SIMULATED');
  });

  it('takes hostile text for text', async () => {
    const hostile = ready().and(
      at(day(19), about('R01', 'ReportAdverseEvent', { description: '<script>alert(1)</script>' })),
      at(day(19), about('R01', 'ExcludeSubject', { criterion: 'unfit' })),
    ).study;
    const text = htmlDocument(studyReport(sourceOf(hostile)));
    expect(text).not.toContain('<script');
    const drawing: Drawing = {
      width: 1,
      height: 1,
      title: '"/><x>',
      marks: [{ kind: 'text', at: [0, 0], text: '<&', size: 1, anchor: 'start' }],
    };
    expect(renderToString(h(Svg, { drawing }))).not.toMatch(/<x>|<&/);
  });

  it('is made of any history', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 25 }), (steps) => {
        const study = play(steps).at(-1)!;
        const source = sourceOf(study);
        const text = htmlDocument(studyReport(source));
        expect(text).not.toMatch(/NaN|undefined|Infinity|\[object/);
        expect(JSON.parse(dataPackJson(source))).toMatchObject({ treeSize: study.size });
      }),
      runs(60),
    );
  });
});

/** Objects where the cross-reference table says that they are: what a reader of PDF relies on first. */
function expectReadable(bytes: Uint8Array): void {
  const text = Buffer.from(bytes).toString('latin1');
  expect(text.startsWith('%PDF-1.')).toBe(true);
  const start = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(text)?.[1]);
  expect(text.slice(start, start + 4)).toBe('xref');
  const entries = [...text.slice(start).matchAll(/^(\d{10}) \d{5} n/gm)].map(([, offset]) => Number(offset));
  entries.forEach((offset, i) =>
    expect(text.slice(offset, offset + 20)).toMatch(new RegExp(`^${i + 1} 0 obj`)),
  );
  expect(text).toMatch(/\/Type \/Catalog/);
}

const hasPdfToText = spawnSync('pdftotext', ['-v']).status === 0;

describe('the report as PDF', () => {
  it('is a whole file, dated by its last record', async () => {
    const bytes = await render('report.pdf', source);
    expectReadable(bytes);
    const { recorded } = source.snapshot;
    expect(Buffer.from(bytes).toString('latin1')).toContain(
      `(D:${recorded.slice(0, 19).replace(/[-T:]/g, '')}Z)`,
    );
  });

  const reading = hasPdfToText ? it : it.skip; // only without poppler: the file's structure is checked all the same
  reading('says what the page says, letter by letter', async () => {
    const file = join(freshFolder('pdf'), 'report.pdf');
    writeFileSync(file, await render('report.pdf', source));
    const { stdout, status } = spawnSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
    expect(status).toBe(0);
    for (const words of [
      'SIMULATED DATA',
      'Who responds',
      'Animal R01',
      'dixon-table',
      '243.70 g → 0.24380',
      'tree size',
      'µg',
    ])
      expect([words, stdout.includes(words)]).toEqual([words, true]);
  });

  it('sets a text of any length and script', async () => {
    const long = 'Übermäßig µ → ≥ Ω ł 鼠 '.repeat(200).trim();
    const study = ready().and(
      at(day(19), about('R01', 'ExcludeSubject', {}, { reason: long.slice(0, 400).trim() })),
    ).study;
    expectReadable(await pdfDocument(studyReport(sourceOf(study))));
  });
});
