import { columnOf, named, type Checked, type Rule, type Set as DatasetSet } from './rule.js';
import { DISPOSITIONS, isTerm, SPECIES, STRAIN } from './terminology.js';

/** Variables of clinical trials that DM of an animal study must not have. */
const NOT_FOR_ANIMALS = [
  'ACTARM',
  'ACTARMCD',
  'RACE',
  'ETHNIC',
  'COUNTRY',
  'DTHFL',
  'DTHDTC',
  'RFICDTC',
  'RFPENDTC',
  'INVID',
  'INVNAM',
];

const ONCE_IN_TS = ['STCAT', 'SSTYP', 'STDIR', 'SNDIGVER', 'SNDCTVER', 'SDESIGN'];

/** CDISC conformance rules for SEND, by number, in our own words; a rule that needs what is not here is not run. */
export const SEND_RULES: readonly Rule[] = [
  {
    ids: ['000351', '000382'],
    says: 'Each animal is in DM once',
    check: (set) => unique(set, 'DM', ['USUBJID']),
  },
  {
    ids: NOT_FOR_ANIMALS.map((_, i) => String(631 + i).padStart(6, '0')),
    says: `DM has none of ${NOT_FOR_ANIMALS.join(', ')}`,
    check: ({ DM }) =>
      failing(DM?.columns.some(({ name }) => NOT_FOR_ANIMALS.includes(name)) ? ['DM has such a column'] : []),
  },
  {
    ids: ['000645', '000883', '000884'],
    says: 'DM states an age with its unit',
    check: (set) =>
      failing(
        columnOf(set, 'DM', 'USUBJID').filter((_, i) => {
          const age = columnOf(set, 'DM', 'AGE')[i];
          return age === null || columnOf(set, 'DM', 'AGEU')[i] === '';
        }),
        'no date of birth recorded for',
      ),
  },
  notRun(['000559'], 'ARMCD of DM is in TA', 'there is no TA: the ledger records no arms'),
  notRun(['000620'], 'SETCD of DM is in TX', 'there is no TX: the ledger records no trial sets'),
  {
    ids: ['000455', '001044'],
    says: 'RFXSTDTC and RFSTDTC of DM are the start of the first treatment in EX',
    check: firstTreatment,
  },
  notRun(
    ['000888', '000993', '000893', '000770', '000891', '000894', '000895'],
    'TX has its parameters once per set',
    'there is no TX',
  ),
  {
    ids: ['000395', '000396', '000394', '000383', '000397', '000537'],
    says: `TS has ${ONCE_IN_TS.join(', ')} once each`,
    check: (set) =>
      failing(
        ONCE_IN_TS.filter(
          (code) => columnOf(set, 'TS', 'TSPARMCD').filter((one) => one === code).length !== 1,
        ),
      ),
    // A null flavour satisfies the rule, and says that the record does not.
    remark: 'SSTYP, STCAT, SDESIGN, SNDIGVER and SNDCTVER stand with a null flavour and no value',
  },
  {
    ids: ['000583'],
    says: 'TS has either a value or a null flavour',
    check: (set) =>
      failing(
        columnOf(set, 'TS', 'TSPARMCD').filter(
          (_, i) => (columnOf(set, 'TS', 'TSVAL')[i] === '') === (columnOf(set, 'TS', 'TSVALNF')[i] === ''),
        ),
      ),
  },
  {
    ids: ['000479'],
    says: 'SRANDOM is Y or N',
    check: (set) => {
      const at = columnOf(set, 'TS', 'TSPARMCD').indexOf('SRANDOM');
      const value = columnOf(set, 'TS', 'TSVAL')[at];
      return failing(value === 'Y' || value === 'N' ? [] : ['whether it was randomised is not recorded']);
    },
  },
  notRun(['000256', '000535'], 'Elements of SE are in order and unplanned ones described', 'there is no SE'),
  {
    ids: ['000385'],
    says: 'EX has a start date or day',
    check: (set) => withDate(set, 'EX', 'EXSTDTC', 'EXSTDY'),
  },
  {
    ids: ['000599'],
    says: 'EXLOT is empty where the dose is 0',
    check: (set) =>
      failing(
        named(set, 'EX', (value) => value('EXDOSE') === 0 && value('EXLOT') !== ''),
        'row',
      ),
  },
  {
    ids: ['000881'],
    says: 'A scheduled disposition has its planned day',
    check: (set) =>
      failing(
        named(set, 'DS', (value) => value('DSUSCHFL') !== 'Y').slice(0, 1),
        'the protocol plans no day of disposition: VISITDY and DSNOMDY are not recorded; first row',
      ),
  },
  notRun(['000671'], 'DD only for unscheduled dispositions', 'there is no DD'),
  {
    ids: ['000771'],
    says: 'CL has one result per animal, time and test',
    check: (set) => unique(set, 'CL', ['USUBJID', 'CLDTC', 'CLTESTCD', 'CLTPTREF', 'CLTPT']),
  },
  {
    ids: ['000477'],
    says: 'Findings have a date or a day',
    check: (set) =>
      firstFailing([
        withDate(set, 'BW', 'BWDTC', 'BWDY'),
        withDate(set, 'CL', 'CLDTC', 'CLDY'),
        withDate(set, 'NV', 'NVDTC', 'NVDY'),
      ]),
  },
  { ids: ['000206'], says: 'What CO and RELREC point to is there', check: pointers },
  {
    ids: [],
    says: 'Short names have at most eight characters',
    check: (set) =>
      failing(
        [
          ...columnOf(set, 'TS', 'TSPARMCD'),
          ...columnOf(set, 'CL', 'CLTESTCD'),
          ...columnOf(set, 'NV', 'NVTESTCD'),
          ...columnOf(set, 'DM', 'SETCD'),
        ].filter((one) => String(one).length > 8),
      ),
  },
  {
    ids: [],
    says: 'DSDECOD is one of the closed list',
    check: (set) =>
      failing(
        named(set, 'DS', (value) => !DISPOSITIONS.includes(String(value('DSDECOD')))),
        'the recorded cause allows of more than one term; row',
      ),
  },
  {
    ids: [],
    says: 'SPECIES and STRAIN are terms of the controlled terminology',
    check: (set) =>
      failing([
        ...new Set(columnOf(set, 'DM', 'SPECIES').filter((one) => !isTerm(SPECIES, String(one)))),
        ...new Set(columnOf(set, 'DM', 'STRAIN').filter((one) => !isTerm(STRAIN, String(one)))),
      ]),
  },
  notRun(
    [],
    'Every other value against the full controlled terminology',
    'the code lists of CDISC are not shipped',
  ),
];

