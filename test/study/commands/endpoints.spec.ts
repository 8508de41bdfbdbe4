import { alertsOf, newAlerts } from '../../../src/study/welfare/endpoints.js';
import { about, at, because, begun, corrected, day, died, voided, weighed } from '../bench.js';
import type { Body, Given } from '../specification.js';

const scored = (when: string, autotomy: number) =>
  at(when, about('R01', 'ScoreWelfare', { scores: [{ item: 'autotomy', score: autotomy }] }));
const decided = (when: string, data: Body) => at(when, about('R01', 'DecideEndpoint', data));
const waiting = ({ study }: Given): string[] =>
  alertsOf(study, 'R01').map(({ id, record }) => `${id} #${record}`);

const told = ({ study }: Given): string[] =>
  newAlerts(study).map(({ subject, id, record }) => `${subject} ${id} #${record}`);

/** Record 3 reaches the endpoint. */
const ailing = begun().and(scored(day(4), 3));

describe('a humane endpoint', () => {
  it('is reached by an item, by the sum of the sheet, by a loss of weight', () => {
    expect(waiting(begun().and(scored(day(4), 2)))).toEqual([]);
    expect(waiting(ailing)).toEqual(['autotomy #3']);
    const all = ['posture', 'wound'].map((item) => ({ item, score: 3 }));
    expect(waiting(begun().and(at(day(4), about('R01', 'ScoreWelfare', { scores: all }))))).toEqual([
      'total-score #3',
    ]);
    expect(waiting(begun().and(weighed(day(3), '300.0'), weighed(day(4), '240.1')))).toEqual([]);
    const thin = begun().and(weighed(day(3), '300.0'), weighed(day(4), '240.0'));
    expect(alertsOf(thin.study, 'R01')).toMatchObject([
      { id: 'weight-loss', record: 4, observed: '20.0 % below the heaviest weight' },
    ]);
  });

  it('waits until something is decided about it, and again when it is reached once more [R39]', () => {
    const treated = ailing.and(decided(day(4, '11:00'), { endpoint: 'autotomy', reachedBy: 3 }));
    expect(waiting(treated)).toEqual([]);
    const again = treated.and(scored(day(5), 3));
    expect(waiting(again)).toEqual(['autotomy #5']);
    expect(waiting(again.and(died(day(5, '12:00'))))).toEqual([]);
  });

  it('is not settled by a decision that did not know of it', () => {
    const treated = ailing.and(decided(day(6), { endpoint: 'autotomy', reachedBy: 3 }));
    const late = treated.and({ ...because('Sheet found', scored(day(5), 3)), clock: day(7) });
    expect(waiting(late)).toEqual(['autotomy #5']);
  });

  it('is not settled by the animal being found dead, and can still be decided about', () => {
    const dead = ailing.and(at(day(5), about('R01', 'RecordFate', { fate: 'found-dead' })));
    expect(waiting(dead)).toEqual(['autotomy #3']);
    const data = { endpoint: 'autotomy', reachedBy: 3, decision: 'kill' };
    expect(waiting(dead.and(decided(day(5, '12:00'), data)))).toEqual([]);
  });

  it('comes and goes with corrections and voids of what reached it', () => {
    const right = corrected(3, {
      subject: 'R01',
      occurredAt: day(4),
      corrected: { sheet: 'daily-sheet', scores: [{ item: 'autotomy', score: 1 }] },
    });
    const put = ailing.and(right);
    expect(waiting(put)).toEqual([]);
    expect(waiting(put.and(voided(4)))).toEqual(['autotomy #3']);
    expect(waiting(ailing.and(voided(3)))).toEqual([]);
  });

  it('is decided about by the record that reached it', () => {
    const decide = (data: Body) =>
      ailing.when(
        'DecideEndpoint',
        decided(day(4, '12:00'), { endpoint: 'autotomy', reachedBy: 3, ...data }).body,
      ).then;
    decide({}).records({ type: 'EndpointDecided' });
    expect(decide({ reachedBy: 2 }).refused('endpoint-not-reached', 'data.reachedBy').message).toContain(
      ': 3.',
    );
    decide({ endpoint: 'weight-loss' }).refused('endpoint-not-reached', 'data.reachedBy');
    begun()
      .when('DecideEndpoint', about('R99', 'DecideEndpoint').body)
      .then.refused('subject-unknown', 'subject');
  });
});

describe('an intervention', () => {
  it('names what it answers, where it answers something of that animal', () => {
    const intervene = (data: Body) =>
      ailing.when('RecordIntervention', at(day(4, '12:00'), about('R01', 'RecordIntervention', data)).body)
        .then;
    intervene({ because: 3 }).records({ type: 'InterventionRecorded' });
    intervene({ because: 1 }).refused('record-unknown', 'data.because');
  });

  it('is told with the record that reached it, and with no later one', () => {
    expect(told(ailing)).toEqual(['R01 autotomy #3']);
    const again = ailing.and(scored(day(5), 3));
    expect(told(again)).toEqual(['R01 autotomy #4']);
    expect(told(again.and(weighed(day(6))))).toEqual([]);
    expect(waiting(again)).toEqual(['autotomy #3', 'autotomy #4']);
  });

  it('is told with a weight before it, a correction or a void that makes it wait', () => {
    const thin = begun().and(weighed(day(3), '300.0'), weighed(day(5), '255.0'));
    expect(told(thin)).toEqual([]);
    const heavier = thin.and(because('Sheet found', { ...weighed(day(4), '330.0'), clock: day(7) }));
    expect(told(heavier)).toEqual(['R01 weight-loss #4']);
    const decision = ailing.and(decided(day(4, '11:00'), { endpoint: 'autotomy', reachedBy: 3 }));
    expect(told(decision)).toEqual([]);
    expect(told(decision.and(voided(4)))).toEqual(['R01 autotomy #3']);
    const other = corrected(3, {
      subject: 'R01',
      occurredAt: day(4, '09:00'),
      corrected: { sheet: 'daily-sheet', scores: [{ item: 'autotomy', score: 3 }] },
    });
    expect(told(ailing.and(other))).toEqual(['R01 autotomy #4']);
  });
});
