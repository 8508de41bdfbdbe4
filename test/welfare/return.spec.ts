import { about, at, because, begun, day, died, given, ligated, measured } from './welfare-bench.js';
import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import type { Body, Given } from '../study/specification.js';
import { CodeMapError } from '../../src/welfare/forms/code-map.js';
import { returnOf } from './histories.js';

const assess = (severity: string, subject = 'R01') =>
  because('As seen', at(day(11), about(subject, 'AssessSeverity', { severity })));
const complete = begun().and(ligated(), died(day(10)), assess('moderate'));

/** Lines of the form, without the header. */
function rows({ study }: Given, format: 'eu' | 'de', codes?: unknown): string[] {
  const { text } = returnOf([study], 2026, format, codes);
  return text(`return-2026-${format}.csv`).split('\r\n').slice(1, -1);
}

const gaps = ({ study }: Given, format: 'eu' | 'de' | 'uk' = 'eu'): string[] =>
  returnOf([study], 2026, format).made.gaps.map(({ text }) => text);

function licensed(changes: Body): Given {
  return begun({ licence: { ...exampleProtocol.licence, ...changes } as never });
}

describe('a row of the form', () => {
  it('is the one that the German annex asks for', () => {
    expect(rows(complete, 'de')).toEqual(['T1;A2;;1;no;O1;;;;GS1;no;PT24;;;;;SV3;Simulated-licence-1;']);
  });

  it('leaves out the legal type where it is no German one', () => {
    expect(rows(complete, 'eu')).toEqual([';A2;;1;no;O1;;;;GS1;no;PT24;;;;;SV3;Simulated-licence-1;']);
  });

  it('counts animals that are alike, and parts those that differ', () => {
    const two = begun()
      .and(
        about('R02', 'EnrolSubject'),
        about('R03', 'EnrolSubject', { geneticStatus: 'altered-harmful-phenotype' }),
      )
      .and(...['R01', 'R02', 'R03'].map((subject) => ligated(subject)))
      .and(...['R01', 'R02', 'R03'].map((subject) => died(day(10), subject)))
      .and(...['R01', 'R02', 'R03'].map((subject) => assess('moderate', subject)));
    expect(rows(two, 'eu').map((row) => row.split(';').slice(3, 11).join())).toEqual([
      '2,no,O1,,,,GS1,no',
      '1,no,O1,,,,GS3,no',
    ]);
  });

  it('says why, where the animal suffered more than its licence foresaw', () => {
    const severe = begun().and(ligated(), died(day(10)), assess('severe'));
    expect(rows(severe, 'eu')[0]).toMatch(/;SV4;Simulated-licence-1;"?licence: moderate; As seen"?$/);
  });

  it('has no place of birth where the animal was used before', () => {
    const use = { kind: 'reuse', previousActualSeverity: 'mild' };
    const again = begun()
      .and(at('2026-03-02T09:00:00Z', about('R02', 'EnrolSubject', { use })), ligated('R02'))
      .and(died(day(10), 'R02'), assess('moderate', 'R02'));
    expect(rows(again, 'eu')).toEqual([';A2;;1;yes;;;;;GS1;no;PT24;;;;;SV3;Simulated-licence-1;']);
  });

  it('names a law where the purpose is regulatory', () => {
    const purpose = { area: 'regulatory', field: 'neurotoxicity' };
    const regulated = (rest: Body) =>
      licensed({ purpose, ...rest }).and(ligated(), died(day(10)), assess('moderate'));
    expect(gaps(regulated({}))).toEqual(['a regulatory purpose, and the licence names no law']);
    expect(rows(regulated({ legislation: { law: 'human-medicines', origin: 'eu' } }), 'eu')[0]).toContain(
      ';PR94;;LT1;;LO1;SV3;',
    );
  });
});

