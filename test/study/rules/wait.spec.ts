import { View } from '../../../src/study/projections/projection.js';
import { doseTitration } from '../../../src/study/projections/dose-titration.projection.js';
import { proposeDose } from '../../../src/study/projections/next-dose.js';
import { titratedIn } from '../../../src/study/rules/planned.js';
import { waitsBefore } from '../../../src/study/rules/wait.js';
import { about, at, because, day, dosed, measured, ready, sideEffects, stimulated } from '../bench.js';
import type { Body, Given, Sent } from '../specification.js';

const why = 'It happened so';
const ug = (value: string): Body => ({ dose: { value, unit: 'ug' } });
const course = (on: number, dose: string, run: 'low' | 'high', first: number, score = 0): Sent[] => [
  measured('low', day(on, '09:30')),
  because(why, dosed(day(on), ug(dose))),
  ...[15, 30, 60].map((minute) =>
    measured(run, day(on, minute === 60 ? '11:00' : `10:${minute}`), { session: first + 1, minute }),
  ),
  because(why, sideEffects(day(on, '11:10'), first + 1, score, 70)),
];

function proposed(study: Given) {
  const view = new View(study.study, Infinity, 'R01');
  const { history } = view.animals()[0]!;
  const titrated = titratedIn(view.protocols.versions.at(-1)!.protocol)!;
  const doses = doseTitration.project(view).subjects[0]?.doses ?? [];
  return proposeDose(titrated, true, history, doses);
}

describe('the dose that a titration proposes', () => {
  const first = ready().study.size;

  it('is the lightest for an animal that had none', () => {
    expect(proposed(ready())).toEqual({
      purpose: 'titration',
      dose: { value: '10', unit: 'ug' },
      why: 'first-step',
      record: undefined,
    });
  });

  it('is the next after one without effect and side effects', () => {
    expect(proposed(ready().and(...course(19, '20', 'low', first)))).toMatchObject({
      dose: { value: '30', unit: 'ug' },
      why: 'next-step',
      record: first + 1,
    });
    expect(proposed(ready().and(...course(19, '25', 'low', first))).dose?.value).toBe('30');
  });

  it('is none where the last was effective, had side effects, is not known yet, or is the largest', () => {
    const after = (...more: Sent[]) => proposed(ready().and(...more));
    expect(after(...course(19, '20', 'high', first))).toMatchObject({ dose: undefined, why: 'effective' });
    expect(after(...course(19, '20', 'low', first, 1))).toMatchObject({
      dose: undefined,
      why: 'side-effects',
    });
    expect(after(because(why, dosed(day(19), ug('20'))))).toMatchObject({
      why: 'effect-not-known',
      record: first,
    });
    expect(after(...course(19, '50', 'low', first))).toMatchObject({ dose: undefined, why: 'end-of-ladder' });
  });

  it('is the designated one before stimulation', () => {
    const study = ready().and(
      ...course(19, '20', 'low', first),
      because(
        why,
        at(
          day(19, '12:00'),
          about('R01', 'DesignateSubEffectiveDose', { ...ug('20'), evidence: [first + 1] }),
        ),
      ),
    );
    expect(proposed(study)).toMatchObject({
      purpose: 'combination',
      dose: { value: '20' },
      why: 'designated',
    });
  });
});

describe('what a dose waits for', () => {
  it('is the wash-out since the last dose, and since a stimulation with current', () => {
    const study = ready().and(because(why, dosed(day(19), ug('20'))), because(why, stimulated(day(21))));
    const view = new View(study.study, Infinity, 'R01');
    const protocol = view.protocols.versions.at(-1)!.protocol;
    const first = study.study.size - 2;
    const waits = waitsBefore(titratedIn(protocol)!, view.animals()[0]!.history, protocol, view.protocols);
    expect(
      waits.map(({ after, record, hours, sinceMs, endsMs }) => [after, record, hours, endsMs - sinceMs]),
    ).toEqual([
      ['dose', first, 24, 86_400_000],
      ['stimulation', first + 1, 24, 86_400_000],
    ]);
  });
});
