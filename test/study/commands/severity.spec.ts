import {
  about,
  approvedWith,
  at,
  because,
  begun,
  corrected,
  day,
  died,
  enrolled,
  ligated,
  measured,
  registered,
  weighed,
} from '../bench.js';
import { exampleProtocol } from '../../../src/study/commands/common/example-protocol.js';
import { given, type Body } from '../specification.js';

const assess = (data: Body = {}, rest: Body = {}) => about('R01', 'AssessSeverity', data, rest);
const used = begun().and(ligated());
const ended = used.and(died(day(10)));

describe('an assessment of the actual severity', () => {
  it('confirms without a reason what the records propose', () => {
    ended.when('AssessSeverity', at(day(11), assess({ severity: 'moderate' })).body).then.flags();
  });

  it('changes the proposal only with a reason, and says which records it rests on', () => {
    const mild = at(day(11), assess({ severity: 'mild' }));
    const { message } = ended.when('AssessSeverity', mild.body).then.refused('reason-required', 'reason');
    expect(message).toContain('moderate (3)');
    ended.when('AssessSeverity', because('No pain seen', mild).body).then.flags('changes-proposal');
  });

  it('is a deviation, with a reason, where it is worse than the licence foresaw', () => {
    const severe = at(day(11), assess({ severity: 'severe' }));
    ended.when('AssessSeverity', severe.body).then.refused('reason-required', 'reason');
    ended
      .when('AssessSeverity', because('Autotomy found at necropsy', severe).body)
      .then.flags('changes-proposal', 'deviation', 'severity-above-licence');
  });

  it('is refused while the animal is in use, where nothing was done to it, and a second time', () => {
    used.when('AssessSeverity', at(day(11), assess()).body).then.refused('use-not-ended', 'subject');
    begun()
      .and(died(day(4)))
      .when('AssessSeverity', at(day(11), assess()).body)
      .then.refused('never-used', 'subject');
    ended
      .and(at(day(11), assess()))
      .when('AssessSeverity', at(day(12), assess()).body)
      .then.refused('severity-assessed', 'subject');
    begun()
      .when('AssessSeverity', about('R99', 'AssessSeverity').body)
      .then.refused('subject-unknown', 'subject');
  });

  it('is corrected like any record, and judged anew', () => {
    const assessed = ended.and(at(day(11), assess()));
    const rest = { subject: 'R01', occurredAt: day(11) };
    assessed
      .when('CorrectRecord', corrected(5, { ...rest, corrected: { severity: 'mild' } }).body)
      .then.flags('changes-proposal');
    assessed
      .when('CorrectRecord', corrected(5, { ...rest, corrected: { severity: 'moderate' } }).body)
      .then.flags();
  });

  it('does not keep the death that it follows from being corrected', () => {
    const facts = about('R01', 'EuthaniseSubject').body['data'];
    const fix = corrected(4, { subject: 'R01', occurredAt: day(9), corrected: facts });
    ended
      .and(at(day(11), assess()))
      .when('CorrectRecord', fix.body)
      .then.records({ type: 'RecordCorrected' });
  });

  it('is taken after the study is closed, and where no grading was agreed', () => {
    const { procedureGrades: _, ...welfare } = exampleProtocol.welfare;
    const { licence: __, ...unlicensed } = exampleProtocol;
    given(
      registered,
      { ...approvedWith({}), body: { data: { protocol: { ...unlicensed, welfare } } } },
      enrolled('R01'),
    )
      .and(measured('middle', day(2)), died(day(3)), {
        name: 'CloseStudy',
        body: { data: { outcome: 'completed' } },
      })
      .when('AssessSeverity', assess({ severity: 'severe' }).body)
      .then.flags();
  });
});

