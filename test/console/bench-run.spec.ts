import fc from 'fast-check';
import {
  beginRun,
  chosenDepartures,
  departuresToBe,
  foldRun,
  readRun,
  runPairs,
  type Run,
  type RunEvent,
  type RunSetting,
} from '../../src/console/bench/run.js';
import { deriveThreshold, type Touch } from '../../src/study/rules/threshold.js';
import { nextFilament, runFlags } from '../../src/study/rules/up-down.js';
import { runs, specimens } from '../support/effort.js';
import { PRESETS, preset } from '../study/rules/runs.js';

const N8: RunSetting = { ladder: preset('RAT-N8'), reading: 2 };
const ABOUT = { id: '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c01', subject: 'R14' };
const TIME = '2026-03-09T09:24:00+01:00';
const touch = (response: string): RunEvent => ({
  does: 'touch',
  response: response as Touch['response'],
  time: TIME,
});
const play = (setting: RunSetting, events: readonly RunEvent[], from: Run = beginRun('ipsilateral')): Run =>
  events.reduce((run, event) => foldRun(setting, run, event), from);
const touched = (responses: string): RunEvent[] => Array.from(responses).map(touch);

const anySetting = fc.record({
  ladder: fc.constantFrom(...PRESETS),
  reading: fc.constantFrom<RunSetting['reading']>(undefined, 2),
});
const anyResponse = fc.constantFrom('O', 'X', '?', 'O', 'X').map(touch);
/** Events that follow no rule at all, some of them impossible at their place. */
const anyRun = anySetting.chain((setting) =>
  fc.tuple(
    fc.constant(setting),
    fc.array(
      fc.oneof(
        { arbitrary: anyResponse, weight: 8 },
        fc
          .constantFrom('no such filament', ...setting.ladder.filaments.map(({ label }) => label))
          .map((filament): RunEvent => ({ does: 'take', filament })),
        fc.constantFrom('mistyped' as const, 'moved' as const).map((why): RunEvent => ({
          does: 'strike',
          why,
        })),
        fc.constantFrom<RunEvent>(
          { does: 'turn', paw: 'contralateral' },
          { does: 'turn', paw: 'ipsilateral' },
          { does: 'stop' },
          { does: 'go-on' },
          { does: 'go-on' },
        ),
      ),
      { maxLength: 30 },
    ),
  ),
);

