import { commandNamed } from '../../src/study/catalogue.js';
import { isOf } from '../../src/study/record.js';
import {
  about,
  at,
  because,
  begun,
  closed,
  corrected,
  day,
  died,
  enrolled,
  exampleData,
  ligated,
  measured,
  touches,
  voided,
  weighed,
} from './bench.js';
import type { Body, Given } from './specification.js';

const grams = (value: string): Body => ({ weight: { value, unit: 'g' } });
/** Record 3 is a weight of R01 on day 4. */
const bench = begun().and(weighed(day(4), '243.70'));
const righted = (data: Body = {}): Body => ({
  subject: 'R01',
  occurredAt: day(4),
  corrected: grams('234.70'),
  ...data,
});
const sends = (study: Given, target: number, data: Body, rest: Body = {}) => {
  const { name, body } = corrected(target, data, rest);
  return study.when(name, body, day(30)).then;
};

describe('a correction', () => {
  it('replaces what a record says, and keeps the number by which others name it', () => {
    const study = sends(bench, 3, righted()).records({
      type: 'RecordCorrected',
      subject: 'R01',
      reason: 'Copied wrongly',
      data: {
        target: { number: 3, leaf: bench.leaf(3) },
        replaces: { number: 3, leaf: bench.leaf(3) },
        corrects: 'BodyWeightRecorded',
        corrected: grams('234.70'),
      },
    });
    expect(study.facts('R01').at(-1)).toMatchObject({
      number: 3,
      holder: 4,
      at: bench.facts('R01').at(-1)?.at,
      data: grams('234.70'),
    });
    expect(study.study.supersededBy).toEqual(new Map([[3, 4]]));
    expect(study.study.corrections).toEqual(new Map([[3, [4]]]));
  });

  it('leaves the record, and every earlier tree size, as they were [R3]', () => {
    const study = sends(bench, 3, righted()).records({});
    expect(study.study.records.at(3)).toBe(bench.study.records.at(3));
    expect(bench.facts('R01').at(-1)).toMatchObject({ holder: 3, data: grams('243.70') });
  });

  it('says why [R3]', () => {
    bench
      .when('CorrectRecord', { data: { target: { number: 3 }, ...righted() } })
      .then.refused('reason-required', 'reason');
  });

  it('has the time of correcting as its own, and the protocol version of what it corrects', () => {
    const amended = bench.and(
      because(
        'Washout lengthened',
        at(day(10), { name: 'AmendProtocol', body: { data: exampleData('AmendProtocol') } }),
      ),
    );
    const { study } = sends(amended, 3, righted()).records({ protocolversion: 1 });
    expect(study.records.last?.record.time).toBe('2026-04-01T10:00:00.000Z');
    expect(study.subjects.get('R01')?.facts.last?.protocolVersion).toBe(1);
  });

  it('can give the fact to another animal', () => {
    const two = bench.and(at(day(4, '10:30'), about('R02', 'EnrolSubject')));
    const study = sends(
      two,
      3,
      righted({ subject: 'R02', occurredAt: day(4, '10:45'), corrected: grams('243.70') }),
      {},
    ).refused('time-in-future', 'data.occurredAt');
    expect(study.message).toContain('2026-03-06T10:00:00.000Z');
    const moved = sends(two, 3, righted({ subject: 'R02', corrected: grams('243.70') })).records({
      subject: 'R02',
    });
    expect(moved.facts('R01').map(({ number }) => number)).toEqual([2]);
    expect(moved.facts('R02').map(({ number }) => number)).toEqual([3, 4]);
    expect(moved.facts('R02')[0]?.data.flags).toEqual(['before-enrolment', 'deviation']);
  });

  it('can say that it happened at another time, which is late against when the record was written', () => {
    const study = bench.and(weighed(day(5)));
    const earlier = sends(study, 4, righted({ occurredAt: day(3), corrected: grams('250') })).flags('late');
    expect(earlier.facts('R01').map(({ number }) => number)).toEqual([2, 4, 3]);
    sends(study, 4, righted({ occurredAt: day(5, '10:02') })).flags();
    sends(study, 4, righted({ occurredAt: day(6) })).refused('time-in-future', 'data.occurredAt');
  });

  it('takes away the flag of a time that was wrong', () => {
    const early = begun().and(
      because('Sheet found', { ...weighed('2026-03-02T08:05:00Z'), clock: day(0, '09:00') }),
    );
    expect(early.facts('R01')[0]?.data.flags).toEqual(['before-enrolment', 'before-protocol', 'deviation']);
    sends(early, 3, righted({ occurredAt: '2026-03-02T08:30:00Z' })).flags();
  });

  it('is checked as the record itself would be', () => {
    sends(bench, 3, righted({ corrected: grams('2437.0') })).flags(
      'body-weight-out-of-range',
      'implausible',
      'weight-jump',
    );
    sends(bench, 3, righted({ corrected: { weight: { value: '243,7', unit: 'g' } } })).refused(
      'field-invalid',
      'data.corrected.weight.value',
    );
    sends(bench, 3, { removed: ['weight'] }).refused('field-missing', 'data.corrected.weight');
    const unknown = sends(bench, 3, righted({ corrected: { ...grams('1'), scale: 'BAL-2' } })).refused(
      'field-unknown',
      'data.corrected.scale',
    );
    expect(unknown.message).toContain('“data.corrected.scale”');
    sends(bench, 3, righted({ subject: 'R77' })).refused('subject-unknown', 'data.subject');
  });

  it('of a run is refused with a filament that the ladder does not have', () => {
    const study = begun().and(measured('middle', day(4)));
    const run = { ...exampleData('RecordThreshold'), touches: touches('2O 5X') };
    sends(study, 3, righted({ corrected: run })).refused(
      'filament-not-in-ladder',
      'data.corrected.touches[1].filament',
    );
  });

  it('of a run carries the flags of the corrected run', () => {
    const study = begun().and(measured('middle', day(4)));
    const run = { ...exampleData('RecordThreshold'), touches: touches('4O 6X 4O 6X 4O 6X') };
    sends(study, 3, righted({ corrected: run })).flags('wrong-start');
  });

  it('of a ligation is no second ligation of that nerve, but may not become that of another', () => {
    const study = begun().and(
      ligated(),
      because('Both sides are asked', at(day(5), ligated('R01', { side: 'right' }))),
    );
    const right = { ...exampleData('LigateNerve'), side: 'right' };
    sends(
      study,
      3,
      righted({ occurredAt: day(3), corrected: { ...exampleData('LigateNerve'), fraction: '1/2' } }),
    ).flags();
    sends(study, 3, righted({ occurredAt: day(3), corrected: right })).refused(
      'nerve-already-ligated',
      'data.corrected.nerve',
    );
  });

  it('of a death is no second death', () => {
    const study = begun().and(died(day(8)));
    const { data } = died(day(8)).body as { data: Body };
    sends(study, 3, righted({ occurredAt: day(8, '09:00'), corrected: data })).flags();
  });

  it('is taken of a study that is closed, and of nothing about it being closed', () => {
    sends(bench.and(closed), 3, righted()).records({ type: 'RecordCorrected' });
    sends(bench.and(closed), 4, {
      occurredAt: day(4, '10:01'),
      corrected: { outcome: 'terminated' },
    }).records({
      data: { corrects: 'StudyClosed' },
    });
  });
});

