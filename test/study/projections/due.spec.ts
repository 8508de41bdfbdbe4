import fc from 'fast-check';
import { exampleProtocol } from '../../../src/study/commands/common/example-protocol.js';
import { commandNamed } from '../../../src/study/catalogue.js';
import { standingAt, type Task, type TaskKind } from '../../../src/study/due/task.js';
import { instantMs } from '../../../src/study/instant.js';
import { due } from '../../../src/study/projections/due.projection.js';
import { View } from '../../../src/study/projections/projection.js';
import { Refusal } from '../../../src/study/refusal.js';
import { emptyStudy, fold, studyAt, type Study } from '../../../src/study/study.js';
import { referenceStudy } from '../../support/reference-study.js';
import { runs, specimens } from '../../support/effort.js';
import {
  about,
  at,
  because,
  begun,
  closed,
  corrected,
  day,
  died,
  dosed,
  enrolled,
  excluded,
  exampleData,
  ligated,
  measured,
  motorThreshold,
  ready,
  sideEffects,
  stimulated,
  voided,
  weighed,
} from '../bench.js';
import { anyRecords, anyStep, play } from '../histories.js';
import { submit, type Body, type Given } from '../specification.js';

const WHY = 'As it was';
const tasksOf = (study: Study): Task[] => due.project(new View(study)).tasks;
const isOf =
  (...kinds: TaskKind[]) =>
  ({ kind }: Task): boolean =>
    kinds.includes(kind);
const found = ({ study }: Given, ...kinds: TaskKind[]): Task[] => tasksOf(study).filter(isOf(...kinds));
const times = (tasks: readonly Task[]) => tasks.map(({ what, due: when }) => [what, when]);
const utc = (instant: string): string => instant.replace('Z', '.000Z');

/** The same study, of which nothing is known from before. */
function anew({ code, records }: Study): Study {
  return fold(emptyStudy(code), records.toArray());
}

const histories = fc
  .array(anyStep, { maxLength: 40, size: 'max' })
  .map((steps) => play(steps).at(-1) as Study);

describe('what is due', () => {
  it('is told of every prefix of any history, as of a study cut there', () => {
    fc.assert(
      fc.property(histories, fc.nat(), (study, place) => {
        const size = place % (study.size + 1);
        expect(tasksOf(studyAt(study, size))).toEqual(tasksOf(anew(studyAt(study, size))));
        expect(tasksOf(study)).toEqual(tasksOf(anew(study)));
      }),
      runs(150),
    );
  });

  it('is told of records in any order, whatever was withdrawn', () => {
    fc.assert(
      fc.property(anyRecords, (records) => {
        const study = fold(emptyStudy('KET-01'), records);
        for (const task of tasksOf(study)) {
          expect(commandNamed(task.command)).toBeDefined();
          expect(instantMs(task.from)).toBeDefined();
          if (task.due !== null) expect(instantMs(task.due)! >= instantMs(task.from)!).toBe(true);
        }
      }),
      runs(150),
    );
  });

  it('is nothing but decisions for an animal that is dead, and nothing but care for one that is excluded', () => {
    const isDecision = isOf('severity', 'endpoint');
    const isCare = isOf('severity', 'endpoint', 'check');
    let [dead, out] = [0, 0];
    for (const study of specimens(histories, 60))
      for (const task of tasksOf(study)) {
        const { died: death, fate, excluded: exclusion } = study.subjects.get(task.animal)!;
        if (death ?? fate) dead += Number(isDecision(task)) || fail(task);
        else if (exclusion) out += Number(isCare(task)) || fail(task);
      }
    expect(dead).toBeGreaterThan(3);
    expect(out).toBeGreaterThan(3);
  });
});

function fail(task: Task): never {
  throw new Error(`${task.animal}: ${task.what}`);
}

