import { View } from '../../src/study/projections/projection.js';
import { studyFlow } from '../../src/study/projections/study-flow.projection.js';
import { emptyStudy, fold, studyAt } from '../../src/study/study.js';
import { LongHistory } from '../study/projections/long-histories.js';
import { referenceStudy } from '../support/reference-study.js';
import { renderMain, rowsIn } from './render-main.js';

const whole = referenceStudy();
const animals = (query: Record<string, string> = {}, study = whole) => renderMain('/animals', study, query);
const names = (query: Record<string, string>) => rowsIn(animals(query).main).map(([name]) => name);

describe('the animals of a study', () => {
  it('stand in a row each, with every verdict as a word and its margin', () => {
    const row = rowsIn(animals().main).find(([name]) => name === 'R02');
    expect(row).toEqual([
      'R02',
      '',
      '3.09 g',
      'yes +0.46',
      'non-responder −0.20',
      '20 µg +0.18',
      'responder +0.12',
      '',
      '355 g',
      'moderate',
      'ended',
    ]);
  });

  it('are chosen by the stage that they reached, as the flow diagram counts them', () => {
    for (const { stage, subjects } of studyFlow.project(new View(whole)).stages)
      expect([stage, names({ stage })]).toEqual([stage, subjects]);
  });

  it('are chosen by whether they are in the study still', () => {
    expect(names({ show: 'excluded' })).toEqual(['R07', 'R13']);
    expect(names({ show: 'active' })).toEqual([]);
    expect(animals({ show: 'active' }).main).toContain('No animal matches.');
  });

  it('are sorted by what a column shows, those without a value last, whichever the order', () => {
    const margins = (order: string) =>
      rowsIn(animals({ sort: 'combination', order }).main)
        .map((cells) => cells[6])
        .map((text) => (text === '–' ? undefined : Number(text!.replace(/[^\d.+]/g, ''))));
    const known = margins('up').filter((one) => one !== undefined);
    expect(known).toHaveLength(8);
    expect(known).toEqual(known.toSorted((a, b) => a - b));
    expect(margins('down').slice(0, 8)).toEqual(known.toReversed());
    expect(margins('down').slice(8)).toEqual(margins('up').slice(8));
  });

  it('are chosen in a form, which says what is chosen', () => {
    const { main } = animals({ stage: 'titrated', sort: 'loss' });
    expect(main).toContain('action="/studies/KET-01/animals"');
    expect(main).toContain('<option value="titrated" selected>Drug titrated</option>');
    expect(main).toContain('<option value="loss" selected>loss of weight</option>');
    expect(main.match(/ selected>/g)).toHaveLength(2);
  });

  it('are refused in an order, at a stage or on a page that there is not', () => {
    for (const query of [
      { sort: 'colour' },
      { stage: 'nowhere' },
      { show: '__proto__' },
      { page: '2' },
      { page: '0' },
    ])
      expect(animals(query as unknown as Record<string, string>).answer).toMatchObject({
        code: 'choice-unknown',
      });
  });

  it('are told to come, where none is enrolled', () => {
    expect(animals({}, studyAt(whole, 2)).main).toContain('No animal is enrolled at this tree size.');
  });

  it('are two hundred on a page, which is within its size', () => {
    const ids = Array.from({ length: 300 }, (_, index) => `RAT-2026-${String(index).padStart(4, '0')}`);
    const history = new LongHistory(ids);
    for (const subject of ids) {
      history.lesion(subject);
      for (let times = 0; times < 3; times++) history.session({}, subject);
      for (const value of ['310.0', '250.5'])
        history.add('BodyWeightRecorded', { weight: { value, unit: 'g' } }, { subject });
    }
    const study = fold(emptyStudy('KET-99'), history.records);
    const first = animals({}, study).main;
    expect(rowsIn(first)).toHaveLength(200);
    expect(Buffer.byteLength(first)).toBeLessThan(134_000);
    expect(first).toContain('href="/studies/KET-99/animals?page=2"');
    expect(rowsIn(animals({ page: '2' }, study).main)).toHaveLength(100);
  });
});
