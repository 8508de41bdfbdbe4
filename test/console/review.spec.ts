import { NO_PEOPLE } from '../../src/lab/people/people.js';
import { USUAL_HOURS } from '../../src/study/projections/projection.js';
import { begun, day, weighed } from '../study/bench.js';
import { by, signs } from '../study/signing.js';
import { sent, type Body, type Given, type Sent } from '../study/specification.js';
import { referenceStudy } from '../support/reference-study.js';
import { renderMain, rowsIn } from './render-main.js';

const LAB = { people: NO_PEOPLE };
const WITHOUT_KEYS = { ...LAB, facility: 'lab.example', keys: new Map() };

const section = (main: string, heading: string): string => {
  const from = main.indexOf(`<h2>${heading}`);
  return from < 0 ? '' : main.slice(from, main.indexOf('</section></section>', from));
};

const page = ({ study }: Given, query: Record<string, string> = {}) =>
  renderMain('/review', study, query, WITHOUT_KEYS).main;

function reviewed(from: number, to: number, clock: string): Sent {
  return by('qa-1', sent('ReviewTrail', { data: { from, to, findings: 'Nothing to remark' } }, clock));
}

const data = { target: { number: 3 }, corrected: { weight: { value: '234.70', unit: 'g' } } };
const corrected = (clock: string): Sent => sent('CorrectRecord', { reason: 'Digits swapped', data }, clock);

describe('the page of the review', () => {
  it('offers the form for each range that nobody has reviewed, filled in', () => {
    const given = begun().and(weighed(day(3)), reviewed(1, 2, day(4)));
    const main = page(given);
    expect(rowsIn(section(main, 'Not reviewed yet')).map(([range]) => range)).toEqual(['#0', '#3']);
    expect(main).toContain('/bench/enter/review-trail?data.from=3&amp;data.to=3&amp;next=');
    expect(main).toContain('Not reviewed: 2 ranges of records');
    expect(rowsIn(section(main, 'Reviews'))[0]).toEqual(
      expect.arrayContaining(['qa-1', expect.stringContaining('not signed'), 'Nothing to remark']),
    );
    expect(main).toContain('/sign?records=4&amp;meaning=reviewed&amp;next=');
  });

  it('says that a review is superseded by a correction made after it, and lists the correction first', () => {
    const given = begun().and(
      weighed(day(3)),
      reviewed(0, 3, day(4)),
      signs('qa-1', 'reviewed', 4, day(4, '11:00')),
      corrected(day(5)),
    );
    const main = page(given);
    expect(rowsIn(section(main, 'Reviews'))[0]!.join(' ')).toContain('superseded by #6');
    expect(main).toContain('✕ broken');
    expect(main).toContain('changes #3, which qa-1 had reviewed before as #4');
    expect(rowsIn(section(main, 'Not reviewed yet')).map(([range]) => range)).toEqual(['#6']);
  });

  it('names every list that found nothing, with its rule', () => {
    const main = page(begun());
    const nothing = main.slice(main.indexOf('<h2>Nothing found'));
    expect(nothing).toContain('Late: none.');
    expect(nothing).toContain('10 or more records of one person within 5 minutes');
    expect(main).toContain(`value="07:00-19:00"`);
  });

  it('shows the first rows of a long list, and all of it by pages', () => {
    const study = referenceStudy();
    const { main } = renderMain('/review', study, { hours: '10-11' }, WITHOUT_KEYS);
    const all = /All (\d+)<\/a>/.exec(main.slice(main.indexOf('id="out-of-hours"')))!;
    expect(Number(all[1])).toBeGreaterThan(200);
    const second = renderMain(
      '/review',
      study,
      { hours: '10-11', list: 'out-of-hours', page: '2' },
      WITHOUT_KEYS,
    ).main;
    expect(rowsIn(second).length).toBeGreaterThan(100);
    expect(second).toContain(`before 10:00 or from 11:00 on, or on a Saturday or Sunday`);
    expect(second).toContain(`in ${USUAL_HOURS.zone}`);
  });
});

function inspects(phase: string, on: string, clock: string, rest: Body = {}): Sent {
  return by('qa-1', sent('RecordInspection', { data: { phase, on, ...rest } }, clock));
}

describe('the page of quality assurance', () => {
  it('has the inspections with their reports, says what is missing, and leads to the forms', () => {
    const { study } = begun().and(
      inspects('Surgery', '2026-03-05', day(4), { findings: 'A drape was missing' }),
      by(
        'qa-1',
        sent(
          'ReportInspection',
          { data: { target: { number: 3 }, to: 'director', on: '2026-03-06' } },
          day(5),
        ),
      ),
      signs('qa-1', 'inspected', 3, day(5, '11:00')),
    );
    const { main } = renderMain('/quality', study, {}, WITHOUT_KEYS);
    const [row] = rowsIn(main);
    expect(row!.slice(0, 4)).toEqual(['#3', 'Surgery', expect.stringContaining('5'), 'qa-1']);
    expect(row![4]).toContain('(#4)');
    expect(row![5]).toContain('not yet');
    const [signed] = rowsIn(section(main, 'Signatures'));
    // No key made it, so neither its name nor its meaning is shown.
    expect([signed![0], signed![4]]).toEqual(['#5', '#3']);
    expect(signed!.at(-1)).toContain('✕ broken');
    expect(main).not.toContain('Name of qa-1');
    expect(main).toContain('/bench/enter/report-inspection?data.target.number=3&amp;data.to=management');
    expect(main).toContain('/findings/3');
    expect(main).toContain('1 inspection not reported to both');
    expect(main).not.toContain('drape');
  });

  it('says that there was no inspection', () => {
    const { main } = renderMain('/quality', begun().study);
    expect(main).toContain('No inspection is recorded.');
    expect(main).toContain('/bench/enter/record-inspection');
  });
});
