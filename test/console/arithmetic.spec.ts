import { judgedOf } from '../../src/console/words/judged.js';
import { phraseText } from '../../src/console/words/phrase.js';
import { doseTitration } from '../../src/study/projections/dose-titration.projection.js';
import { View } from '../../src/study/projections/projection.js';
import { statusOf } from '../../src/study/projections/responder-status.projection.js';
import { verdictSteps } from '../../src/study/projections/verdict-steps.js';
import { waitingIn } from '../../src/study/projections/waiting.js';
import { finish } from '../../src/study/steps.js';
import { studyAt } from '../../src/study/study.js';
import { referenceStudy } from '../support/reference-study.js';

const whole = referenceStudy();

function judged(animal: string, size = whole.size): Record<string, string> {
  const view = new View(studyAt(whole, size), Infinity, animal);
  const history = view.animals()[0]!.history;
  const doses = doseTitration.project(view).subjects[0]?.doses ?? [];
  return Object.fromEntries(
    judgedOf(view, finish(statusOf(view, animal, history)), history, doses).map(
      ({ question, arithmetic }) => [question, phraseText(arithmetic).trim()],
    ),
  );
}

describe('a verdict as arithmetic', () => {
  it('names values, limit, margin and the records that it rests on', () => {
    expect(judged('R02')).toEqual({
      Hypersensitive:
        'Baseline 9.95 g (#55, #67), after the ligation 2.18 g (#568): 0.66 log units below; limit 0.20, met by 0.459, so hypersensitive since record #568.',
      'Stimulation alone':
        'Stimulation #640: before it 1.54 g (#637), at 15 min 1.54 g (#645), at 30 min 1.54 g (#649), the highest 0.00 log units against before; limit 0.20, missed by 0.200, so non-responder since record #649.',
      'Sub-effective dose':
        'Designated in #1159, on #1093, #1137. 20 µg alone (#1093): it had no effect, without side effects.',
      'Dose and stimulation':
        'After dose #1464 and stimulation #1471: before it 2.60 g (#1469), at 15 min 4.73 g (#1474), at 30 min 5.42 g (#1476), the highest +0.32 log units against before; limit 0.20, met by 0.119, so responder since record #1476.',
      Converted: 'A non-responder to stimulation alone that responds to dose and stimulation.',
    });
  });

  it('is another before a correction than after it', () => {
    expect(judged('R15', 834)['Hypersensitive']).toContain('so hypersensitive since record #822.');
    expect(judged('R15', 835)['Hypersensitive']).toContain('so not hypersensitive since record #834.');
  });

  it('says what is missing where there is none', () => {
    expect(judged('R02', 200)['Stimulation alone']).toBe('Not known: no such session has been recorded.');
  });
});

describe('the records that changed a verdict', () => {
  it('are those at which the answer became another one', () => {
    const now = new View(whole, Infinity, 'R15');
    const steps = finish(verdictSteps(now, 'R15', now.animals()[0]!.history));
    expect(steps).toContainEqual({
      record: 834,
      occurredAt: expect.stringMatching(/^2026-03-23T/) as string,
      changes: [{ question: 'hypersensitive', from: 'yes', to: 'no' }],
    });
    // Each step is what the fold of the records before and after it says.
    for (const { record, changes } of steps) {
      const said = (size: number) => {
        const view = new View(studyAt(whole, size), Infinity, 'R15');
        return finish(statusOf(view, 'R15', view.animals()[0]?.history ?? [])).hypersensitive;
      };
      const change = changes.find(({ question }) => question === 'hypersensitive');
      if (change) expect([said(record), said(record + 1)].map(word)).toEqual([change.from, change.to]);
    }
  });
});

function word(value: boolean | null): string {
  return value === null ? 'not known' : value ? 'yes' : 'no';
}

describe('what a study waits for', () => {
  it('ends when the study director has assessed it', () => {
    expect(finish(waitingIn(new View(whole)))).toMatchObject({ endpoints: [], deviations: [] });
    const sizes = [700, 900, 1100, 1300].map((size) => finish(waitingIn(new View(studyAt(whole, size)))));
    expect(sizes.some(({ deviations, late }) => deviations.length + late.length > 0)).toBe(true);
  });
});