describe('a task of the reference study', () => {
  const whole = referenceStudy();
  /** The first of each kind, at the sizes at which the kind is asked for. */
  const samples = new Map<TaskKind, { study: Study; task: Task }[]>();
  let study = emptyStudy(whole.code);
  for (const stored of whole.records) {
    study = fold(study, [stored]);
    if (study.size % 5 > 0) continue;
    for (const task of tasksOf(study)) {
      if (standingAt(task, study.recordedMs) === 'later') continue;
      const known = samples.get(task.kind) ?? [];
      samples.set(task.kind, known);
      if (known.length < 3 && known.at(-1)?.study !== study) known.push({ study, task });
    }
  }

  it('is of every kind but those that its protocol has no use for', () => {
    expect([...samples.keys()].sort()).toEqual(
      [
        'baseline',
        'check',
        'designation',
        'dose',
        'electrode',
        'induction',
        'motor-threshold',
        'reading',
        'reference',
        'severity',
        'side-effects',
        'stimulation',
        'test',
      ].sort(),
    );
  });

  it.each([...samples.keys()])(
    'is gone once it is recorded as it says, and back once that is withdrawn: %s',
    (kind) => {
      for (const { study, task } of samples.get(kind)!) {
        const done = doneAsTold(study, task);
        const nowMs = done.recordedMs;
        expect(open(tasksOf(done), nowMs).filter(isSame(task))).toEqual([]);
        const { name, body } = voided(done.size - 1);
        const undone = recorded(done, name, body, nowMs + 1000);
        expect(open(tasksOf(undone), nowMs)).toEqual(open(tasksOf(study), nowMs));
      }
    },
  );
});

function open(tasks: readonly Task[], nowMs: number): Task[] {
  return tasks.filter((task) => standingAt(task, nowMs) !== 'past');
}

function isSame(task: Task) {
  return (other: Task): boolean =>
    JSON.stringify([other.animal, other.what, other.data, other.from]) ===
    JSON.stringify([task.animal, task.what, task.data, task.from]);
}

/** The example of the command with what the task knows, at the time that it is due. */
function doneAsTold(study: Study, task: Task): Study {
  const { name, body } = about(task.animal, task.command, task.data);
  const at = Math.max(instantMs(task.due ?? task.from)!, instantMs(task.from)!);
  const nowMs = Math.max(study.recordedMs, at) + 60_000;
  const when = task.kind === 'severity' ? nowMs : Math.max(at, study.recordedMs);
  const occurredAt = new Date(task.kind === 'reading' ? at : when).toISOString();
  return recorded(study, name, { ...body, occurredAt, reason: WHY }, nowMs);
}

function recorded(study: Study, name: string, body: Body, nowMs: number): Study {
  const answer = submit(study, name, body, nowMs);
  if (answer instanceof Refusal) throw new Error(`${name}: ${answer.code}, ${answer.message}`);
  return fold(study, [answer.parsed]);
}

describe('the model', () => {
  it('asks for as many baseline runs as the protocol, then for the operation', () => {
    expect(found(begun(), 'baseline', 'induction').map(({ what }) => what)).toEqual(['Baseline 1 of 2']);
    const one = begun().and(measured('high', day(1)));
    expect(found(one, 'baseline', 'induction').map(({ what }) => what)).toEqual(['Baseline 2 of 2']);
    const two = one.and(measured('high', day(2)));
    expect(found(two, 'baseline', 'induction')).toMatchObject([
      { kind: 'induction', command: 'LigateNerve', from: utc(day(2)), due: null, overdueAfter: null },
    ]);
  });

  it('asks for the test on its day after the lesion, which moves with it', () => {
    const late = because(WHY, { ...ligated(), clock: day(12) });
    const lesioned = begun().and(measured('high', day(1)), measured('high', day(2)), late);
    expect(times(found(lesioned, 'test'))).toEqual([['Test of day 14: run', utc(day(17, '00:00'))]]);
    fc.assert(
      fc.property(fc.integer({ min: -1, max: 8 }), (moved) => {
        const righted = { subject: 'R01', occurredAt: day(3 + moved), corrected: exampleData('LigateNerve') };
        const { name, body } = corrected(5, righted);
        const after = lesioned.when(name, body, day(12)).accepted();
        expect(times(found(after, 'test'))).toEqual([['Test of day 14: run', utc(day(17 + moved, '00:00'))]]);
      }),
      runs(20),
    );
  });

  it('tests until something decides, by whatever the rule judges', () => {
    const tested = begun().and(ligated(), measured('low', day(17)));
    expect(found(tested, 'test')).toEqual([]);
    expect(found(tested.and(voided(4)), 'test')).toHaveLength(1);
  });

  it('is asked for by no protocol that has none', () => {
    const naive = begun({
      model: { kind: 'none' },
      baseline: undefined,
      hypersensitivity: undefined,
    } as never);
    expect(found(naive, 'baseline', 'induction', 'test')).toEqual([]);
  });
});

