import {
  about,
  at,
  because,
  begun,
  day,
  dosed,
  measured,
  motorThreshold,
  ready,
  stimulated,
  touches,
} from '../bench.js';

const run = (text: string) => about('R01', 'RecordThreshold', { touches: touches(text) }).body;

describe('a threshold', () => {
  it('is recorded as the touches that were made', () => {
    begun()
      .when('RecordThreshold', run('2O 4X 2O 4X 2O 4X'))
      .then.records({
        type: 'ThresholdRecorded',
        data: {
          touches: [{ filament: '2', response: 'O' }, { filament: '4', response: 'X' }, {}, {}, {}, {}],
        },
      });
  });

  it.each([
    ['2O 4X 2O 4X 2O 4X', []],
    ['4O 6X 4O 6X 4O 6X', ['wrong-start']],
    ['2O 4X', ['stopped-early']],
    ['2O 4X 2O 4X 2O 4X 2O', ['stopped-late']],
    ['2O 4? 4X 2O 4X 2O 4X', ['ambiguous']],
    ['2O 6X 4O 6X 4O 6X', ['skipped-step']],
    ['2O 2O 4X 2O 4X 2O 4X', ['repeated-filament']],
    ['2O 1X 2O 4X 2O 4X', ['wrong-direction']],
  ])('of %s is taken without a reason, and its form is flagged: %j', (text, flags) => {
    begun()
      .when('RecordThreshold', run(text))
      .then.flags(...flags);
  });

  it('is refused with a filament that the ladder does not have, naming the touch', () => {
    const refusal = begun()
      .when('RecordThreshold', run('2O 4X 2.0O'))
      .then.refused('filament-not-in-ladder', 'data.touches[2].filament');
    expect(refusal.message).toContain('0.4, 0.6, 1, 2, 4, 6, 8, 15');
  });

  it('is refused on another ladder than the protocol’s', () => {
    begun()
      .when('RecordThreshold', about('R01', 'RecordThreshold', { ladder: 'RAT-H8' }).body)
      .then.refused('unknown-ladder', 'data.ladder');
  });

  it('names an earlier stimulation or dose of the same animal, and nothing else', () => {
    const study = ready()
      .and(at(day(18, '09:30'), about('R02', 'EnrolSubject')))
      .and(stimulated(day(18)), dosed(day(19)));
    for (const session of [11, 12])
      study
        .when(
          'RecordThreshold',
          because('Measured late', measured('low', day(20), { session, minute: 15 })).body,
        )
        .then.flags('deviation', 'minute-off');
    for (const session of [2, 3, 10, 99]) {
      study
        .when('RecordThreshold', measured('low', day(20), { session }).body)
        .then.refused('session-unknown', 'data.session');
    }
    study
      .when('RecordThreshold', measured('low', day(20), { session: 11 }, 'R02').body)
      .then.refused('session-unknown', 'data.session');
    study
      .when(
        'RecordThreshold',
        because('Sheet found', measured('low', day(17), { session: 11 })).body,
        day(20),
      )
      .then.refused('session-unknown', 'data.session');
  });
});

describe('a motor threshold', () => {
  it('needs an electrode', () => {
    begun()
      .when('DetermineMotorThreshold', motorThreshold(day(18)).body)
      .then.refused('no-electrode', 'subject');
    ready()
      .when('DetermineMotorThreshold', motorThreshold(day(18)).body)
      .then.records({ type: 'MotorThresholdDetermined' });
    ready()
      .when('DetermineMotorThreshold', because('Sheet found', motorThreshold(day(16))).body, day(18))
      .then.refused('no-electrode', 'subject');
  });
});
