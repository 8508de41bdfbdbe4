import fc from 'fast-check';
import { View } from '../../../src/study/projections/projection.js';
import { instantMs } from '../../../src/study/instant.js';
import { judgeWeight, weighingLimits } from '../../../src/study/welfare/weigh.js';
import { day, ready, weighed } from '../bench.js';
import { runs } from '../../support/effort.js';
import type { Given } from '../specification.js';

function limitsOf(study: Given, when: string) {
  const view = new View(study.study, Infinity, 'R01');
  return weighingLimits(
    view.animals()[0]!.history,
    view.protocols.versions.at(-1)!.protocol,
    instantMs(when)!,
  );
}

describe('a weight before it is recorded', () => {
  const study = ready().and(weighed(day(20), '300.0'), weighed(day(21), '320.0'));

  it('is told against the heaviest and the last, with the endpoint that it reaches', () => {
    const limits = limitsOf(study, day(22));
    expect(limits).toMatchObject({ last: 320, heaviest: 320, compared: [320] });
    expect(judgeWeight(304, limits)).toMatchObject({
      percentOfHeaviest: 95,
      lossPercent: 5,
      changePercent: -5,
      reached: [],
      isFar: false,
    });
    expect(judgeWeight(256, limits)).toMatchObject({ reached: [{ id: 'weight-loss', lossPercent: 20 }] });
    expect(judgeWeight(340, limits)).toMatchObject({ percentOfHeaviest: 100, lossPercent: 0 });
  });

  it('is called unusual exactly where the record is flagged', () => {
    const slipped = study.and(weighed(day(21, '12:00'), '450.0'));
    const [normal, odd] = [limitsOf(study, day(22)), limitsOf(slipped, day(22))];
    fc.assert(
      fc.property(fc.integer({ min: 600, max: 8000 }), fc.boolean(), (tenths, isSlipped) => {
        const value = tenths / 10;
        const { name, body } = weighed(day(22), value.toFixed(1));
        const sent = (isSlipped ? slipped : study).when(name, { reason: 'As it was', ...body });
        const { flags = [] } = sent.record.data as { flags?: string[] };
        const { isFar, isOutside } = judgeWeight(value, isSlipped ? odd : normal);
        expect(isFar).toBe(flags.includes('weight-jump'));
        expect(isOutside).toBe(flags.includes('body-weight-out-of-range'));
      }),
      runs(200),
    );
  });
});