describe('a stimulation', () => {
  it('is asked for once the threshold of the day and a fresh reading are there, for that day', () => {
    const morning = ready();
    expect(
      found(morning, 'motor-threshold', 'reference', 'stimulation').map(({ what, from }) => [what, from]),
    ).toEqual([
      // The reading of the day before is too old after 180 min.
      ['Reading before the stimulation', utc(day(17, '13:00'))],
      ['Motor threshold of the day', utc(day(19, '00:00'))],
    ]);
    const measuredToo = morning.and(measured('low', day(18, '09:30')));
    expect(found(measuredToo, 'stimulation')).toMatchObject([
      { from: utc(day(18, '09:30')), until: utc(day(18, '12:30')), due: null, command: 'ApplySCS' },
    ]);
  });

  it('is not asked for where the animal is not hypersensitive', () => {
    const not = begun().and(
      measured('high', day(1)),
      measured('high', day(2)),
      ligated(),
      measured('high', day(17)),
    );
    expect(found(not, 'electrode', 'motor-threshold', 'stimulation')).toEqual([]);
  });

  it('has readings that fall due minute by minute, are overdue by the tolerance, and past the next day', () => {
    const given = ready().and(measured('low', day(18, '09:30')), stimulated(day(18, '10:00')));
    const readings = found(given, 'reading');
    expect(readings).toMatchObject([
      {
        from: utc(day(18, '10:05')),
        due: utc(day(18, '10:15')),
        overdueAfter: utc(day(18, '10:25')),
        until: utc(day(19, '00:00')),
        data: { paw: 'ipsilateral', session: given.study.size - 1, minute: 15 },
      },
      { due: utc(day(18, '10:30')), data: { minute: 30 } },
    ]);
    const [first] = readings;
    const standing = (clock: string) => standingAt(first!, instantMs(day(18, clock))!);
    expect(['10:00', '10:06', '10:16', '10:26'].map(standing)).toEqual(['later', 'due', 'due', 'overdue']);
    expect(standingAt(first!, instantMs(day(19, '00:00'))!)).toBe('past');
    const next = given.and(weighed(day(19)));
    expect(found(next, 'reading')).toEqual([]);
  });

  it('that was aborted is asked for again, and has no readings', () => {
    const given = ready().and(
      measured('low', day(18, '09:30')),
      stimulated(day(18, '10:00'), { outcome: 'aborted' }),
    );
    expect(found(given, 'reading')).toEqual([]);
    expect(found(given, 'stimulation')).toHaveLength(1);
  });

  it('of a cross-over comes again after its wash-out, period by period', () => {
    const { stimulation } = exampleProtocol;
    const crossOver = { periods: 2, washoutHours: '48' };
    const settings = [{ id: 'scs' }, { id: 'sham', sham: true }];
    const given = ready({ stimulation: { ...stimulation, settings, crossOver } }).and(
      measured('low', day(18, '09:30')),
      because(WHY, stimulated(day(18, '10:00'), { setting: 'scs' })),
    );
    expect(times(found(given, 'motor-threshold'))).toEqual([
      ['Motor threshold of the day', utc(day(20, '10:00'))],
    ]);
    const second = given.and(
      motorThreshold(day(20, '11:00')),
      measured('low', day(20, '11:30')),
      because(WHY, stimulated(day(20, '12:00'), { setting: 'sham' })),
    );
    expect(found(second, 'motor-threshold', 'stimulation')).toEqual([]);
  });
});

