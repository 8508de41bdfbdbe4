import {
  LadderError,
  delta,
  force,
  indexOf,
  ladderFromGrams,
  ladderProblems,
  logForce,
  type Ladder,
} from '../../../src/study/rules/ladder.js';
import { PRESETS, preset } from './runs.js';

const codeOf = (act: () => unknown): string => {
  try {
    act();
  } catch (error) {
    if (error instanceof LadderError) return error.code;
  }
  return 'nothing thrown';
};

describe('ladder', () => {
  it('has the published mean step of every preset', () => {
    expect(delta(preset('RAT-H8'))).toBeCloseTo(0.224286, 6);
    expect(delta(preset('RAT-N8'))).toBeCloseTo(0.224862, 6);
    expect(delta(preset('RAT-N9'))).toBeCloseTo(0.226614, 6);
  });

  it('has the mean steps of ladders in print that are no preset', () => {
    const ten = ladderFromGrams(['0.6', '1', '1.4', '2', '4', '6', '8', '10', '15', '26']);
    expect(delta(ten)).toBeCloseTo(0.181869, 6);
  });

  it('starts at 2 g, handle 4.31, on eight steps and at 4 g on nine', () => {
    expect(PRESETS.map(({ id, start }) => `${id} ${start}`)).toEqual([
      'RAT-H8 4.31',
      'RAT-N8 2',
      'RAT-N9 4',
      'MOUSE-N8 0.16',
    ]);
  });

  it('ships presets without a problem', () => {
    expect(PRESETS.flatMap(ladderProblems)).toEqual([]);
  });

  it('lists the handles of RAT-H8 lightest first, with the grams as printed', () => {
    const { filaments } = preset('RAT-H8');
    expect(filaments.map(({ handle }) => handle).join(' ')).toBe('3.61 3.84 4.08 4.31 4.56 4.74 4.93 5.18');
    for (const filament of filaments) expect(force(filament).toFixed(3)).toBe(filament.grams);
  });

  it('takes the handle at full precision before the rounded grams', () => {
    expect(logForce({ label: '4.31', grams: '2.042', handle: '4.31' })).toBe(4.31);
    expect(logForce({ label: '2', grams: '2' })).toBeCloseTo(4.30103, 5);
  });

  it('uses the step of the laboratory where it names one', () => {
    const mouse = ['0.0045', '0.023', '0.068', '0.158', '0.178', '1.202', '2.041', '5.495'];
    expect(delta(ladderFromGrams(mouse, undefined, '0.441429'))).toBe(0.441429);
    expect(ladderFromGrams(mouse).start).toBe('0.158');
  });

  it('compares labels as text and says which ones there are', () => {
    expect(indexOf(preset('RAT-N8'), '0.4')).toBe(0);
    expect(codeOf(() => indexOf(preset('RAT-N8'), '0.40'))).toBe('filament-not-in-ladder');
    expect(() => indexOf(preset('RAT-N8'), '26')).toThrow('0.4, 0.6, 1, 2, 4, 6, 8, 15');
  });

  const broken: [string, Partial<Ladder>, string][] = [
    ['fewer than three filaments', { filaments: grams('1', '2') }, 'at least 3'],
    ['a filament out of order', { filaments: grams('1', '4', '2', '8') }, '2 is not heavier than 4'],
    ['two filaments of one force', { filaments: grams('1', '2', '2.0', '4') }, '2.0 is not heavier than 2'],
    ['a label used twice', { filaments: grams('1', '2', '2', '4') }, 'label 2 is used more than once'],
    ['a start that is not in it', { start: '3' }, 'start filament 3'],
    ['a force of nothing', { filaments: grams('0', '1', '2') }, '"0" is not a positive decimal'],
    ['a force that is no number', { filaments: grams('1', '2', '4g') }, '"4g" is not a positive decimal'],
    ['a step of nothing', { fixedDelta: '0' }, 'fixed step "0"'],
    [
      'handles in another order than the grams',
      {
        filaments: [
          { label: 'a', grams: '1', handle: '4.31' },
          { label: 'b', grams: '2', handle: '4.08' },
          { label: '2', grams: '4', handle: '4.56' },
        ],
      },
      'b is not heavier than a',
    ],
  ];

  it.each(broken)('names as a problem %s', (_, change, sentence) => {
    const sound: Ladder = { id: 'L', filaments: grams('1', '2', '4'), start: '2' };
    expect(ladderProblems(sound)).toEqual([]);
    expect(ladderProblems({ ...sound, ...change }).join('\n')).toContain(sentence);
  });

  it('refuses grams that make no ladder', () => {
    expect(codeOf(() => ladderFromGrams([]))).toBe('ladder-invalid');
    expect(codeOf(() => ladderFromGrams(['2', '1', '0.6']))).toBe('ladder-invalid');
    expect(codeOf(() => ladderFromGrams(['1', '2', '4'], '3'))).toBe('ladder-invalid');
  });
});

function grams(...texts: string[]) {
  return texts.map((text) => ({ label: text, grams: text }));
}
