import { Protocols } from '../../../src/study/study.js';
import { at, because, corrected, day, enrolled, exampleData, voided, weighed } from '../bench.js';
import { governed, unsigned } from '../governed.js';
import { by, signs } from '../signing.js';
import { sent, type Given, type Sent } from '../specification.js';

const amended = (when: string): Sent =>
  by('sd-01', at(when, because('Advice', sent('AmendProtocol', { data: exampleData('AmendProtocol') }))));

function versionAt({ study }: Given, when: string): number | undefined {
  return new Protocols(study).inForceAt(Date.parse(when))?.version;
}

function pinnedBy({ study }: Given): number | undefined {
  return study.records.last?.record.protocolversion;
}

describe('a protocol in a governed study', () => {
  it('takes no data before its director has signed it [R30]', () => {
    unsigned().when('EnrolSubject', enrolled('R01').body).then.refused('protocol-unsigned');
    expect(versionAt(unsigned(), day(1))).toBeUndefined();
    expect(versionAt(governed(), day(1))).toBe(1);
  });

  it('is in force from the signature on, not from its own time', () => {
    const signed = unsigned().and(signs('sd-01', 'approved', 1, '2026-03-02T09:00:00Z'));
    expect(versionAt(signed, '2026-03-02T08:59:59Z')).toBeUndefined();
    expect(versionAt(signed, '2026-03-02T09:00:00Z')).toBe(1);
    signed
      .whenSent(
        because('Sheet', { ...at('2026-03-02T08:30:00Z', enrolled('R01')), clock: '2026-03-02T09:01:00Z' }),
      )
      .then.flags('before-protocol', 'deviation');
  });

  it('is not put in force earlier by a signature whose record states an earlier time [R30]', () => {
    const signature = signs('sd-01', 'approved', 1, '2026-03-02T09:00:00Z');
    const backdated = { ...signature.body, occurredAt: '2026-03-02T08:10:00Z', reason: 'Forgotten' };
    const signed = unsigned().and({ ...signature, body: backdated });
    expect(versionAt(signed, '2026-03-02T08:59:59Z')).toBeUndefined();
  });

  it('is in force from its own time where that is later', () => {
    const later = governed().and(amended(day(5)), signs('sd-01', 'approved', 4, day(5, '11:00')));
    expect(versionAt(later, day(5, '10:59'))).toBe(1);
    expect(versionAt(later, day(5, '11:00'))).toBe(2);
  });

  it.each([
    ['another director', signs('sd-02', 'approved', 1)],
    ['management', signs('mgr-1', 'approved', 1)],
  ])('is not in force by the signature of %s', (_, signature) => {
    unsigned().and(signature).when('EnrolSubject', enrolled('R01').body).then.refused('protocol-unsigned');
  });

  it('is not in force by a signature that means something else', () => {
    unsigned()
      .and(signs('tech-1', 'reviewed', 1))
      .when('EnrolSubject', enrolled('R01').body)
      .then.refused('protocol-unsigned');
  });

  it('that amends it leaves the older one in force until it is signed, and records pin what was in force then [R31]', () => {
    const waiting = governed().and(amended(day(5)), weighed(day(6)));
    expect(pinnedBy(waiting)).toBe(1);
    const signed = waiting.and(signs('sd-01', 'approved', 4, day(7)));
    expect(pinnedBy(signed.and(weighed(day(8), '243.80')))).toBe(2);
    const before = because('Sheet', { ...weighed(day(6, '12:00'), '243.90'), clock: day(8) });
    expect(pinnedBy(signed.and(before))).toBe(1);
  });

  it('is approved, and amended, once at a time', () => {
    unsigned()
      .whenSent(by('sd-01', sent('ApproveProtocol', { data: exampleData('ApproveProtocol') })))
      .then.refused('act-unsigned');
    governed()
      .and(amended(day(5)))
      .whenSent(amended(day(6)))
      .then.refused('act-unsigned');
  });

  it('is voided while it is not signed, and neither voided nor corrected once it is', () => {
    const again = unsigned().and(by('sd-01', voided(1)));
    again
      .whenSent(by('sd-01', sent('ApproveProtocol', { data: exampleData('ApproveProtocol') })))
      .then.records({ data: { version: 1 } });
    governed()
      .whenSent(by('sd-01', voided(1)))
      .then.refused('not-voidable', 'data.target');
    governed()
      .whenSent(by('sd-01', corrected(1, { corrected: { comment: 'Other' } })))
      .then.refused('not-correctable', 'data.target');
  });

  it('that is in force waits for no signature', () => {
    governed()
      .whenSent(signs('sd-01', 'approved', 1))
      .then.refused('act-lapsed', 'data.records');
  });
});

describe('the governance of a study', () => {
  it.each([
    ['taken away', { removed: ['governance'] }],
    ['changed', { corrected: { governance: 'none' } }],
  ])('is not %s by a correction', (_, data) => {
    governed()
      .whenSent(by('sd-01', corrected(0, data)))
      .then.refused('not-correctable', 'data.corrected.governance');
  });

  it('stays where the title is corrected', () => {
    const retitled = governed().and(by('sd-01', corrected(0, { corrected: { title: 'Another' } })));
    retitled.whenSent(signs('sd-01', 'approved', 1)).then.refused('act-lapsed', 'data.records');
  });
});
