import { emptyStudy, fold, studyAt } from '../../src/study/study.js';
import { LongHistory } from '../study/projections/long-histories.js';
import { referenceStudy } from '../support/reference-study.js';
import { renderMain, rowsIn } from './render-main.js';

const whole = referenceStudy();
const page = (query: Record<string, string> = {}, study = whole) => renderMain('/welfare', study, query).main;
const section = (main: string, heading: string) => main.slice(main.indexOf(`<h2>${heading}`));
const animal = (subject: string, main: string) =>
  rowsIn(section(main, 'Course of each animal')).find(([name]) => name === subject);

describe('the welfare of a study', () => {
  it('has for each animal the worst weight and score, and the severity with the records that it rests on', () => {
    expect(animal('R02', page())).toEqual([
      'R02',
      '',
      '3.4 % #146',
      '',
      '2 #171',
      'moderate #139 #579 #744',
      'moderate #1579',
    ]);
  });

  it('says what nobody has decided or assessed', () => {
    const history = new LongHistory(['R01']);
    history.lesion();
    const weigh = (value: string) => history.add('BodyWeightRecorded', { weight: { value, unit: 'g' } });
    weigh('300.0');
    const lightest = weigh('210.0');
    const killed = () => history.add('SubjectEuthanised', { method: 'pentobarbital', cause: 'planned' });
    const open = page({}, fold(emptyStudy('KET-99'), history.records));
    expect(rowsIn(section(open, 'Humane endpoints'))[0]).toEqual([
      'R01',
      expect.any(String),
      `30.0 % below the heaviest weight #${lightest}`,
      expect.any(String),
      '▲ not decided',
    ]);
    expect(animal('R01', open)?.at(-1)).toBe('in use');
    killed();
    const ended = page({}, fold(emptyStudy('KET-99'), history.records));
    expect(animal('R01', ended)?.at(-1)).toBe('▲ not assessed');
    expect(rowsIn(section(ended, 'Humane endpoints'))[0]?.at(-1)).toMatch(/^kill #\d+$/);
  });

  it('shows what the study adds to a return, equal lines as one, and what is missing for it', () => {
    const complete = section(page(), 'Yearly return');
    expect(complete).toContain('24 uses of this study ended in 2026');
    expect(complete).toContain('Nothing: every use can be reported.');
    expect(rowsIn(complete)).toContainEqual(['G number', '23', '1']);
    // Before the severities were assessed.
    const gaps = rowsIn(section(page({}, studyAt(whole, 1578)), 'Yearly return'));
    expect(gaps.reduce((sum, [, uses]) => sum + Number(uses), 0)).toBe(24);
    expect(gaps[0]?.[0]).toContain('nobody has assessed its severity');
  });

  it('has a return of another authority, and refuses a form or a year that there is not', () => {
    expect(page({ format: 'uk' })).toContain('no_of_procedures');
    for (const query of [{ format: 'xx' }, { year: '2025' }, { page: '2' }])
      expect(renderMain('/welfare', whole, query as unknown as Record<string, string>).answer).toMatchObject({
        code: 'choice-unknown',
      });
  });

  it('says what to expect before there is an animal, and before a use has ended', () => {
    expect(page({}, studyAt(whole, 2))).toContain('No animal is enrolled at this tree size.');
    expect(page({}, studyAt(whole, 40))).toContain('No use has ended yet.');
  });

  it('of three hundred animals is within the size of a page', () => {
    const ids = Array.from({ length: 300 }, (_, index) => `RAT-2026-${String(index).padStart(4, '0')}`);
    const history = new LongHistory(ids);
    for (let day = 0; day < 30; day++) {
      for (const [index, subject] of ids.entries()) {
        const value = `${200 + ((day * 37 + index * 11) % 90)}.0`;
        history.add('BodyWeightRecorded', { weight: { value, unit: 'g' } }, { subject });
        const scores = [{ item: 'posture', score: (day + index) % 3 }];
        history.add('WelfareScored', { sheet: 'DAILY-1', scores }, { subject });
      }
      history.wait(12 * 60);
    }
    const main = page({}, fold(emptyStudy('KET-99'), history.records));
    expect(rowsIn(section(main, 'Course of each animal'))).toHaveLength(80);
    expect(Buffer.byteLength(main)).toBeLessThan(143_000);
  });
});
