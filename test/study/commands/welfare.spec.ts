import { about, at, begun, day } from '../bench.js';
import type { Body } from '../specification.js';

describe('a welfare score', () => {
  const score = (data: Body) =>
    begun().when('ScoreWelfare', at(day(4), about('R01', 'ScoreWelfare', data)).body).then;

  it('is on the protocol’s sheet', () => {
    score({
      scores: [
        { item: 'posture', score: 2 },
        { item: 'wound', score: 3 },
      ],
      severity: 'moderate',
    }).records({
      type: 'WelfareScored',
    });
    score({ sheet: 'weekly' }).refused('scale-unknown', 'data.sheet');
    score({ scores: [{ item: 'mood', score: 1 }] }).refused('item-unknown', 'data.scores[0].item');
    score({ scores: [{ item: 'wound', score: 4 }] }).refused('score-too-high', 'data.scores[0].score');
    score({ scores: [] }).refused('field-invalid', 'data.scores');
  });
});

describe('an adverse event', () => {
  it('is reported in words, with its severity', () => {
    begun()
      .when('ReportAdverseEvent', at(day(4), about('R01', 'ReportAdverseEvent')).body)
      .then.records({ type: 'AdverseEventReported', data: { severity: 'mild', expected: true } });
    begun()
      .when('ReportAdverseEvent', about('R01', 'ReportAdverseEvent', { severity: 'lethal' }).body)
      .then.refused('field-invalid', 'data.severity');
  });
});
