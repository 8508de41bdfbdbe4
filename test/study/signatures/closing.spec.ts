import { openActs } from '../../../src/study/signatures/open-acts.js';
import { closureOf } from '../../../src/study/study.js';
import {
  because,
  closed,
  begun,
  corrected,
  day,
  died,
  dosed,
  exampleData,
  ready,
  stimulated,
  voided,
  weighed,
} from '../bench.js';
import {
  acknowledged,
  archiving,
  closedAndSigned,
  closing,
  governed,
  handedOver,
  reopening,
  replaced,
  reviewed,
  witnessed,
} from '../governed.js';
import { actingAs, by, signs } from '../signing.js';
import { sent, type Given, type Sent } from '../specification.js';

function codesOf(study: Given, command: Sent): string[] {
  const { answer } = study.whenSent(command);
  return 'errors' in answer ? (answer.errors ?? []).map(({ code }) => code) : ['recorded'];
}

/** Record 4 is a weight of the day before, entered late and before the protocol. */
const deviating = governed().and(
  because('Sheet found', { ...weighed('2026-03-02T08:12:00Z'), clock: day(1) }),
);

describe('closing a governed study', () => {
  it('holds from the signature of its director on, and takes data until then', () => {
    const waiting = reviewed(governed()).and(closing);
    expect(closureOf(waiting.study).state).toBe('open');
    const more = waiting.and(weighed(day(1)));
    more.whenSent(signs('sd-01', 'closed', 6)).then.refused('review-missing');
    const signed = reviewed(more).and(signs('sd-01', 'closed', 6));
    expect(closureOf(signed.study)).toMatchObject({ state: 'closed', closed: { record: 6, from: 10 } });
    signed.whenSent(weighed(day(2))).then.refused('study-closed', 'afterClose');
  });

  it('does not hold by the signature of another, or by one that means something else', () => {
    const waiting = reviewed(governed()).and(closing);
    expect(closureOf(waiting.and(signs('sd-02', 'closed', 6)).study).state).toBe('open');
    expect(closureOf(waiting.and(signs('sd-01', 'authored', 6)).study).state).toBe('open');
  });

  it('is refused with all that is open, each by its record [R32]', () => {
    const open = deviating.and(handedOver('sd-02'));
    expect(codesOf(open, closing)).toEqual(['act-unsigned', 'deviations-open', 'review-missing']);
    const { message } = open.whenSent(closing).then.refused('act-unsigned');
    expect(message).toContain('record 5');
    expect(message).toContain('3 that are open');
  });

  it('is given once at a time, and withdrawn while it is not signed', () => {
    const waiting = reviewed(governed()).and(closing);
    waiting.whenSent(closing).then.refused('act-unsigned');
    const withdrawn = waiting.and(by('sd-01', voided(6)));
    expect(openActs(withdrawn.study).map(({ kind }) => kind)).toEqual(['review']);
    waiting
      .whenSent(by('sd-01', corrected(6, { corrected: { outcome: 'terminated' } })))
      .then.refused('not-correctable', 'data.target');
    closedAndSigned()
      .whenSent(by('sd-01', voided(6)))
      .then.refused('not-voidable', 'data.target');
  });
});

describe('a deviation of a governed study', () => {
  it('is acknowledged with its impact [R32]', () => {
    deviating.whenSent(acknowledged(4, {})).then.refused('field-missing', 'data.impact');
  });

  it('is open until its acknowledgement is signed by the director [R32]', () => {
    const kinds = (study: Given): string[] => openActs(study.study).map(({ kind }) => kind);
    expect(kinds(deviating)).toEqual(['deviation', 'review']);
    const said = deviating.and(acknowledged(4));
    expect(kinds(said)).toEqual(['acknowledgement', 'review']);
    expect(kinds(said.and(signs('sd-01', 'acknowledged', 5)))).toEqual(['review']);
    expect(kinds(said.and(signs('sd-02', 'acknowledged', 5)))).toEqual(['acknowledgement', 'review']);
  });

  it('is open again when its record, or its acknowledgement, is corrected', () => {
    const signed = deviating.and(acknowledged(4), signs('sd-01', 'acknowledged', 5));
    for (const correction of [
      corrected(4, { corrected: { weight: { value: '244.0', unit: 'g' } } }),
      corrected(5, { corrected: { assessment: 'Some effect' } }),
    ])
      expect(codesOf(signed.and(by('sd-01', correction)), closing)).toContain('deviations-open');
    const weight = corrected(4, { corrected: { weight: { value: '244.0', unit: 'g' } } });
    const changed = signed.and(by('sd-01', weight));
    // The act names what the command takes.
    expect(openActs(changed.study)[0]).toMatchObject({ kind: 'deviation', record: 4 });
    expect(codesOf(changed, acknowledged(4))).toEqual(['recorded']);
  });
});