/** R01 does not respond to stimulation alone. */
const notResponding = (changes: Parameters<typeof ready>[0] = {}): Given =>
  ready(changes).and(
    measured('low', day(18, '09:30')),
    stimulated(day(18, '10:00')),
    ...[15, 30].map((minute) => measured('low', day(18, `10:${minute}`), { session: 11, minute })),
  );
const nonResponder = notResponding();

/** A dose on a day, whose readings are as given, with no side effects. */
function step(so: Given, on: number, value: string, run: 'low' | 'high', purpose = 'titration'): Given {
  const dose = { value, unit: 'ug' };
  const given = so.and(
    measured('low', day(on, '12:50')),
    because(WHY, dosed(day(on, '13:00'), { dose, purpose })),
  );
  const session = given.study.size - 1;
  return given.and(
    ...['13:15', '13:30', '14:00'].map((clock, index) =>
      because(WHY, measured(run, day(on, clock), { session, minute: [15, 30, 60][index] })),
    ),
    because(WHY, sideEffects(day(on, '14:05'), session, 0, 60)),
  );
}

describe('a titration', () => {
  it('is of animals that do not respond to stimulation alone, from the lightest dose on, after the carry-over', () => {
    expect(found(ready(), 'dose')).toEqual([]);
    const waits = found(nonResponder, 'reference', 'dose');
    expect(times(waits)).toEqual([['Reading before the dose of 10 µg', utc(day(19, '10:00'))]]);
    const next = nonResponder.and(measured('low', day(19, '10:30')));
    expect(found(next, 'dose')).toMatchObject([
      {
        what: 'Dose: 10 µg',
        command: 'AdministerKetamine',
        data: {
          dose: { value: '10', unit: 'ug' },
          purpose: 'titration',
          volume: { value: '10', unit: 'uL' },
        },
        from: utc(day(19, '10:30')),
        due: utc(day(19, '10:00')),
      },
    ]);
  });

  it('goes up after the wash-out while nothing is seen, and ends in a designation', () => {
    const first = step(nonResponder, 19, '10', 'low');
    expect(times(found(first, 'reference'))).toEqual([
      ['Reading before the dose of 20 µg', utc(day(20, '13:00'))],
    ]);
    const second = step(first, 20, '20', 'high');
    expect(found(second, 'reference', 'dose')).toEqual([]);
    const doses = second.facts('R01').filter(({ type }) => type === 'KetamineAdministered');
    expect(found(second, 'designation')).toMatchObject([
      { data: { dose: { value: '10', unit: 'ug' }, evidence: doses.map(({ number }) => number) } },
    ]);
  });

  it('names no dose while it is not known what the last one did', () => {
    const given = nonResponder.and(
      measured('low', day(19, '12:50')),
      because(WHY, dosed(day(19, '13:00'), { dose: { value: '10', unit: 'ug' } })),
    );
    expect(found(given, 'side-effects', 'reading')).toHaveLength(4);
    const next = given.and(measured('low', day(20, '13:10')));
    expect(found(next, 'dose').map(({ what, data }) => [what, 'dose' in data])).toEqual([
      ['Dose: the next step', false],
    ]);
  });

  it('ends without a designation where the lightest dose has an effect', () => {
    const given = step(nonResponder, 19, '10', 'high');
    expect(found(given, 'dose', 'reference', 'designation')).toEqual([]);
  });

  it('asks for the catheter first where the protocol gives the drug intrathecally', () => {
    const titration = { ...exampleProtocol.titration, route: 'intrathecal' };
    const placed = notResponding({ titration });
    expect(found(placed, 'catheter', 'reference').map(({ kind }) => kind)).toEqual(['reference']);
    const without = placed.and(voided(8));
    expect(found(without, 'catheter', 'reference').map(({ kind }) => kind)).toEqual(['catheter']);
  });

  it('is followed by the combination: the designated dose, then the stimulation within its time', () => {
    const titrated = step(step(nonResponder, 19, '10', 'low'), 20, '20', 'high');
    const [told] = found(titrated, 'designation');
    const designated = titrated.and(
      at(day(20, '15:00'), about('R01', 'DesignateSubEffectiveDose', { ...told!.data })),
    );
    expect(times(found(designated, 'motor-threshold', 'reference', 'dose'))).toEqual([
      ['Motor threshold of the day', utc(day(21, '13:00'))],
      ['Reading before the dose of 10 µg', utc(day(21, '13:00'))],
    ]);
    const given = designated.and(
      motorThreshold(day(22, '12:40')),
      measured('low', day(22, '12:50')),
      dosed(day(22, '13:00'), { dose: { value: '10', unit: 'ug' }, purpose: 'combination' }),
    );
    const follows = given.study.size - 1;
    expect(found(given, 'stimulation')).toMatchObject([
      { data: { follows }, from: utc(day(22, '13:00')), overdueAfter: utc(day(22, '14:00')) },
    ]);
    const combined = given.and(stimulated(day(22, '13:20'), { follows }));
    expect(found(combined, 'stimulation', 'dose', 'motor-threshold')).toEqual([]);
    expect(found(combined, 'reading').map(({ data }) => data['session'])).toEqual([follows + 1, follows + 1]);
  });
});

