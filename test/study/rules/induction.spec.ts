import { inductionOf, inductionType, injuredSideOf } from '../../../src/study/rules/induction.js';
import type { Protocol } from '../../../src/study/protocol.js';
import { type Changes, fact, history, ligation, protocols } from './facts.js';

const injected = (number: number, when: string, side?: 'left' | 'right') =>
  fact('ModelInduced', when, { kind: 'injection', agent: 'CFA', ...(side && { side }) }, { number });
const enrolled = fact('SubjectEnrolled', '2026-03-01', {}, { number: 1 });

describe('day 0 of an animal', () => {
  it.each<[Protocol['model'] | undefined, string]>([
    [undefined, 'NerveLigated'],
    [{ kind: 'nerve-injury' }, 'NerveLigated'],
    [{ kind: 'injection' }, 'ModelInduced'],
    [{ kind: 'systemic' }, 'ModelInduced'],
    [{ kind: 'nerve-injury', induction: 'ModelInduced' }, 'ModelInduced'],
    [{ kind: 'none' }, 'SubjectEnrolled'],
  ])('of the model %j is the first %s', (model, type) => {
    expect(inductionType(model ? { model } : {})).toBe(type);
    const facts = history(
      enrolled,
      ligation(2),
      injected(3, '2026-03-04', 'right'),
      injected(4, '2026-03-06'),
    );
    // Nothing is hypersensitive in a study of naive animals.
    const changes = {
      ...(model && { model }),
      ...(model?.kind === 'none' && { hypersensitivity: undefined }),
    };
    const found = inductionOf(facts, protocols(changes as object as Changes));
    expect(found).toMatchObject({
      type,
      number: { SubjectEnrolled: 1, NerveLigated: 2, ModelInduced: 3 }[type],
    });
  });

  it('is unknown until the model is induced', () => {
    expect(inductionOf([enrolled], protocols())).toBeUndefined();
  });

  it('has the side of the first injury that has one', () => {
    expect(injuredSideOf(history(injected(3, '2026-03-04'), injected(4, '2026-03-06', 'right')))).toBe(
      'right',
    );
    expect(injuredSideOf(history(ligation(2), injected(4, '2026-03-06', 'right')))).toBe('left');
    expect(injuredSideOf([enrolled])).toBeUndefined();
  });
});