describe('a correction of what was corrected before', () => {
  const once = bench.and(at(day(5), corrected(3, righted())));

  it('names the record that holds now [R3]', () => {
    const { message } = sends(once, 3, righted()).refused('not-in-force', 'data.replaces');
    expect(message).toContain('Record 4 holds now, not 3');
    const twice = sends(once, 3, righted({ replaces: { number: 4 }, corrected: grams('235') })).records({
      data: { target: { number: 3 }, replaces: { number: 4, leaf: once.leaf(4) } },
    });
    expect(twice.facts('R01').at(-1)).toMatchObject({ number: 3, holder: 5, data: grams('235') });
    sends(twice, 3, righted({ replaces: { number: 4 } })).refused('not-in-force', 'data.replaces');
  });

  it('corrects the original, not the correction', () => {
    sends(once, 4, righted()).refused('not-a-fact', 'data.target');
  });

  it('names the correction before once the latest is voided', () => {
    const again = righted({ replaces: { number: 4 }, corrected: grams('233') });
    const back = once.and(at(day(6), corrected(3, again)), voided(5));
    sends(back, 3, righted({ replaces: { number: 5 } })).refused('not-in-force', 'data.replaces');
    sends(back, 3, again).records({});
  });
});

describe('a correction is refused', () => {
  it('of a record that is not there', () => {
    sends(bench, 4, righted()).refused('record-unknown', 'data.target.number');
    sends(bench, 3, righted({ replaces: { number: 9 } })).refused('record-unknown', 'data.replaces.number');
  });

  it('of another record than the sender saw', () => {
    const other = { number: 3, leaf: bench.leaf(2) };
    sends(bench, 3, righted({ target: other })).refused('leaf-mismatch', 'data.target.leaf');
    sends(bench, 3, righted({ replaces: other })).refused('leaf-mismatch', 'data.replaces.leaf');
    sends(bench, 3, righted({ target: { number: 3, leaf: bench.leaf(3) } })).records({});
  });

  it('of a record that was voided, naming the void', () => {
    const { message } = sends(bench.and(voided(3)), 3, righted()).refused('not-in-force', 'data.target');
    expect(message).toContain('by record 4');
    const corrupted = bench.and(corrected(3, righted()), voided(3));
    expect(sends(corrupted, 3, righted()).refused('not-in-force', 'data.target').message).toContain(
      'by record 5',
    );
  });

  it('of a void, and of a protocol', () => {
    sends(bench.and(voided(3)), 4, righted()).refused('not-a-fact', 'data.target');
    const protocol = { occurredAt: '2026-03-02T08:10:00Z', corrected: exampleData('ApproveProtocol') };
    sends(bench, 1, protocol).refused('not-correctable', 'data.target');
  });

  it('with an animal where there is none', () => {
    const title = { corrected: { title: 'Another title' } };
    sends(bench, 0, { ...title, subject: 'R01' }).refused('field-unknown', 'data.subject');
    sends(bench, 0, title).records({ data: { corrects: 'StudyOpened' } });
  });

  it('where it names nothing, with what to do', () => {
    for (const data of [{}, { corrected: {} }]) {
      const { message } = sends(bench, 3, data).refused('nothing-corrected', 'data.corrected');
      expect(message).toMatch(/^The correction of record 3 names nothing: .*VoidRecord/);
    }
    // What restates all that holds is taken, as it always was.
    sends(bench, 3, { subject: 'R01', corrected: grams('243.70') }).records({
      data: { corrected: grams('243.70') },
    });
    sends(bench, 3, { corrected: grams('243.7') }).records({ data: { corrected: grams('243.7') } });
  });

  it('where it would take the enrolment from under other records', () => {
    const { body } = enrolled('R01');
    const moved = { subject: 'R02', occurredAt: body['occurredAt'], corrected: body['data'] };
    sends(bench, 2, moved).refused('others-rest-on-it', 'data.subject');
    sends(bench, 2, {
      ...moved,
      subject: 'R01',
      corrected: { ...(body['data'] as Body), sex: 'female' },
    }).records({});
    const alone = begun();
    const renamed = sends(alone, 2, moved).records({ subject: 'R02' });
    expect([...renamed.study.subjects.keys()]).toEqual(['R02']);
    const other = alone.and(enrolled('R02'));
    sends(other, 2, moved).refused('subject-enrolled', 'data.subject');
  });

  it('where its corrected data are no object', () => {
    for (const data of [[], 'x', null, 3]) {
      sends(bench, 3, righted({ corrected: data })).refused('field-invalid', 'data.corrected');
    }
  });
});

