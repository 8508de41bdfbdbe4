import { decide } from '../../../src/study/decide.js';
import { commandNamed } from '../../../src/study/catalogue.js';
import type { CommandDefinition } from '../../../src/study/commands/common/command.js';
import { instantMs } from '../../../src/study/instant.js';
import { parseCommand } from '../../../src/study/parse.js';
import { responderStatus } from '../../../src/study/projections/responder-status.projection.js';
import { View } from '../../../src/study/projections/projection.js';
import { Refusal } from '../../../src/study/refusal.js';
import { LADDER_PRESETS, type Ladder } from '../../../src/study/rules/ladder.js';
import { deriveThreshold, type Touch } from '../../../src/study/rules/threshold.js';
import { runFlags } from '../../../src/study/rules/up-down.js';
import { Protocols } from '../../../src/study/study.js';
import {
  about,
  at,
  because,
  begun,
  corrected,
  day,
  ligated,
  measured,
  ready,
  sideEffects,
  stimulated,
  touches,
} from '../bench.js';
import type { Given, Sent } from '../specification.js';

const why = 'The room was busy';
const flagsOf = (study: Given, { name, body }: Sent) => study.when(name, { reason: why, ...body }).then;

describe('the minute of a run', () => {
  const study = ready().and(stimulated(day(18)));
  const run = (when: string, minute: number) => measured('low', when, { session: 10, minute });

  it('of 15, five hours after its session, and of 30 a minute after it, are off', () => {
    flagsOf(study, run(day(18, '15:00'), 15)).flags('deviation', 'minute-off');
    flagsOf(study, run(day(18, '10:01'), 30)).flags('deviation', 'minute-off');
    study.when('RecordThreshold', run(day(18, '15:00'), 15).body).then.refused('reason-required', 'reason');
  });

  it('may differ from the time since by ten minutes, or by the protocol’s own', () => {
    flagsOf(study, run(day(18, '10:25'), 15)).flags();
    flagsOf(study, run('2026-03-20T10:25:01Z', 15)).flags('deviation', 'minute-off');
    const strict = ready({ minuteTolerance: 0 }).and(stimulated(day(18)));
    flagsOf(strict, run(day(18, '10:15'), 15)).flags();
    flagsOf(strict, run(day(18, '10:16'), 15)).flags('deviation', 'minute-off');
  });

  it('is looked at in scores of side effects and in corrections alike', () => {
    flagsOf(study, sideEffects(day(18, '12:00'), 10)).flags('deviation', 'minute-off');
    const done = study.and(run(day(18, '10:15'), 15));
    const data = run('', 60).body['data'] as Record<string, unknown>;
    const correction = corrected(11, { subject: 'R01', occurredAt: day(18, '10:15'), corrected: data });
    done.when('CorrectRecord', correction.body).then.flags('deviation', 'minute-off');
  });

  it('is never off where an import assumed the time, nor in a correction that keeps it', () => {
    const definition = commandNamed('RecordThreshold') as CommandDefinition;
    const imported = {
      file: 'a.csv',
      sha256: '0'.repeat(64),
      row: 2,
      mapping: '0'.repeat(64),
      importer: 'tech-1',
      flags: ['time-assumed'],
    };
    const by = {
      id: '00000000-0000-5000-8000-000000000001',
      study: 'KET-01',
      actor: 'tech-1',
      role: 'technician',
      imported,
    };
    const command = parseCommand(definition, run(day(18, '15:00'), 15).body, by);
    if (command instanceof Refusal) throw new Error(command.message);
    const decided = decide(definition, command, study.study, { nowMs: instantMs(day(18, '15:00')) ?? 0 });
    expect(decided).toMatchObject({ data: { flags: ['imported', 'time-assumed'] } });
  });
});