describe('what a second person has to have seen', () => {
  /** Record 4 is the death of R01. */
  const seen = governed({ witnessed: ['EuthaniseSubject'] }).and(died(day(1)));

  it('waits for anybody but who did it [R9]', () => {
    expect(openActs(seen.study)[0]).toMatchObject({
      kind: 'witness',
      record: 4,
      waitsFor: { except: ['tech-1'] },
    });
    expect(codesOf(seen, closing)).toContain('witness-missing');
    seen.whenSent(witnessed(4, 'tech-1')).then.refused('own-record', 'data.target');
  });

  it('is witnessed once that is signed by whoever saw it [R9]', () => {
    const said = seen.and(witnessed(4));
    expect(openActs(said.study)[0]).toMatchObject({
      kind: 'witness-signature',
      waitsFor: { persons: ['tech-2'] },
    });
    const signed = said.and(signs('tech-2', 'witnessed', 5));
    expect(openActs(signed.study).map(({ kind }) => kind)).toEqual(['review']);
  });

  it('is witnessed again after it was corrected', () => {
    const signed = seen.and(witnessed(4), signs('tech-2', 'witnessed', 5));
    const other = corrected(4, { occurredAt: day(1, '09:30'), corrected: {} });
    const changed = signed.and(by('sd-01', { ...other, clock: day(1, '12:00') }));
    expect(codesOf(changed, closing)).toContain('witness-missing');
    // The act names what the command takes.
    expect(openActs(changed.study)[0]).toMatchObject({ kind: 'witness', record: 4 });
    const again = changed.and(witnessed(4), signs('tech-2', 'witnessed', 8));
    expect(openActs(again.study).map(({ kind }) => kind)).toEqual(['review']);
  });

  it('and nobody saw is acknowledged as a deviation', () => {
    const said = seen.and(acknowledged(4), signs('sd-01', 'acknowledged', 5));
    expect(codesOf(said, closing)).toEqual(['review-missing']);
    expect(openActs(said.study).map(({ kind }) => kind)).toEqual(['review']);
  });

  it('is what the protocol in force then asks for', () => {
    expect(openActs(governed().and(died(day(1))).study).map(({ kind }) => kind)).toEqual(['review']);
  });
});

describe('the review of a governed study', () => {
  it('names the ranges that nobody reviewed [R8]', () => {
    const some = governed().and(
      weighed(day(1)),
      by('stat-1', sent('ReviewTrail', { data: { from: 1, to: 2, findings: 'None' } })),
      signs('stat-1', 'reviewed', 5),
    );
    expect(openActs(some.study)).toMatchObject([
      { kind: 'review', record: 0, to: 0 },
      { kind: 'review', record: 3, to: 4, waitsFor: { except: ['tech-1'] } },
    ]);
  });

  it('counts once it is signed by whoever reviewed [R8]', () => {
    const said = governed().and(
      by('stat-1', sent('ReviewTrail', { data: { from: 0, to: 3, findings: 'None' } })),
    );
    expect(openActs(said.study)).toMatchObject([{ kind: 'review-signature', record: 4 }]);
    expect(openActs(said.and(signs('stat-2', 'reviewed', { from: 0, to: 4 })).study)).toHaveLength(1);
    expect(openActs(said.and(signs('stat-1', 'reviewed', 4)).study)).toEqual([]);
  });

  it('is missing for a correction that came after it [R8]', () => {
    const later = reviewed(governed().and(weighed(day(1)))).and(
      by('sd-01', corrected(4, { corrected: { weight: { value: '244.0', unit: 'g' } } })),
    );
    expect(openActs(later.study)).toMatchObject([{ kind: 'review', record: 7, to: 7 }]);
  });
});

