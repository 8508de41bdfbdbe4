import { exampleProtocol } from '../../../src/study/commands/common/example-protocol.js';
import { RESPONDER_PRESETS } from '../../../src/study/protocol/rules.js';
import { LADDER_PRESETS } from '../../../src/study/rules/ladder.js';
import { isClosed } from '../../../src/study/study.js';
import {
  approved,
  approvedWith,
  at,
  because,
  begun,
  closed,
  day,
  example,
  registered,
  voided,
  weighed,
} from '../bench.js';
import { given, sent } from '../specification.js';

const amended = because('Washout lengthened', sent('AmendProtocol', { data: { protocol: exampleProtocol } }));

describe('a study', () => {
  it('begins with its registration', () => {
    given()
      .when('RegisterStudy', example('RegisterStudy'))
      .then.records({ type: 'StudyOpened', sequence: '0000000000', data: { director: 'sd-01' } });
  });

  it('is registered once: its code is never used again', () => {
    given(registered).when('RegisterStudy', example('RegisterStudy')).then.refused('study-exists', 'study');
  });

  it('takes nothing before it is registered', () => {
    for (const name of ['ApproveProtocol', 'EnrolSubject', 'CloseStudy', 'CorrectRecord', 'VoidRecord']) {
      given().when(name, example(name)).then.refused('study-unknown', 'study');
    }
  });

  it('takes nothing but a correction before its protocol is approved [R14 R30]', () => {
    for (const name of ['AmendProtocol', 'EnrolSubject', 'RecordBodyWeight', 'CloseStudy', 'VoidRecord']) {
      given(registered).when(name, example(name)).then.refused('no-protocol');
    }
    given(registered)
      .when('CorrectRecord', {
        reason: 'Title mistyped',
        data: {
          target: { number: 0 },
          occurredAt: '2026-03-02T08:00:00Z',
          corrected: { title: 'SCS after ketamine', director: 'sd-01' },
        },
      })
      .then.records({ type: 'RecordCorrected', data: { corrects: 'StudyOpened' } });
  });

  it('takes nothing but corrections, voids and acknowledgements once it is closed', () => {
    const over = begun().and(closed);
    expect(isClosed(over.study)).toBe(true);
    for (const name of ['EnrolSubject', 'RecordBodyWeight'])
      over.when(name, example(name)).then.refused('study-closed', 'afterClose');
    for (const name of ['AmendProtocol', 'CloseStudy'])
      over.when(name, example(name)).then.refused('study-closed');
  });

  it('takes records again where its closing is voided', () => {
    begun()
      .and(closed, voided(3))
      .and(weighed(day(4)));
  });
});

describe('the first protocol', () => {
  it('is approved with its names written out, as version 1', () => {
    given(registered)
      .when('ApproveProtocol', approved.body)
      .then.records({
        type: 'ProtocolApproved',
        data: {
          version: 1,
          protocol: { ladder: LADDER_PRESETS['RAT-N8'], responder: RESPONDER_PRESETS['A'] },
        },
      });
  });

  it('is approved once', () => {
    given(registered, approved).when('ApproveProtocol', approved.body).then.refused('protocol-exists');
  });

  it('may have been approved on paper long before it is entered, without a reason', () => {
    given(registered)
      .when('ApproveProtocol', { ...approved.body, occurredAt: '2025-11-03T12:00:00+01:00' }, day(1))
      .then.flags();
  });

  it.each([
    [
      'a responder rule that asks for too much',
      { responder: { ...RESPONDER_PRESETS['A'], minPoints: 3 } },
      'responder.minPoints',
    ],
    [
      'a dose ladder that mixes µg and µg/kg',
      {
        titration: {
          ...exampleProtocol.titration,
          doses: [
            { value: '10', unit: 'ug' },
            { value: '20', unit: 'ug/kg' },
          ],
        },
      },
      'titration.doses',
    ],
  ])('is refused with %s', (_, changes, path) => {
    given(registered)
      .when('ApproveProtocol', approvedWith(changes as object).body)
      .then.refused('protocol-invalid', `data.protocol.${path}`);
  });

  it('is refused where it says something unknown, with the place', () => {
    given(registered)
      .when('ApproveProtocol', approvedWith({ alpha: '0.05' } as object).body)
      .then.refused('field-unknown', 'data.protocol.alpha');
  });
});

describe('an amendment', () => {
  it('is the next version, and says why [R31]', () => {
    const twice = begun().and(at(day(5), amended));
    twice
      .when('AmendProtocol', { ...amended.body, occurredAt: day(6) })
      .then.records({ type: 'ProtocolAmended', protocolversion: 2, data: { version: 3 } });
    begun()
      .when('AmendProtocol', { data: { protocol: exampleProtocol } })
      .then.refused('reason-required', 'reason');
  });

  it('cannot come into force before the version that it amends', () => {
    begun()
      .and(at(day(5), amended))
      .when('AmendProtocol', { ...amended.body, occurredAt: day(4) }, day(5, '11:00'))
      .then.refused('amendment-out-of-order', 'occurredAt');
  });

  it('governs what happens from then on, and nothing that happened before [R31]', () => {
    const study = begun().and(at(day(5), amended));
    study.when('RecordBodyWeight', weighed(day(6)).body).then.records({ protocolversion: 2 });
    study
      .when('RecordBodyWeight', because('Sheet found', weighed(day(4))).body, day(6))
      .then.records({ protocolversion: 1, data: { flags: ['late'] } });
  });

  it('that is entered late is recorded as late', () => {
    begun()
      .when('AmendProtocol', { ...amended.body, occurredAt: day(3) }, day(6))
      .then.flags('late');
  });
});