describe('what became of an animal', () => {
  const fate = (data: Body) => about('R01', 'RecordFate', data);

  it('ends its life where it was found dead', () => {
    used
      .and(at(day(10), fate({ fate: 'found-dead' })))
      .when('RecordBodyWeight', weighed(day(11)).body)
      .then.refused('subject-dead', 'subject');
    used
      .and(weighed(day(12)))
      .when('RecordFate', because('Sheet found', at(day(10), fate({ fate: 'found-dead' }))).body, day(12))
      .then.refused('later-records-exist', 'occurredAt');
  });

  it('takes it out of reach where it was set free or rehomed', () => {
    used
      .and(at(day(10), fate({ fate: 'rehomed', to: 'A family in the town' })))
      .when('EuthaniseSubject', died(day(11)).body)
      .then.refused('subject-gone', 'subject');
  });

  it('ends its use and not its life where it was kept', () => {
    const kept = used.and(at(day(10), fate({ fate: 'kept-alive' })));
    kept.when('RecordBodyWeight', weighed(day(11)).body).then.flags();
    kept.when('EuthaniseSubject', died(day(12)).body).then.flags();
    kept
      .when('RecordThreshold', because('Asked for', measured('middle', day(11))).body)
      .then.flags('after-end-of-use', 'deviation');
    kept
      .when('RecordFate', at(day(11), fate({ fate: 'released' })).body)
      .then.refused('fate-recorded', 'subject');
  });
});

describe('a use that is not the first', () => {
  it('says how severe the last one was, and the first one nothing of the kind', () => {
    const enrol = (use: Body) =>
      begun().when('EnrolSubject', about('R02', 'EnrolSubject', { use }).body).then;
    enrol({ kind: 'reuse', previousActualSeverity: 'mild' }).flags();
    enrol({ kind: 'reuse' }).refused('previous-severity-missing', 'data.use.previousActualSeverity');
    enrol({ kind: 'first', previousActualSeverity: 'mild' }).refused('never-used-before', 'data.use.kind');
  });
});

describe('a licence', () => {
  const approve = (changes: Body) =>
    given(registered).when('ApproveProtocol', { data: { protocol: { ...exampleProtocol, ...changes } } })
      .then;

  it('has a purpose and a law that a return can name', () => {
    const { licence } = exampleProtocol;
    const problem = (changes: Body): string =>
      approve({ licence: { ...licence, ...changes } }).refused(
        'protocol-invalid',
        `data.protocol.licence.${Object.keys(changes)[0]}`,
      ).message;
    expect(problem({ purpose: { area: 'translational', field: 'nerves' } })).toContain('nervous');
    expect(problem({ purpose: { area: 'transitional' } })).toContain('translational');
    expect(problem({ purpose: { area: 'basic' } })).toContain('names its field');
    expect(problem({ purpose: { area: 'forensic', field: 'nervous' } })).toContain('no fields');
    expect(problem({ legislation: { law: 'human', origin: 'eu' } })).toContain('human-medicines');
    expect(problem({ legislation: { law: 'food', origin: 'dutch' } })).toContain('national');
    const twice = [1, 2].map((animals) => ({ severity: 'mild', animals }));
    expect(problem({ predicted: twice })).toContain('predicted twice');
  });

  it('grades and watches for nothing that its sheet does not have', () => {
    const { welfare } = exampleProtocol;
    const grades = [{ item: 'mood', atLeast: 1, severity: 'mild' }];
    expect(
      approve({ welfare: { ...welfare, grades } }).refused('protocol-invalid', 'data.protocol.welfare')
        .message,
    ).toContain('mood');
    const endpoints = [{ id: 'mood', description: 'Low', itemScore: { item: 'mood', atLeast: 1 } }];
    approve({ welfare: { ...welfare, endpoints } }).refused('protocol-invalid', 'data.protocol.welfare');
    const twice = [1, 2].map((everyDays) => ({ id: 'daily', check: 'body-weight', everyDays }));
    approve({ welfare: { ...welfare, monitoring: twice } }).refused(
      'protocol-invalid',
      'data.protocol.welfare.monitoring',
    );
  });
});