describe('what is found after a governed study was closed', () => {
  const over = closedAndSigned(governed().and(weighed(day(1))));
  const found = (rest: object = {}): Sent => ({
    ...because('Sheet found behind the balance', weighed(day(1, '09:00'), '244.10')),
    clock: day(9),
    ...rest,
  });
  const later = (command = found(), more: object = {}): Sent => ({
    ...command,
    body: { ...command.body, afterClose: true, ...more },
  });

  it('is taken as that, with a reason, and not otherwise', () => {
    const { message } = over.whenSent(found()).then.refused('study-closed', 'afterClose');
    expect(message).toContain('“afterClose”: true');
    over.whenSent(later()).then.flags('after-close', 'deviation', 'late');
    const { reason: _, ...unexplained } = later().body;
    over.whenSent({ ...later(), body: unexplained }).then.refused('reason-required', 'reason');
  });

  it('happened before the study was closed', () => {
    over.whenSent(later(found(), { occurredAt: day(8) })).then.refused('study-closed', 'occurredAt');
  });

  it('is neither said of an open study nor of what is no data', () => {
    governed()
      .whenSent(later(weighed(day(1))))
      .then.refused('study-open', 'afterClose');
    over
      .whenSent(
        by(
          'sd-01',
          because('Why', sent('AmendProtocol', { data: exampleData('AmendProtocol'), afterClose: true })),
        ),
      )
      .then.refused('field-invalid', 'afterClose');
  });

  it('is signed by the director, acknowledged and reviewed before the study is archived [R32 R41]', () => {
    const one = over.and(later());
    const number = one.study.size - 1;
    expect(codesOf(one, archiving())).toEqual(['deviations-open', 'act-unsigned', 'review-missing']);
    const whole = reviewed(
      one.and(
        signs('sd-01', 'approved', number),
        acknowledged(number),
        signs('sd-01', 'acknowledged', number + 2),
      ),
    );
    whole.whenSent(archiving()).then.records({ type: 'StudyArchived' });
    const again = whole.and(
      by('sd-01', corrected(number, { corrected: { weight: { value: '244.2', unit: 'g' } } })),
    );
    expect(codesOf(again, archiving())).toContain('act-unsigned');
    expect(again.study.records.last?.record.data).toMatchObject({
      corrected: { flags: ['after-close', 'deviation', 'late'] },
    });
  });
});

describe('an archived study', () => {
  const over = closedAndSigned();
  const waiting = over.and(archiving());
  const archived = waiting.and(signs('mgr-1', 'archived', waiting.study.size - 1));

  it('is read only from the signature of management on [R41]', () => {
    expect(closureOf(waiting.study).state).toBe('closed');
    expect(closureOf(archived.study).state).toBe('archived');
    for (const command of [
      weighed(day(1)),
      by('sd-01', voided(3)),
      handedOver('sd-02'),
      archiving(),
      witnessed(3),
    ])
      archived.whenSent(command).then.refused('study-archived');
  });

  it('was closed before, and is kept beyond the day of archiving [R41 R42]', () => {
    governed().whenSent(archiving()).then.refused('study-open');
    over.whenSent(archiving('2026-03-02')).then.refused('retention-too-short', 'data.retainUntil');
    over.whenSent(archiving('2026-03-03')).then.records({ type: 'StudyArchived' });
  });

  it('whose director has left is reopened by another whom management names', () => {
    const named = archived.and(replaced('sd-03'));
    const directed = named.and(signs('mgr-1', 'approved', named.study.size - 1));
    const asked = directed.and({ ...reopening, by: actingAs('sd-03') });
    const open = asked.and(signs('sd-03', 'approved', asked.study.size - 1));
    expect(closureOf(open.study).state).toBe('open');
  });

  it('is reopened by reason and signature, and the archive that waited lapses', () => {
    const asked = archived.and(reopening);
    expect(closureOf(asked.study).state).toBe('archived');
    const open = asked.and(signs('sd-01', 'approved', asked.study.size - 1));
    expect(closureOf(open.study).state).toBe('open');
    open.whenSent(weighed(day(1))).then.records({ type: 'BodyWeightRecorded' });
    const half = over.and(archiving(), reopening);
    const lapsed = half.and(signs('sd-01', 'approved', half.study.size - 1));
    lapsed.whenSent(signs('mgr-1', 'archived', over.study.size)).then.refused('act-lapsed', 'data.records');
  });
});

describe('a study without governance', () => {
  it('is closed, reopened and archived by the records alone', () => {
    const over = begun().and(closed);
    expect(closureOf(over.study).state).toBe('closed');
    const archived = over.and(archiving());
    expect(closureOf(archived.study).state).toBe('archived');
    expect(closureOf(archived.and(reopening).study).state).toBe('open');
  });

  it('takes what was found after closing as well', () => {
    const over = begun().and(closed);
    const found = because('Sheet found', weighed('2026-03-02T08:20:30Z'));
    over
      .whenSent({ ...found, body: { ...found.body, afterClose: true }, clock: day(3) })
      .then.flags('after-close', 'deviation', 'late');
  });

  it('asks for nothing that is open, whatever was signed', () => {
    const study = ready({ witnessed: ['ApplySCS'] }).and(stimulated(day(18)), dosed(day(19)));
    expect(openActs(study.study)).toEqual([]);
    study.whenSent(closed).then.records({ type: 'StudyClosed' });
  });
});