function notRun(ids: string[], says: string, why: string): Rule {
  return { ids, says, check: () => ({ status: 'not run', detail: why }) };
}

function failing(found: readonly unknown[], before = ''): Checked {
  if (found.length === 0) return { status: 'passed' };
  const shown = found.slice(0, 20).join(', ');
  const more = found.length > 20 ? ` and ${found.length - 20} more` : '';
  return { status: 'failed', detail: [before, `${shown}${more}`].filter(Boolean).join(' ') };
}

function firstFailing(results: readonly Checked[]): Checked {
  return results.find(({ status }) => status === 'failed') ?? { status: 'passed' };
}

function unique(set: DatasetSet, dataset: string, keys: readonly string[]): Checked {
  const seen = new Set<string>();
  return failing(
    named(set, dataset, (value) => {
      const key = JSON.stringify(keys.map(value));
      const again = seen.has(key);
      seen.add(key);
      return again;
    }),
    'repeated in row',
  );
}

function withDate(set: DatasetSet, dataset: string, date: string, day: string): Checked {
  return failing(
    named(set, dataset, (value) => value(date) === '' && value(day) === null),
    'row',
  );
}

function firstTreatment(set: DatasetSet): Checked {
  const first = new Map<unknown, string>();
  const starts = columnOf(set, 'EX', 'EXSTDTC');
  columnOf(set, 'EX', 'USUBJID').forEach((animal, i) => {
    const before = first.get(animal);
    const start = String(starts[i]);
    if (before === undefined || Date.parse(start) < Date.parse(before)) first.set(animal, start);
  });
  return failing(
    named(set, 'DM', (value) => {
      const expected = first.get(value('USUBJID')) ?? '';
      return value('RFSTDTC') !== expected || value('RFXSTDTC') !== expected;
    }),
    'row',
  );
}

function pointers(set: DatasetSet): Checked {
  const there = new Set<string>();
  for (const dataset of Object.values(set))
    for (const { name } of dataset.columns.filter((column) => /(SEQ|GRPID)$/.test(column.name))) {
      const values = columnOf(set, dataset.name, name);
      columnOf(set, dataset.name, 'USUBJID').forEach((animal, i) =>
        there.add(`${String(animal)} ${name} ${String(values[i])}`),
      );
    }
  const dangling = (dataset: string): string[] =>
    named(
      set,
      dataset,
      (value) =>
        value('IDVAR') !== '' &&
        !there.has(`${String(value('USUBJID'))} ${String(value('IDVAR'))} ${String(value('IDVARVAL'))}`),
    ).map((row) => `${dataset} row ${row}`);
  return failing([...dangling('CO'), ...dangling('RELREC')]);
}
