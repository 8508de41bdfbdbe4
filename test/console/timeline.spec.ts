import { emptyStudy, fold, studyAt } from '../../src/study/study.js';
import { LongHistory } from '../study/projections/long-histories.js';
import { referenceStudy } from '../support/reference-study.js';
import { renderMain, rowsIn } from './render-main.js';

const whole = referenceStudy();
const timeline = (query: Record<string, string> = {}, study = whole) =>
  renderMain('/timeline', study, query).main;

function linksOf(main: string, shape: string): number[] {
  return [...main.matchAll(new RegExp(`<a class="${shape}" href="[^"]*/records/(\\d+)"`, 'g'))].map(
    ([, number]) => Number(number),
  );
}

describe('the timeline of a study', () => {
  it('has a mark for every fact that holds, which leads to its record, and a cross for every correction', () => {
    const main = timeline();
    const facts = [...'aotudwsek'].flatMap((shape) => linksOf(main, shape));
    const held = [...whole.facts, ...[...whole.subjects.values()].flatMap(({ facts: of }) => of.toArray())];
    expect(facts.toSorted((a, b) => a - b)).toEqual(
      held.map(({ holder }) => holder).toSorted((a, b) => a - b),
    );
    const corrections = [...whole.records]
      .filter(({ record: { type } }) => type === 'RecordCorrected' || type === 'RecordVoided')
      .map(({ number }) => number);
    expect(linksOf(main, 'c')).toEqual(corrections.toSorted((a, b) => a - b));
  });

  it('folds days on which nothing happened, and says how many they are', () => {
    expect(timeline()).toMatch(
      /<th scope="col" class="idle">3 d idle<\/th><th scope="col"[^>]*>Mon 6 Apr<\/th>/,
    );
  });

  it('says the same in words, day by day', () => {
    const main = timeline();
    const days = rowsIn(main.slice(main.indexOf('id="days"')));
    expect(days).toHaveLength(49);
    expect(days).toContainEqual(['Tue 24 Feb 2026', '2', '26', '26 enrolments, exclusions or ends']);
  });

  it('shows one animal alone', () => {
    const main = timeline({ animal: 'R14' });
    expect(rowsIn(main).map(([name]) => name)).toEqual(['R14']);
    expect(renderMain('/timeline', whole, { animal: 'R99' }).answer).toMatchObject({
      code: 'subject-unknown',
    });
  });

  it('begins with what there is on the first day', () => {
    expect(rowsIn(timeline({}, studyAt(whole, 1))).map(([name]) => name)).toEqual(['the study']);
  });

  it('of more than two thousand marks is summed up by day, and leads to the facts of each animal', () => {
    const ids = Array.from({ length: 300 }, (_, index) => `R${String(index).padStart(3, '0')}`);
    const history = new LongHistory(ids);
    for (let day = 0; day < 60; day++) {
      for (const subject of ids) history.run('high', {}, { subject });
      history.wait(24 * 60 - ids.length);
    }
    const study = fold(emptyStudy('KET-99'), history.records);
    const main = timeline({}, study);
    expect(linksOf(main, 't')).toEqual([]);
    expect(rowsIn(main)[1]?.slice(0, 4)).toEqual(['R000 facts', '2', '1', '1']);
    expect(main).toContain('href="/studies/KET-99/timeline?animal=R000"');
    expect(Buffer.byteLength(main)).toBeLessThan(140_000);
    expect(linksOf(timeline({ animal: 'R000' }, study), 't')).toHaveLength(60);
  });
});
