import fc from 'fast-check';
import { runs } from '../../support/effort.js';
import { measure } from '../../../src/study/rules/measured-run.js';
import { Protocols, factNumbered, type Fact } from '../../../src/study/study.js';
import { about, begun, day, ready } from '../bench.js';
import { sent, type Body } from '../specification.js';

type Run = Fact<'ThresholdRecorded'>;

const ENTERED = day(4, '10:05');
const reason = 'Entered while there was no connection';

function weight(rest: Body = {}): Body {
  return { ...about('R01', 'RecordBodyWeight').body, occurredAt: day(4, '10:00'), ...rest };
}

describe('an entry that is sent later', () => {
  it('says when it was entered, and is flagged [R2]', () => {
    begun()
      .when('RecordBodyWeight', weight({ enteredAt: ENTERED }), day(4, '11:00'))
      .then.records({ time: day(4, '10:00'), data: { enteredAt: ENTERED, flags: ['delayed-entry'] } });
  });

  it('is late by the time of recording, as ever', () => {
    const body = weight({ enteredAt: ENTERED });
    begun().when('RecordBodyWeight', body, day(4, '20:00')).then.refused('reason-required', 'reason');
    begun()
      .when('RecordBodyWeight', { ...body, reason }, day(4, '20:00'))
      .then.flags('delayed-entry', 'late');
  });

  it('was entered neither in the future nor before it happened, but for what clocks differ by', () => {
    const clock = day(4, '11:00');
    const when = (enteredAt: string, rest: Body = {}) =>
      begun().when('RecordBodyWeight', weight({ enteredAt, ...rest }), clock).then;
    when(day(4, '09:58')).flags('delayed-entry');
    when('2026-03-06T09:57:59Z').refused('entered-early', 'enteredAt');
    when(day(4, '11:02')).flags('delayed-entry');
    when('2026-03-06T11:02:01Z').refused('time-in-future', 'enteredAt');
    when(ENTERED, { occurredAt: undefined }).refused('entered-early', 'enteredAt');
    when('yesterday').refused('field-invalid', 'enteredAt');
  });

  it('keeps when it was entered in a correction, whose own time of entry stands beside it', () => {
    const study = begun().and(sent('RecordBodyWeight', weight({ enteredAt: ENTERED }), day(4, '11:00')));
    const data = {
      target: { number: 3 },
      subject: 'R01',
      occurredAt: day(4, '10:00'),
      corrected: { weight: { value: '234.70', unit: 'g' } },
    };
    const correction = { reason: 'Digits swapped', data };
    study
      .when('CorrectRecord', correction, day(4, '12:00'))
      .then.records({ data: { corrected: { enteredAt: ENTERED, flags: ['delayed-entry'] } } });
    const { record } = study.when(
      'CorrectRecord',
      { ...correction, occurredAt: day(4, '11:30'), enteredAt: day(4, '11:30') },
      day(4, '12:00'),
    );
    expect(record.data).toMatchObject({
      enteredAt: day(4, '11:30'),
      flags: ['delayed-entry'],
      corrected: { enteredAt: ENTERED },
    });
  });
});