describe('under the second reading', () => {
  const verdictOf = ({ study }: Given) => {
    const [status] = responderStatus.project(new View(study)).subjects;
    return status?.verdicts.scs;
  };
  const treated = (reading: object, minutes: readonly [string, number][]) =>
    ready(reading).and(
      measured('low', day(18, '09:50')),
      stimulated(day(18)),
      ...minutes.map(([clock, minute]) =>
        because(why, measured('high', day(18, clock), { session: 11, minute })),
      ),
    );

  it('a run counts at a minute of the window only where it happened then', () => {
    const off: [string, number][] = [
      ['10:15', 15],
      ['15:00', 30],
    ];
    expect(verdictOf(treated({}, off))).toMatchObject({ holds: true, caveats: ['deviation', 'minute-off'] });
    expect(verdictOf(treated({ reading: 2 }, off))).toMatchObject({ holds: null, why: 'too-few-points' });
    const right: [string, number][] = [
      ['10:15', 15],
      ['10:40', 30],
    ];
    expect(verdictOf(treated({ reading: 2 }, right))).toMatchObject({ holds: true });
  });

  it('a session whose time is corrected has its runs counted anew', () => {
    const study = treated({ reading: 2 }, [
      ['10:15', 15],
      ['15:00', 30],
    ]);
    const data = stimulated('').body['data'];
    const moved = (when: string) =>
      corrected(11, { subject: 'R01', occurredAt: when, corrected: data as object });
    expect(verdictOf(study.and(moved(day(18, '09:58'))))).toMatchObject({ holds: null });
    const both = treated({ reading: 2 }, [
      ['10:24', 15],
      ['10:41', 30],
    ]);
    expect(verdictOf(both)).toMatchObject({ holds: null });
    expect(verdictOf(both.and(moved(day(18, '10:02'))))).toMatchObject({ holds: true });
  });
});

describe('a run that is a bound', () => {
  const ladder = LADDER_PRESETS['RAT-N8'] as Ladder;
  const status = (run: string, of: Ladder = ladder) => deriveThreshold(of, touches(run) as Touch[], 2).status;
  const isShort = (run: string, of: Ladder = ladder) =>
    runFlags(of, touches(run) as Touch[]).includes('too-short');

  it.each([
    ['0.4X', true],
    ['1X 0.6X 0.4X', true],
    ['2X 1X 0.6X 0.4X', false],
    ['2X 1X 0.6X 0.4X 0.4X', false],
    ['2X 0.6X 1X 0.4X', true],
    ['15O', true],
    ['6O 8O 15O', true],
    ['4O 6O 8O 15O', false],
    ['2O 4O 6O 8O 15O', false],
    ['2X 2? 1X 0.6X 0.4X', false],
  ])('by %s is too short: %s', (run, short) => {
    expect(isShort(run)).toBe(short);
    expect(status(run) === 'too-short').toBe(short);
  });

  it('takes as many as from the start to that end, or as the ladder says', () => {
    expect(isShort('0.6X 0.4X', { ...ladder, start: '0.6' })).toBe(false);
    expect(isShort('0.4X', { ...ladder, start: '0.4' })).toBe(false);
    expect(isShort('2X 1X 0.6X 0.4X', { ...ladder, boundAfter: 5 })).toBe(true);
    expect(isShort('0.6X 0.4X', { ...ladder, boundAfter: 2 })).toBe(false);
  });

  it('by one touch of the lightest filament is flagged, and has no value under the second reading', () => {
    const one = at(day(1), about('R01', 'RecordThreshold', { touches: touches('0.4X') }));
    begun().when('RecordThreshold', one.body).then.flags('too-short', 'wrong-start');
    const values = (reading: object) => {
      const study = begun(reading).and(one).study;
      return deriveThreshold(
        ladder,
        touches('0.4X') as Touch[],
        new Protocols(study).versions[0]?.protocol.reading,
      );
    };
    expect(values({})).toMatchObject({ status: 'below-range', bound: { relation: '<', grams: 0.4 } });
    expect(values({ reading: 2 })).toMatchObject({ status: 'too-short', bound: null, grams: null });
  });
});

describe('an operation on the second side', () => {
  it('departs from the protocol, whichever was entered first', () => {
    const right = at(day(2), ligated('R01', { side: 'right' }));
    begun()
      .and(ligated())
      .when('LigateNerve', because(why, right).body, day(3))
      .then.flags('deviation', 'second-side', 'late');
    begun()
      .and(ligated())
      .when('LigateNerve', at(day(4), ligated('R01', { nerve: 'tibial' })).body)
      .then.flags();
  });

  it('is none where a correction moves the only one', () => {
    const data = ligated('R01', { side: 'right' }).body['data'] as object;
    const correction = corrected(3, { subject: 'R01', occurredAt: day(3), corrected: data });
    begun().and(ligated()).when('CorrectRecord', correction.body).then.flags();
  });
});