describe('a year', () => {
  it('counts a use when it ends, and not before', () => {
    const { study } = complete;
    expect(returnOf([study], 2025, 'eu').made.uses).toBe(0);
    expect(returnOf([study], 2027, 'eu').made.uses).toBe(0);
    expect(returnOf([begun().and(ligated()).study], 2026, 'eu').made.uses).toBe(0);
  });

  it('lists an animal that was never used in the register and in no row', () => {
    const { made, text } = returnOf([begun().and(died(day(10))).study], 2026, 'eu');
    expect(made.uses).toBe(0);
    expect(text('register.csv')).toMatch(/KET-01,R01,.*,no,no,Simulated-licence-1,,2026-03-12,killed,/);
    expect(text('usda-internal.csv')).toContain('B,held and never used,1');
  });

  it('counts killing for tissue in the German form alone', () => {
    const tissue = licensed({ legalType: 'killed-for-tissue' }).and(died(day(10)));
    expect(returnOf([tissue.study], 2026, 'eu').made.uses).toBe(0);
    expect(rows(tissue, 'de')[0]).toBe('T2;A2;;1;no;O1;;;;GS1;no;PT24;;;;;;Simulated-licence-1;');
  });

  it('sets the predicted beside the actual numbers', () => {
    const { text } = returnOf([complete.study], 2026, 'uk');
    expect(text('severity.csv').split('\r\n').slice(1, -1)).toEqual([
      'Simulated-licence-1,mild,0,0,0,0',
      'Simulated-licence-1,moderate,26,1,1,',
    ]);
  });
});

describe('a gap', () => {
  it('is an ended use that nobody assessed, with what the records propose', () => {
    expect(gaps(begun().and(ligated(), died(day(10))))).toEqual([
      'nobody has assessed its severity; the records propose moderate',
    ]);
  });

  it('is an assessment below what was graded later', () => {
    const scores = [{ item: 'autotomy', score: 3 }];
    const late = because('Sheet found', at(day(9), about('R01', 'ScoreWelfare', { scores })));
    expect(gaps(complete.and({ ...late, clock: day(12) }))).toEqual([
      'assessed as moderate, and graded higher without a reason: correct the assessment',
    ]);
  });

  it('is a word that a code map does not have, and the cell stays empty', () => {
    const born = at('2026-03-02T09:00:00Z', about('R02', 'EnrolSubject', { placeOfBirth: 'uk-licensed' }));
    const british = begun().and(born, ligated('R02'), died(day(10), 'R02'), assess('sub-threshold', 'R02'));
    expect(gaps(british)).toEqual([
      'the code map eu-as-printed-in-de has no placeOfBirth for “uk-licensed”',
      'the code map eu-as-printed-in-de has no severity for “sub-threshold”',
    ]);
    expect(gaps(british, 'uk')).toEqual([]);
    const codes = { id: 'lab', standing: 'Asked', placeOfBirth: { 'uk-licensed': 'O3' }, severity: { 'sub-threshold': 'SV2' } }; // prettier-ignore
    expect(rows(british, 'eu', codes)[0]).toContain(';no;O3;;;;GS1;no;PT24;;;;;SV2;');
  });

  it('is everything that an older ledger did not ask, and stands above the header', () => {
    const { licence: _, ...unlicensed } = exampleProtocol;
    const bare = { species: 'Rattus norvegicus', strain: 'Crl:CD(SD)', sex: 'male' };
    const old = given(unlicensed, bare).and(measured('middle', day(2)), died(day(3)), assess('mild'));
    expect(gaps(old)).toEqual([
      'not said whether it was used before',
      'its genetic status is not said',
      'not said whether it served a new genetic line',
      'its protocol names no licence',
    ]);
    const { text } = returnOf([old.study], 2026, 'eu');
    expect(text('return-2026-eu.csv').split('\r\n').slice(0, 2)).toEqual([
      '# NOT COMPLETE: 4 gaps. The cells concerned are empty.',
      '# KET-01 R01: not said whether it was used before',
    ]);
  });

  it('is never filled from a code map that does not fit', () => {
    expect(() => returnOf([], 2026, 'eu', { id: 'lab', placeOfBirth: {} })).toThrow(CodeMapError);
    expect(() => returnOf([], 2026, 'eu', { id: 'lab', standing: 'Asked', birth: {} })).toThrow(/birth/);
  });
});

describe('a cell', () => {
  it('that a spreadsheet would evaluate is shown as text', () => {
    const number = '=HYPERLINK("http://x";"y")';
    const hostile = licensed({ number }).and(ligated(), died(day(10)), assess('moderate'));
    expect(rows(hostile, 'eu')[0]).toContain(`;"'=HYPERLINK(""http://x"";""y"")";`);
  });
});
