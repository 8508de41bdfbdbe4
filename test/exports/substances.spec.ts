import { FILES, renderFile } from '../../src/exports/files.js';
import { studyPage } from '../../src/exports/bundle/study-page.js';
import { sendFiles } from '../../src/exports/send/send-set.js';
import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import { useRecordOf } from '../../src/study/welfare/derive-use-record.js';
import { sentence } from '../../src/console/words/sentence.js';
import { View } from '../../src/study/projections/projection.js';
import type { ProtocolInput } from '../../src/study/rules/complete-protocol.js';
import type { Study } from '../../src/study/study.js';
import { about, at, because, day, ready } from '../study/bench.js';
import { sourceOf } from './small-study.js';

/** A study of clonidine: everything that leaves names it, and nothing names ketamine. */

const clonidine: Partial<ProtocolInput> = {
  title: 'Simulated: a study of clonidine',
  titration: { ...exampleProtocol.titration!, drug: 'clonidine' },
  substances: [{ id: 'clonidine', name: 'Clonidine hydrochloride' }, { id: 'saline' }, { id: 'heparin' }],
};

const given = (when: string, data: object) =>
  because('As it was', at(when, about('R01', 'AdministerSubstance', { lot: 'C-1', ...data })));

function clonidineStudy(): Study {
  return ready(clonidine).and(
    given(day(20), { substance: 'saline', dose: { value: '0.9', unit: '%' }, purpose: 'vehicle' }),
    given(day(21), {
      substance: 'clonidine',
      dose: { value: '30', unit: 'ug' },
      route: 'intrathecal',
      purpose: 'titration',
    }),
    given(day(23), { substance: 'heparin', dose: { value: '100', unit: '[iU]' }, purpose: 'test' }),
  ).study;
}

const datasetOf = (study: Study, name: string): Record<string, unknown>[] => {
  const { columns, rows } = JSON.parse(sendFiles(sourceOf(study)).get(`${name}.json`)!) as {
    columns: { name: string }[];
    rows: unknown[][];
  };
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column.name, row[index]])));
};

describe('the exposure', () => {
  it('names every substance, and counts days from the first that is a treatment', () => {
    expect(datasetOf(clonidineStudy(), 'ex')).toMatchObject([
      { EXTRT: 'SALINE', EXDOSE: 0.9, EXDOSU: '%', EXSTDY: -1 },
      { EXTRT: 'CLONIDINE HYDROCHLORIDE', EXDOSE: 30, EXDOSU: 'ug', EXSTDY: 1 },
      { EXTRT: 'HEPARIN', EXDOSE: 100, EXDOSU: 'IU', EXSTDY: 3 },
    ]);
  });

  it('is summed up without vehicles and controls', () => {
    const treatments = datasetOf(clonidineStudy(), 'ts').filter(({ TSPARMCD }) => TSPARMCD === 'TRT');

    expect(treatments.map(({ TSVAL }) => TSVAL)).toEqual(['CLONIDINE HYDROCHLORIDE; HEPARIN']);
  });
});

describe('every file', () => {
  it('of a study without ketamine is silent about it', async () => {
    const study = clonidineStudy();
    const source = sourceOf(study);
    const texts = new Map<string, string>(sendFiles(source));
    for (const file of FILES)
      if (/\.(csv|tsv|html|json|md|txt)$/.test(file.name))
        texts.set(file.name, Buffer.from(await renderFile(file, source)).toString());
    texts.set(
      'study.html',
      studyPage({ ...source, ...source.snapshot, anchor: { record: 0, recorded: day(29) } } as never, study),
    );

    expect(texts.size).toBeGreaterThan(10);
    // The title of the example study is what its people wrote.
    for (const [name, text] of texts)
      expect([name, /(?<!sub-effective )ketamine.{0,20}/i.exec(text)]).toEqual([name, null]);
    expect(texts.get('study.html')).toContain('With Clonidine hydrochloride');
    expect(texts.get('report.html')).toContain('Clonidine hydrochloride + stimulation');
    expect(texts.get('data-pack.html')).toContain('lot of saline');
  });
});

describe('a dose in words', () => {
  it('names the substance as the protocol of its day does', () => {
    const study = clonidineStudy();

    const said = sentence(new View(study), study.records.at(11)!).map((phrase) =>
      typeof phrase === 'string' ? phrase : '…',
    );

    expect(said.join('')).toContain('was given 30 µg of Clonidine hydrochloride, intrathecal');
  });
});

describe('a use of an animal', () => {
  it('lists each substance by itself', () => {
    const study = clonidineStudy();
    const view = new View(study);

    const { procedures } = useRecordOf(study, view.protocols, 'R01', view.animals()[0]!.history);

    expect(procedures.filter(({ kind }) => kind === 'dose')).toMatchObject([
      { what: 'saline', n: 1 },
      { what: 'clonidine', n: 1, totalDose: { value: '30', unit: 'ug' } },
      { what: 'heparin', n: 1 },
    ]);
  });
});