describe('an entry that is discarded', () => {
  const COMMAND_ID = '00000000-0000-4000-8000-000000000004';
  const discard = (commandid: string): Body => ({
    reason: 'Wrong animal',
    data: { commandid, command: 'RecordBodyWeight', enteredAt: ENTERED },
  });

  it('is on record, with the reason', () => {
    begun()
      .when('DiscardEntry', discard(COMMAND_ID), day(4, '11:00'))
      .then.records({ type: 'EntryDiscarded', reason: 'Wrong animal', data: discard(COMMAND_ID)['data'] });
    begun()
      .when('DiscardEntry', { ...discard(COMMAND_ID), reason: undefined }, day(4, '11:00'))
      .then.refused('reason-required', 'reason');
  });

  it('was not recorded before', () => {
    begun()
      .when('DiscardEntry', discard('00000000-0000-4000-8000-000000000002'), day(4, '11:00'))
      .then.refused('entry-recorded', 'data.commandid');
  });

  it('is not recorded afterwards, unless the discard is withdrawn', () => {
    const weighed = (hour: number) =>
      sent('RecordBodyWeight', weight({ occurredAt: undefined }), day(4, `${hour}:00`));
    const discarded = begun().and(
      sent('DiscardEntry', discard('00000000-0000-4000-8000-000000000006'), day(4, '11:00')),
      weighed(12),
    );
    discarded
      .and(weighed(13))
      .when('RecordBodyWeight', weight({ occurredAt: undefined }), day(4, '14:00'))
      .then.refused('entry-discarded', 'id');
    discarded
      .and(
        sent('VoidRecord', { reason: 'Meant to be sent', data: { target: { number: 3 } } }, day(4, '13:00')),
      )
      .when('RecordBodyWeight', weight({ occurredAt: undefined }), day(4, '14:00'))
      .accepted();
  });

  it('keeps the time at which it was entered, also where the discard itself is sent later', () => {
    begun()
      .when(
        'DiscardEntry',
        { ...discard(COMMAND_ID), occurredAt: day(4, '10:30'), enteredAt: day(4, '10:30') },
        day(4, '11:00'),
      )
      .then.records({ time: day(4, '10:30'), data: { enteredAt: ENTERED, flags: ['delayed-entry'] } });
  });
});

const touch = fc.record({
  filament: fc.constantFrom('2', '4', '6', '8'),
  response: fc.constantFrom('O', 'X', '?'),
});
const struck = fc.record({
  filament: fc.constantFrom('2', '4', '6', '8'),
  response: fc.constantFrom('O', 'X', '?'),
  why: fc.constantFrom('mistyped', 'moved'),
});

describe('touches that were struck through', () => {
  const bench = ready();
  const run = (touches: readonly object[], through?: readonly object[]) =>
    bench.when(
      'RecordThreshold',
      about('R01', 'RecordThreshold', { touches, ...(through && { struck: through }) }).body,
      day(20),
    );

  it('fit the run where their places rise and lie among all touches made, and else are refused', () => {
    fc.assert(
      fc.property(
        fc.array(touch, { minLength: 1, maxLength: 8 }),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 12 }), struck), { minLength: 1, maxLength: 4 }),
        (touches, through) => {
          const places = through.map(([place]) => place);
          const fits =
            places.every((place, index) => index === 0 || place > places[index - 1]!) &&
            places.every((place) => place <= touches.length + through.length);
          const outcome = run(
            touches,
            through.map(([place, one]) => ({ place, ...one })),
          );
          if (fits) outcome.then.records({ type: 'ThresholdRecorded' });
          else
            expect(
              outcome.then.refused('struck-misplaced', expect.any(String) as unknown as string),
            ).toBeDefined();
        },
      ),
      runs(60),
    );
  });

  it('are of filaments of the ladder', () => {
    run(
      [{ filament: '2', response: 'O' }],
      [{ place: 1, filament: '300', response: 'O', why: 'moved' }],
    ).then.refused('filament-not-in-ladder', 'data.struck[0].filament');
  });

  it('change neither the threshold nor the flags of the run', () => {
    fc.assert(
      fc.property(
        fc.array(touch, { minLength: 1, maxLength: 9 }),
        fc.array(struck, { minLength: 1, maxLength: 4 }),
        (touches, through) => {
          const places = through.map((one, index) => ({ place: index + 1, ...one }));
          const [bare, told] = [run(touches).accepted(), run(touches, places).accepted()];
          const [one, other] = [bare, told].map(({ study }) => factNumbered(study, study.size - 1));
          expect(other!.data).toEqual({ ...one!.data, struck: places });
          const protocols = new Protocols(bare.study);
          expect(measure(other as Run, protocols).threshold).toEqual(
            measure(one as Run, protocols).threshold,
          );
        },
      ),
      runs(60),
    );
  });
});