describe('a run at the bench', () => {
  it('asks for the filament of the rule, from the start of the ladder to the end of the run', () => {
    const asked: (string | null)[] = [];
    let run = beginRun('ipsilateral');
    for (const event of touched('OXOXOX')) {
      asked.push(readRun(N8, run).filament);
      run = foldRun(N8, run, event);
    }
    expect(asked).toEqual(['2', '4', '2', '4', '2', '4']);
    expect(readRun(N8, run)).toMatchObject({
      filament: null,
      isOver: true,
      flags: [],
      threshold: { status: 'estimated', method: 'dixon-table' },
    });
    expect(play(N8, touched('OX'), run)).toEqual(run);
  });

  it('records another filament as it was, and says so before and after the touch', () => {
    const before = play(N8, [...touched('O'), { does: 'take', filament: '8' }]);
    expect(departuresToBe(N8.ladder, readRun(N8, before))).toEqual(['skipped-step']);
    const after = foldRun(N8, before, touch('X'));
    expect(readRun(N8, after)).toMatchObject({ filament: '6', flags: ['skipped-step'] });
    expect(after.made.map(({ filament }) => filament)).toEqual(['2', '8']);
    // The one that the rule asks for is no other.
    expect(foldRun(N8, after, { does: 'take', filament: '6' }).taken).toBeUndefined();
  });

  it('strikes the last touch that stands, and asks for its filament again', () => {
    const run = play(N8, [
      ...touched('OX'),
      { does: 'strike', why: 'mistyped' },
      { does: 'strike', why: 'moved' },
      touch('X'),
    ]);
    expect(run.made.map(({ filament, response, struck }) => [filament, response, struck])).toEqual([
      ['2', 'O', 'moved'],
      ['4', 'X', 'mistyped'],
      ['2', 'X', undefined],
    ]);
    expect(runPairs(N8, run, ABOUT).filter(([name]) => name.includes('struck'))).toEqual([
      ['data.struck[0].place', '1'],
      ['data.struck[0].filament', '2'],
      ['data.struck[0].response', 'O'],
      ['data.struck[0].why', 'moved'],
      ['data.struck[1].place', '2'],
      ['data.struck[1].filament', '4'],
      ['data.struck[1].response', 'X'],
      ['data.struck[1].why', 'mistyped'],
    ]);
  });

  it('can be recorded where it was stopped, with the reason, and only once a touch stands', () => {
    expect(readRun(N8, play(N8, [{ does: 'stop' }])).isOver).toBe(false);
    const stopped = play(N8, [...touched('OX'), { does: 'stop' }]);
    expect(readRun(N8, stopped)).toMatchObject({ isOver: true, flags: ['stopped-early'] });
    expect(runPairs(N8, stopped, { ...ABOUT, stopReason: 'it slept' })).toContainEqual([
      'data.stopReason',
      'it slept',
    ]);
    const wentOn = play(N8, [{ does: 'go-on' }, ...touched('OXOX')], stopped);
    expect(runPairs(N8, wentOn, { ...ABOUT, stopReason: 'it slept' })).not.toContainEqual([
      'data.stopReason',
      'it slept',
    ]);
    // A complete run was not stopped.
    expect(foldRun(N8, wentOn, { does: 'stop' })).toEqual(wentOn);
  });

  it('sends what was touched, whatever was done, and the rest of what was made as struck', () => {
    fc.assert(
      fc.property(anyRun, ([setting, events]) => {
        const run = play(setting, events);
        const sent = new Map(runPairs(setting, run, { ...ABOUT, stopReason: 'so' }));
        const read = (list: string, member: string): string[] => {
          const found: string[] = [];
          for (let i = 0; sent.has(`data.${list}[${i}].${member}`); i++)
            found.push(sent.get(`data.${list}[${i}].${member}`)!);
          return found;
        };
        const made: [string, string][] = run.made.map(({ filament, response }) => [filament, response]);
        const together = read('touches', 'filament').map((filament, i): [string, string] => [
          filament,
          read('touches', 'response')[i]!,
        ]);
        read('struck', 'place').forEach((place, i) =>
          together.splice(Number(place) - 1, 0, [
            read('struck', 'filament')[i]!,
            read('struck', 'response')[i]!,
          ]),
        );
        expect(together).toEqual(made);
        expect(sent.get('data.paw')).toBe(run.paw);
        expect(sent.has('data.stopReason')).toBe(run.isStopped);
      }),
      runs(1000),
    );
  });

  it('estimates what the server computes from the touches that are sent, and is complete when the rule says so', () => {
    fc.assert(
      fc.property(anyRun, ([setting, events]) => {
        const run = play(setting, events);
        const { touches, threshold, asked, isOver, flags } = readRun(setting, run);
        const sent = touches.map(({ filament, response }) => ({ filament, response }));
        const { ladder, reading } = setting;
        expect(threshold).toEqual(deriveThreshold(ladder, sent, reading));
        expect(asked.complete).toBe(nextFilament(ladder, sent).complete);
        expect(isOver).toBe(sent.length > 0 && (asked.complete || run.isStopped));
        if (isOver) expect(flags).toEqual(runFlags(ladder, sent));
      }),
      runs(1000),
    );
  });

  it('deletes nothing: what was made stays made, in its place', () => {
    fc.assert(
      fc.property(anyRun, ([setting, events]) => {
        let run = beginRun('ipsilateral');
        for (const event of events) {
          const after = foldRun(setting, run, event);
          const bare = (of: Run) => of.made.map(({ filament, response, time }) => [filament, response, time]);
          expect(bare(after).slice(0, run.made.length)).toEqual(bare(run));
          run.made.forEach(({ struck }, i) => {
            if (struck !== undefined) expect(after.made[i]!.struck).toBe(struck);
          });
          run = after;
        }
      }),
      runs(500),
    );
  });

  it('tells of a departure before it is made what the flags say afterwards', () => {
    fc.assert(
      fc.property(anyRun, ([setting, events]) => {
        const run = play(setting, events);
        const state = readRun(setting, run);
        if (state.filament === null || run.isStopped || run.made.length >= 100) return;
        for (const response of ['O', 'X', '?']) {
          const after = readRun(setting, foldRun(setting, run, touch(response)));
          const added = chosenDepartures(after.flags).filter((flag) => !state.flags.includes(flag));
          expect(departuresToBe(setting.ladder, state)).toEqual(added);
        }
      }),
      runs(500),
    );
  });

  it('(the events drawn reach every kind of end)', () => {
    const ends = specimens(anyRun, 300).map(([setting, events]) => {
      const run = play(setting, events);
      const { asked, flags } = readRun(setting, run);
      return [asked.complete, run.isStopped, run.made.some(({ struck }) => struck), flags.length > 0].join();
    });
    expect(new Set(ends).size).toBeGreaterThan(8);
  });
});