describe('every kind of fact', () => {
  it('can be corrected but a protocol, a correction and a void', () => {
    const { study } = bench;
    for (const { record, number } of study.records) {
      if (isOf('ProtocolApproved', record)) continue;
      const { command, subject, time, data } = record;
      expect(commandNamed(command)?.records).toBe(record.type);
      const { flags: _, ...facts } = data as Body;
      const about = subject === undefined ? {} : { subject };
      const earlier = new Date(Date.parse(time) - 60_000).toISOString();
      sends(bench, number, { ...about, occurredAt: earlier, corrected: facts }).records({
        data: { corrected: expect.objectContaining(facts) },
      });
    }
  });
});

describe('a correction that names a part', () => {
  const surgery = begun().and(
    at(
      day(5),
      about('R01', 'LigateNerve', {
        anaesthesia: { agent: 'isoflurane', concentration: { value: '2', unit: '%' } },
        comment: 'Nothing unusual',
      }),
    ),
  );
  const stated = surgery.facts('R01').at(-1)!;
  const { flags: _, ...facts } = stated.data as Body;

  it('takes the rest from what holds, to the letter', () => {
    sends(bench, 3, { corrected: { weight: { value: '234.70' } } }).records({
      subject: 'R01',
      data: { subject: 'R01', occurredAt: bench.facts('R01').at(-1)!.time, corrected: grams('234.70') },
    });
    sends(surgery, stated.number, { corrected: { anaesthesia: { concentration: { value: '3' } } } }).records({
      data: {
        occurredAt: stated.time,
        corrected: {
          ...facts,
          anaesthesia: { agent: 'isoflurane', concentration: { value: '3', unit: '%' } },
        },
      },
    });
  });

  it('takes it from the correction before, which it has to name', () => {
    const once = surgery.and(at(day(6), corrected(stated.number, { corrected: { comment: 'Bled' } })));
    const second = { corrected: { side: 'right' } };
    sends(once, stated.number, second).refused('not-in-force', 'data.replaces');
    sends(once, stated.number, { ...second, replaces: { number: stated.number + 1 } }).records({
      data: { corrected: { ...facts, comment: 'Bled', side: 'right' } },
    });
  });

  it('leaves out what it says is to be left out, and says which it does not know', () => {
    const { comment: __, ...without } = facts;
    sends(surgery, stated.number, { removed: ['comment', 'anaesthesia.concentration'] }).records({
      data: { corrected: { ...without, anaesthesia: { agent: 'isoflurane' } } },
    });
    const { message } = sends(surgery, stated.number, { removed: ['comment', 'coment'] }).refused(
      'field-unknown',
      'data.removed[1]',
    );
    expect(message).toContain('“coment”');
    sends(surgery, stated.number, {
      removed: ['anaesthesia'],
      corrected: { anaesthesia: { agent: 'urethane' } },
    }).records({
      data: { corrected: { ...facts, anaesthesia: { agent: 'urethane' } } },
    });
  });
});
