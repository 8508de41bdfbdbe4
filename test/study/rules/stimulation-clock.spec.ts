import fc from 'fast-check';
import {
  clockText,
  durationText,
  goneOnAt,
  interruptionsInWords,
  isCutShort,
  isPaused,
  pausedAt,
  plannedReadings,
  stimulatedMs,
  type RunningStimulation,
} from '../../../src/study/rules/stimulation-clock.js';
import { runs } from '../../support/effort.js';

const MINUTE = 60_000;
const begun: RunningStimulation = { begunMs: 0, pauses: [] };

describe('the clock of a stimulation', () => {
  it('stands while it is paused, and goes on from there', () => {
    const paused = pausedAt(begun, 12 * MINUTE, 'lead loose');
    expect(isPaused(paused)).toBe(true);
    expect(stimulatedMs(paused, 15 * MINUTE)).toBe(12 * MINUTE);
    const on = goneOnAt(paused, 14 * MINUTE);
    expect(isPaused(on)).toBe(false);
    expect(stimulatedMs(on, 20 * MINUTE)).toBe(18 * MINUTE);
  });

  it('stops when it is ended, also in a pause', () => {
    const paused = pausedAt(begun, 12 * MINUTE, 'lead loose');
    expect(stimulatedMs({ ...paused, endedMs: 13 * MINUTE }, 99 * MINUTE)).toBe(12 * MINUTE);
    expect(stimulatedMs({ ...begun, endedMs: 30 * MINUTE }, 99 * MINUTE)).toBe(30 * MINUTE);
  });

  it('counts time and pauses once each, however often it was paused', () => {
    const steps = fc.array(fc.integer({ min: 0, max: 10 * MINUTE }), { maxLength: 9 });
    fc.assert(
      fc.property(steps, (lengths) => {
        let [running, now, flowed] = [begun, 0, 0];
        for (const [index, length] of lengths.entries()) {
          now += length;
          if (index % 2 === 0) flowed += length;
          running = index % 2 === 0 ? pausedAt(running, now, 'why') : goneOnAt(running, now);
        }
        expect(stimulatedMs(running, now)).toBe(flowed);
      }),
      runs(300),
    );
  });

  it('is written in minutes, of which none is rounded up', () => {
    expect(durationText(30 * MINUTE + 20_000, 'completed')).toBe('30');
    expect(durationText(30 * MINUTE - 1, 'completed')).toBe('29');
    expect(durationText(17.58 * MINUTE, 'aborted')).toBe('17.56');
    expect([21_000, 450_000, 999].map((ms) => durationText(ms, 'aborted'))).toEqual(['0.35', '7.5', '0']);
    // Without a planned time a short one can be complete.
    expect(durationText(21_000, 'completed')).toBe('0.35');
    expect([0, 65_000, 3_729_000].map(clockText)).toEqual(['0:00', '1:05', '1:02:09']);
  });

  it('is written to the second where it was stopped', () => {
    for (let second = 0; second < 3600; second++) {
      const minutes = Number(durationText(second * 1000 + 999, 'aborted'));
      expect([second, Math.round(minutes * 60)]).toEqual([second, second]);
      expect(minutes * 60).toBeLessThanOrEqual(second + 1e-9);
    }
  });

  it('is cut short before its planned time', () => {
    const cut = [29.99 * MINUTE, 30 * MINUTE, 31 * MINUTE].map((ms) => isCutShort(ms, 30 * MINUTE));
    expect(cut).toEqual([true, false, false]);
    expect(isCutShort(0, undefined)).toBe(false);
  });

  it('says what interrupted it', () => {
    const running = goneOnAt(pausedAt(begun, 12.5 * MINUTE, 'lead loose'), 13.5 * MINUTE + 5000);
    expect(interruptionsInWords(begun)).toBeUndefined();
    expect(interruptionsInWords(running)).toBe('Paused at 12:30 min for 1:05 min: lead loose.');
    expect(interruptionsInWords({ ...running, endedMs: 20 * MINUTE }, 'Animal distressed!')).toBe(
      'Paused at 12:30 min for 1:05 min: lead loose. Stopped at 20:00 min: Animal distressed!',
    );
  });

  it('says which readings are due, by minutes since it began', () => {
    const states = (minute: number) =>
      plannedReadings(begun, [15, 30], new Set([30]), minute * MINUTE, 10).map(({ state }) => state);
    expect(states(14)).toEqual(['ahead', 'done']);
    expect(states(15)).toEqual(['due', 'done']);
    expect(states(26)).toEqual(['missed', 'done']);
  });
});
