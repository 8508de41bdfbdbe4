import { about, at, because, begun, day, died, given, ligated, measured } from './welfare-bench.js';
import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import { sent, type Body, type Given } from '../study/specification.js';
import Papa from 'papaparse';
import { unzipSync } from 'fflate';
import { parseKilledUnused, type KilledUnusedStatement } from '../../src/welfare/forms/killed-unused.js';
import { CodeMapError } from '../../src/welfare/forms/code-map.js';
import { returnOf } from './histories.js';

const assess = (severity: string, subject = 'R01', data: Body = {}) =>
  because('As seen', at(day(11), about(subject, 'AssessSeverity', { severity, ...data })));
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

  it('has no column of the legal type where it is no German one', () => {
    expect(rows(complete, 'eu')).toEqual(['A2;;1;no;O1;;;;GS1;no;PT24;;;;;SV3;Simulated-licence-1;']);
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
    expect(rows(two, 'eu').map((row) => row.split(';').slice(2, 10).join())).toEqual([
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
    expect(rows(again, 'eu')).toEqual(['A2;;1;yes;;;;;GS1;no;PT24;;;;;SV3;Simulated-licence-1;']);
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

describe('the British return', () => {
  const ASKED = [
    'its licence does not say whether the species is endangered: amend the protocol with licence.endangered, or answer it in ASPeL where the study is closed',
    'its licence does not say which techniques of special interest are used: amend the protocol with licence.techniques, an empty list for none, or answer it in ASPeL where the study is closed',
  ];
  const answered = (changes: Body = {}): Given => licensed({ endangered: false, techniques: [], ...changes });
  const ended = (given: Given, ...assessment: Parameters<typeof assess>): Given =>
    given.and(ligated(), died(day(10)), assess(...assessment));
  const procedures = ({ study }: Given): Record<string, string>[] => {
    const zip = returnOf([study], 2026, 'uk').files.get('return-2026-uk.zip')!;
    const text = Buffer.from(unzipSync(zip)['procedures.csv']!).toString();
    return Papa.parse<Record<string, string>>(text, { header: true, newline: '\r\n', skipEmptyLines: true })
      .data;
  };

  it('asks a person whether the species is endangered and for the techniques, once for a study', () => {
    const two = begun()
      .and(about('R02', 'EnrolSubject'), ligated(), ligated('R02'), died(day(10)), died(day(10), 'R02'))
      .and(assess('moderate'), assess('moderate', 'R02'));
    expect(returnOf([two.study], 2026, 'uk').made.gaps).toEqual(
      ASKED.map((text) => ({ study: 'KET-01', subject: null, text, records: [1] })),
    );
  });

  it('writes what the licence says of both', () => {
    const said = ended(answered({ techniques: ['forced-swim-test'] }), 'moderate');
    expect(gaps(said, 'uk')).toEqual([]);
    expect(procedures(said)).toMatchObject([
      { endangered: '0', technique_of_special_interest: 'forced_swim_test', comments_for_ho: '' },
    ]);
    expect(procedures(ended(answered({ endangered: true }), 'moderate'))).toMatchObject([
      { endangered: '1', technique_of_special_interest: '' },
    ]);
    const zip = returnOf([said.study], 2026, 'uk').files.get('return-2026-uk.zip')!;
    const [head, line] = Buffer.from(unzipSync(zip)['returns.csv']!).toString().split('\r\n');
    expect(line!.split(',')[head!.split(',').indexOf('endangered')]).toBe('0');
  });

  it('takes what the newest protocol answers, also of a use that ended before', () => {
    const later = { licence: { ...exampleProtocol.licence!, endangered: false, techniques: [] } };
    const amended = ended(begun(), 'moderate').and(
      because(
        'Asked by the Home Office',
        sent('AmendProtocol', { data: { protocol: { ...exampleProtocol, ...later } } }),
      ),
    );
    expect(gaps(amended, 'uk')).toEqual([]);
    expect(procedures(amended)).toMatchObject([{ endangered: '0' }]);
  });

  it('takes one technique a line', () => {
    const both = ended(answered({ techniques: ['forced-swim-test', 'alcohol-product-testing'] }), 'moderate');
    expect(gaps(both, 'uk')).toEqual([
      'its licence names 2 techniques of special interest, and the form takes one a line: fill in technique_of_special_interest by hand',
    ]);
  });

  it('wants a note on sub-threshold severity, and takes the explanation of the assessment for it', () => {
    expect(gaps(ended(answered(), 'sub-threshold'), 'uk')).toEqual([
      'assessed as sub-threshold, and the Home Office asks for a note on why: correct the assessment and give its explanation',
    ]);
    const explanation = 'Handled only; the tests did not go beyond the threshold';
    const noted = ended(answered(), 'sub-threshold', 'R01', { explanation });
    expect(gaps(noted, 'uk')).toEqual([]);
    expect(procedures(noted)).toMatchObject([{ actual_severity: 'sub', comments_for_ho: explanation }]);
  });

  it('wants none where the use served breeding, but one on non-recovery there', () => {
    const bred = answered({ purpose: { area: 'colony-maintenance' } });
    expect(gaps(ended(bred, 'sub-threshold'), 'uk')).toEqual([]);
    expect(gaps(ended(bred, 'non-recovery'), 'uk')).toEqual([
      'assessed as non-recovery, and the Home Office asks for a note on why: correct the assessment and give its explanation',
    ]);
  });

  it('says that the zip file is for checking', () => {
    const { text } = returnOf([complete.study], 2026, 'uk');
    expect(JSON.parse(text('return.json'))).toMatchObject({
      codes: { standing: expect.stringContaining('it is for checking what is entered in ASPeL') },
    });
  });
});

describe('animals killed unused', () => {
  const killed = (data: Body = {}): Given =>
    begun().and(at('2026-03-02T09:00:00Z', about('R02', 'EnrolSubject', data)), died(day(10), 'R02'));
  const made = ({ study }: Given, statement?: KilledUnusedStatement, year = 2026) => {
    const { made: { gaps: found }, text } = returnOf([study], year, 'de', undefined, statement); // prettier-ignore
    return { gaps: found, lines: text(`killed-unused-${year}-de.csv`).split('\r\n').slice(0, -1) };
  };

  it('are counted where the ledger has them: bred for it, killed in the year, and never used', () => {
    expect(made(killed()).lines).toEqual([
      expect.stringMatching(/^# The official form was not read/),
      'species;other species;number;place of birth;genetic status;said by;animals',
      'A2;;1;O1;GS1;the ledger;KET-01 R02',
    ]);
    expect(made(killed()).gaps).toEqual([]);
    expect(made(killed(), undefined, 2027).lines).toHaveLength(2);
    const used = begun().and(ligated(), died(day(10)), assess('moderate'));
    expect(made(used).lines).toHaveLength(2);
  });

  it.each([
    ['not bred for procedures', { bredForProcedures: false }],
    ['used in another study before', { use: { kind: 'reuse', previousActualSeverity: 'mild' } }],
  ])('are none that were %s', (_, data) => {
    const { gaps: found, lines } = made(killed(data));
    expect([found, lines.length]).toEqual([[], 2]);
  });

  it('are none that were killed for their tissue: those stand in the form itself', () => {
    const tissue = licensed({ legalType: 'killed-for-tissue' }).and(died(day(10)));
    expect(made(tissue).lines).toHaveLength(2);
  });

  it('are a gap where the enrolment does not say enough', () => {
    const bare = { species: 'Rattus norvegicus', strain: 'Crl:CD(SD)', sex: 'male' };
    const unsaid = given(exampleProtocol, bare).and(died(day(10)));
    expect(made(unsaid).gaps.map(({ subject, text }) => `${subject}: ${text}`)).toEqual([
      'R01: killed unused, and not said whether it was bred for procedures: correct its enrolment',
      'R01: killed unused, and not said whether it was used before: correct its enrolment',
      'R01: killed unused, and not said where it was born: correct its enrolment',
      'R01: killed unused, and not said its genetic status: correct its enrolment',
    ]);
    expect(made(unsaid).lines).toHaveLength(2);
  });

  it('that were never enrolled are stated by a person, or a gap', () => {
    const { made: unsaid, text } = returnOf([killed().study], 2026, 'de', undefined, null);
    expect(unsaid.gaps).toEqual([
      {
        study: null,
        subject: null,
        text: expect.stringContaining('the ledger cannot know them'),
        records: [],
      },
    ]);
    expect(text('killed-unused-2026-de.csv')).toContain('# NOT COMPLETE: animals that were never enrolled');
    const animals = [
      {
        species: 'Mus musculus',
        placeOfBirth: 'eu-registered',
        geneticStatus: 'altered-harmful-phenotype',
        number: 31,
      },
      { species: 'Cavia porcellus', placeOfBirth: 'eu-registered', geneticStatus: 'not-altered', number: 2 },
    ];
    const stated = made(killed(), { standing: 'Breeding records', animals });
    expect(stated.lines.slice(3)).toEqual([
      'A1;;31;O1;GS3;Breeding records;',
      ';;2;O1;GS1;Breeding records;',
    ]);
    expect(stated.gaps.map(({ text: said }) => said)).toEqual([
      'the code map de-verstiermeldv has no species for “cavia porcellus”',
    ]);
  });

  it('are asked for by the German return alone', () => {
    expect(() => parseKilledUnused({ standing: 'x', animals: [] }, 'eu')).toThrow(/German return alone/);
    expect(() => parseKilledUnused({ animals: [] }, 'de')).toThrow(/lacks “standing”/);
    expect([...returnOf([killed().study], 2026, 'eu').files.keys()]).not.toContain(
      'killed-unused-2026-eu.csv',
    );
  });
});

describe('the categories of the USDA', () => {
  const categories = ({ study }: Given, year: number): string[] =>
    returnOf([study], year, 'eu').text('usda-internal.csv').split('\r\n').slice(1, -1);

  it('are counted over the fiscal year, which ends on 30 September of the year that names it', () => {
    const [line] = categories(complete, 2026);
    expect(line).toMatch(/^FY2026,2025-10-01,2026-09-30,E,neuropathic pain left unrelieved.*,1$/);
    expect(categories(complete, 2027)).toEqual([]);
  });

  it('have an animal that is used in October among those held by September', () => {
    const october = begun().and(at('2026-10-02T09:00:00Z', about('R01', 'LigateNerve')));
    expect(categories(october, 2026)).toEqual([
      'FY2026,2025-10-01,2026-09-30,B,held and not used by its end,1',
    ]);
    expect(categories(october, 2027)[0]).toMatch(/^FY2027,2026-10-01,2027-09-30,E,/);
  });
});

describe('a cell', () => {
  it('that a spreadsheet would evaluate is shown as text', () => {
    const number = '=HYPERLINK("http://x";"y")';
    const hostile = licensed({ number }).and(ligated(), died(day(10)), assess('moderate'));
    expect(rows(hostile, 'eu')[0]).toContain(`;"'=HYPERLINK(""http://x"";""y"")";`);
  });
});
