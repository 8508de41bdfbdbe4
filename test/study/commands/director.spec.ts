import { directorOf, directorsOf, studyAt } from '../../../src/study/study.js';
import { at, because, begun, closed, corrected, day, example, registered, voided } from '../bench.js';
import { given, sent, type Sent } from '../specification.js';

const handedOver = (to: string): Sent => because('Leave', sent('HandOverStudy', { data: { to } }));
const replaced = (director: string): Sent =>
  because('Has left', sent('ReplaceDirector', { data: { director } }));

/** Records 3 and 4. */
const changed = begun().and(at(day(5), handedOver('sd-02')), at(day(6), replaced('sd-03')));

describe('the director of a study', () => {
  it('is the one whom its registration names', () => {
    expect(directorOf(given().study)).toBeUndefined();
    expect(directorOf(given(registered).study)).toBe('sd-01');
  });

  it('is whoever was named last, and each tree size keeps its own', () => {
    expect(directorsOf(changed.study)).toEqual([
      { director: 'sd-01', record: 0 },
      { director: 'sd-02', record: 3 },
      { director: 'sd-03', record: 4 },
    ]);
    expect([3, 4, 5].map((size) => directorOf(studyAt(changed.study, size)))).toEqual([
      'sd-01',
      'sd-02',
      'sd-03',
    ]);
  });

  it('is told by the order of records, not by the times that they state', () => {
    const backdated = because('Letter found', at(day(4), handedOver('sd-01')));
    const later = changed.and({ ...backdated, clock: day(7) });
    expect(directorOf(later.study)).toBe('sd-01');
  });

  it('may change before the protocol is approved, and after the study is closed', () => {
    for (const [name, type] of [
      ['HandOverStudy', 'StudyHandedOver'],
      ['ReplaceDirector', 'DirectorReplaced'],
    ] as const) {
      given(registered).when(name, example(name)).then.records({ type });
      begun().and(closed).when(name, example(name)).then.records({ type });
    }
  });

  it('changes with a reason', () => {
    begun()
      .when('HandOverStudy', { data: { to: 'sd-02' } })
      .then.refused('reason-required', 'reason');
    begun()
      .when('ReplaceDirector', { data: { director: 'sd-02' } })
      .then.refused('reason-required', 'reason');
  });

  it('is not named again', () => {
    begun().when('HandOverStudy', handedOver('sd-01').body).then.refused('directs-already', 'data.to');
    changed.when('ReplaceDirector', replaced('sd-03').body).then.refused('directs-already', 'data.director');
  });

  it('is handed back: what changed it is neither corrected nor voided', () => {
    for (const [target, data] of [
      [3, { to: 'sd-01' }],
      [4, { director: 'sd-01' }],
    ] as const) {
      changed
        .when('CorrectRecord', corrected(target, { occurredAt: day(5), corrected: data }).body)
        .then.refused('not-correctable', 'data.target');
      changed.when('VoidRecord', voided(target).body).then.refused('not-voidable', 'data.target');
    }
    expect(directorOf(changed.and(handedOver('sd-01')).study)).toBe('sd-01');
  });

  it('is not changed by a correction of the registration', () => {
    const retitled = (director: string) =>
      corrected(0, { occurredAt: '2026-03-02T08:00:00Z', corrected: { title: 'Another', director } });
    begun()
      .when('CorrectRecord', retitled('sd-02').body)
      .then.refused('not-correctable', 'data.corrected.director');
    const again = changed.and(retitled('sd-01'));
    expect(directorOf(again.study)).toBe('sd-03');
    expect(directorOf(again.and(voided(5)).study)).toBe('sd-03');
  });
});
