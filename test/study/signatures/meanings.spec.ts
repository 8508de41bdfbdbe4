/** Who may sign what with which meaning, as the table in docs/signatures.md has it. */
import { whoSigns } from '../../../src/study/signatures/meanings.js';
import { MEANINGS, type Meaning } from '../../../src/study/signatures/statement.js';
import { voided, weighed } from '../bench.js';
import { closedAndSigned, governed, handedOver, replaced, reviewed, witnessed } from '../governed.js';
import { by, signs } from '../signing.js';
import { sent, type Given } from '../specification.js';

const weighing = weighed('2026-03-02T09:00:00Z');
/** #4 weighed by tech-1, #5 witnessed by tech-2, #6 handed over, #7 replaced, #8 inspected. */
const study = governed().and(
  weighing,
  witnessed(4),
  handedOver('sd-02'),
  replaced('sd-03'),
  by('qa-1', sent('RecordInspection', { data: { phase: 'Surgery', on: '2026-03-02' } })),
);

function whoOf(given: Given, meaning: Meaning, number: number) {
  const who = whoSigns(given.study, { meaning, covered: [{ from: number, to: number }] });
  return who && { roles: who.roles, ...(who.isStudyDirector && { isStudyDirector: true }) };
}

describe('an act is signed [R13]', () => {
  const theDirector = { roles: ['director'], isStudyDirector: true };
  it.each<[string, Given, Meaning, number, object | undefined]>([
    ['a protocol by the study’s director', study, 'approved', 1, theDirector],
    ['a hand-over by directors', study, 'approved', 6, { roles: ['director'] }],
    ['a change of director by management', study, 'approved', 7, { roles: ['management'] }],
    ['an inspection by quality', study, 'inspected', 8, { roles: ['quality'] }],
    ['a weight by nobody as approved', study, 'approved', 4, undefined],
    ['the closing by the study’s director', closedAndSigned(), 'closed', 6, theDirector],
    ['a protocol by nobody as closed', study, 'closed', 1, undefined],
  ])('%s', (_, given, meaning, number, who) => {
    expect(whoOf(given, meaning, number)).toEqual(who);
  });

  it('by nobody where records of several kinds are signed together that different people sign', () => {
    const covered = [1, 7].map((number) => ({ from: number, to: number }));
    expect(whoSigns(study.study, { meaning: 'approved', covered })).toBeUndefined();
    study
      .when('SignRecords', signs('sd-01', 'approved', [1, 7]).body)
      .then.refused('meaning-unfit', 'data.meaning');
  });

  it('is decided in a moment, however far a range reaches', () => {
    const covered = [{ from: 0, to: Number.MAX_SAFE_INTEGER }];
    expect(MEANINGS.map((meaning) => whoSigns(study.study, { meaning, covered }) !== undefined)).toHaveLength(
      9,
    );
  });
});

describe('what one did is signed', () => {
  const attempt = (actor: string, meaning: Meaning, what: Parameters<typeof signs>[2]) =>
    study.whenSent(signs(actor, meaning, what)).then;

  it.each<[string, Meaning, number]>([
    ['tech-1', 'performed', 4],
    ['tech-1', 'authored', 4],
    ['tech-2', 'witnessed', 5],
  ])('by %s as %s over #%d', (actor, meaning, number) => {
    attempt(actor, meaning, number).records({ type: 'SignatureApplied' });
  });

  it.each<[string, Meaning, number, string, string]>([
    ['tech-2', 'performed', 4, 'not-own-record', 'data.records'],
    ['tech-1', 'witnessed', 5, 'not-own-record', 'data.records'],
    ['tech-1', 'witnessed', 4, 'meaning-unfit', 'data.meaning'],
    ['tech-1', 'reviewed', 4, 'own-record', 'data.records'],
  ])('not by %s as %s over #%d', (actor, meaning, number, code, field) => {
    attempt(actor, meaning, number).refused(code, field);
  });

  it('as reviewed over a range of which one made nothing but reviews and signatures', () => {
    attempt('stat-1', 'reviewed', { from: 0, to: 8 }).records({ type: 'SignatureApplied' });
    const after = reviewed(study);
    const last = after.study.size - 1;
    after
      .whenSent(signs('stat-1', 'reviewed', { from: 0, to: last }))
      .then.records({ type: 'SignatureApplied' });
  });
});

describe('what does not hold any more', () => {
  it('is not signed, and what replaced it is named', () => {
    const after = study.and(voided(4));
    const { name, body } = signs('tech-1', 'performed', 4);
    const { message } = after.when(name, body).then.refused('record-changed', 'data.records');
    expect(message).toContain(`record ${after.study.size - 1}`);
  });
});
