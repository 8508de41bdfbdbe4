import { openActs } from '../../../src/study/signatures/open-acts.js';
import { begun, because, day } from '../bench.js';
import { acknowledged, governed } from '../governed.js';
import { signs } from '../signing.js';
import { sent, type Sent } from '../specification.js';

const missed = (data: object = { animals: ['R01'] }): Sent =>
  because(
    'The observer was ill',
    sent('RecordDeviation', { data: { what: 'No thresholds were measured', ...data } }, day(14)),
  );

describe('what was not done as planned', () => {
  it('is a deviation, with its reason, of animals or of the study as a whole', () => {
    begun().whenSent(missed()).then.flags('deviation', 'not-as-planned');
    begun().whenSent(missed({})).then.records({ type: 'DeviationRecorded', reason: 'The observer was ill' });
    const { body } = missed();
    begun().when('RecordDeviation', { data: body['data'] }).then.refused('reason-required', 'reason');
  });

  it('names animals that are enrolled, each once', () => {
    begun()
      .whenSent(missed({ animals: ['R01', 'R99'] }))
      .then.refused('subject-unknown', 'data.animals');
    begun()
      .whenSent(missed({ animals: ['R01', 'R01'] }))
      .then.refused('field-invalid', 'data.animals');
  });

  it('is open in a governed study until its director has assessed it and signed that [R32]', () => {
    const told = governed().and(missed());
    expect(openActs(told.study)[0]).toMatchObject({ kind: 'deviation', record: 4 });
    const assessed = told.and(acknowledged(4), signs('sd-01', 'acknowledged', 5));
    expect(openActs(assessed.study).map(({ kind }) => kind)).toEqual(['review']);
  });
});