describe('care', () => {
  it('asks for each check in its span, and calls it overdue when the span is over [R39]', () => {
    const scores = found(begun(), 'check').filter(({ command }) => command === 'ScoreWelfare');
    expect(scores).toMatchObject([
      {
        from: utc(day(1, '00:00')),
        due: utc(day(1, '00:00')),
        overdueAfter: utc(day(8, '00:00')),
        wholeDay: true,
      },
    ]);
    const scored = begun().and(at(day(10), about('R01', 'ScoreWelfare')));
    // Nobody scored in the first week; that of the second one does not make up for it.
    expect(found(scored, 'check').filter(({ command }) => command === 'ScoreWelfare')).toMatchObject([
      { from: utc(day(15, '00:00')), until: null },
    ]);
  });

  it('asks for the checks after an operation for as many days as the plan', () => {
    const after = begun().and(ligated());
    const ofSurgery = (so: Given): Task[] => found(so, 'check').filter(({ until }) => until !== null);
    expect(times(ofSurgery(after))).toEqual([
      ['Welfare score', utc(day(4, '00:00'))],
      ['Body weight', utc(day(4, '00:00'))],
    ]);
    expect(ofSurgery(after).map(({ until }) => until)).toEqual([utc(day(7, '00:00')), utc(day(9, '00:00'))]);
    expect(times(ofSurgery(after.and(weighed(day(5)))))).toEqual([
      ['Welfare score', utc(day(4, '00:00'))],
      ['Body weight', utc(day(6, '00:00'))],
    ]);
    expect(ofSurgery(after.and(measured('low', day(10))))).toEqual([]);
  });

  it('asks for a decision on an endpoint at once, and for it alone and the severity after the end', () => {
    const scores = [{ item: 'autotomy', score: 3 }];
    const reached = begun().and(ligated(), at(day(4), about('R01', 'ScoreWelfare', { scores })));
    expect(found(reached, 'endpoint')).toMatchObject([
      { due: utc(day(4)), overdueAfter: utc(day(4)), data: { endpoint: 'autotomy', reachedBy: 4 } },
    ]);
    const dead = reached.and(at(day(5), about('R01', 'RecordFate', { fate: 'found-dead' })));
    expect(tasksOf(dead.study).map(({ kind }) => kind)).toEqual(['endpoint', 'severity']);
    const ended = reached.and(died(day(5)), because(WHY, closed));
    expect(tasksOf(ended.study).map(({ kind }) => kind)).toEqual(['severity']);
  });

  it('goes on for an excluded animal, of which nothing else is asked', () => {
    const out = begun().and(ligated(), because(WHY, excluded(day(4))));
    expect(new Set(tasksOf(out.study).map(({ kind }) => kind))).toEqual(new Set(['check']));
  });

  it('asks nothing of anybody before there is a protocol, or once the enrolment is withdrawn', () => {
    expect(tasksOf(begun().and(voided(2)).study)).toEqual([]);
    const two = begun().and(enrolled('R02'));
    expect(new Set(tasksOf(two.and(voided(2)).study).map(({ animal }) => animal))).toEqual(new Set(['R02']));
    expect(tasksOf(emptyStudy('KET-01'))).toEqual([]);
  });
});
