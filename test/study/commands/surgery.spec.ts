import { about, at, because, begun, catheter, corrected, day, electrode, ligated, voided } from '../bench.js';

describe('a ligation', () => {
  it('is recorded with what was done', () => {
    begun()
      .when('LigateNerve', ligated().body)
      .then.records({
        type: 'NerveLigated',
        subject: 'R01',
        protocolversion: 1,
        data: { side: 'left', nerve: 'sciatic', procedure: 'partial-ligation', suture: { size: '8-0' } },
      });
  });

  it('is refused a second time on the same nerve', () => {
    begun()
      .and(ligated())
      .when('LigateNerve', at(day(4), ligated()).body)
      .then.refused('nerve-already-ligated', 'data.nerve');
  });

  it('is refused a second time even where the second is said to have come first', () => {
    begun()
      .and(ligated())
      .when('LigateNerve', because('Sheet found', at(day(2), ligated())).body, day(4))
      .then.refused('nerve-already-ligated', 'data.nerve');
  });

  it('cannot follow a sham operation of the same nerve', () => {
    begun()
      .and(ligated('R01', { procedure: 'sham' }))
      .when('LigateNerve', at(day(4), ligated()).body)
      .then.refused('nerve-already-ligated', 'data.nerve');
  });

  it('is taken of the other side, of another nerve, of another animal', () => {
    const study = begun().and(ligated());
    study
      .when(
        'LigateNerve',
        because('Both sides are asked', at(day(4), ligated('R01', { side: 'right' }))).body,
      )
      .then.flags('deviation', 'second-side');
    study.when('LigateNerve', at(day(4), ligated('R01', { nerve: 'tibial' })).body).then.flags();
    study
      .and(at(day(3, '10:30'), about('R02', 'EnrolSubject')))
      .when('LigateNerve', at(day(4), ligated('R02')).body)
      .then.flags();
  });

  it('is taken again once the first is voided, or corrected to the other side', () => {
    const again = at(day(4), ligated()).body;
    const study = begun().and(ligated());
    study.and(voided(3)).when('LigateNerve', again).then.flags();
    const other = {
      subject: 'R01',
      occurredAt: day(3),
      corrected: { ...(ligated('R01', { side: 'right' }).body['data'] as object) },
    };
    study
      .and(corrected(3, other))
      .when('LigateNerve', { ...again, reason: 'Both sides are asked' })
      .then.flags('deviation', 'second-side');
  });
});

describe('an electrode', () => {
  const first = at(day(17), electrode());

  it('is implanted once', () => {
    begun()
      .and(first)
      .when('ImplantElectrode', at(day(18), electrode()).body)
      .then.refused('electrode-present', 'data.action');
  });

  it('is not implanted for the first time before it was implanted for the first time', () => {
    begun()
      .and(first)
      .when('ImplantElectrode', because('Sheet found', at(day(16), electrode())).body, day(18))
      .then.refused('electrode-present', 'data.action');
  });

  it.each(['repaired', 'replaced'])('is %s where there is one, and not before', (action) => {
    const { body } = at(day(18), electrode('R01', { action }));
    begun().when('ImplantElectrode', body).then.refused('no-electrode', 'data.action');
    begun().and(first).when('ImplantElectrode', body).then.records({ data: { action } });
    begun()
      .and(first)
      .when(
        'ImplantElectrode',
        because('Sheet found', at(day(16), electrode('R01', { action }))).body,
        day(18),
      )
      .then.refused('no-electrode', 'data.action');
  });
});

describe('a catheter', () => {
  it('is recorded, and may be implanted again', () => {
    begun()
      .and(at(day(17), catheter()))
      .when('ImplantCatheter', at(day(19), catheter()).body)
      .then.flags();
  });
});
