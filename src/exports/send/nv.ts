import { phaseOf, baseOfPhases } from '../../study/projections/phase.js';
import type { View } from '../../study/projections/projection.js';
import { injuredSideOf } from '../../study/rules/induction.js';
import { isPoint } from '../../study/rules/interval.js';
import { assayOf, resultOf, trialsText } from '../../study/rules/measurement.js';
import { measure } from '../../study/rules/measured-run.js';
import { factsOf, type Fact } from '../../study/study.js';
import { plain } from '../tables/numbers.js';
import { recordsOf, studyDay, type SendAnimal } from './animals.js';
import { testCodes } from './cl.js';
import { float, integer, row, text, type Dataset, type Value } from './dataset.js';

const NV = [
  text('STUDYID', 'Study Identifier', 1),
  text('DOMAIN', 'Domain Abbreviation'),
  text('USUBJID', 'Unique Subject Identifier', 2),
  integer('NVSEQ', 'Sequence Number', 3),
  text('NVGRPID', 'Group Identifier'),
  text('NVTESTCD', 'Test Short Name'),
  text('NVTEST', 'Test Name'),
  text('NVCAT', 'Category'),
  text('NVORRES', 'Result or Findings as Collected'),
  text('NVORRESU', 'Unit of the Original Result'),
  text('NVSTRESC', 'Standardized Result in Character Format'),
  float('NVSTRESN', 'Standardized Result in Numeric Format'),
  text('NVSTRESU', 'Unit of the Standardized Result'),
  text('NVSTAT', 'Completion Status'),
  text('NVREASND', 'Reason Not Done'),
  text('NVLOC', 'Location'),
  text('NVLAT', 'Laterality'),
  text('NVPAWREL', 'Paw in Relation to the Lesion'),
  text('NVMETHOD', 'Method of Test'),
  text('NVFILAM', 'Filament Applied'),
  text('NVDRVFL', 'Derived Flag'),
  text('NVPHASE', 'Phase in the Course of the Animal'),
  text('NVDTC', 'Date/Time of Test'),
  integer('NVDY', 'Study Day of Test'),
  text('NVTPT', 'Planned Time Point Name'),
  text('NVTPTREF', 'Time Point Reference'),
];

type Named = Readonly<Record<string, Value | undefined>>;

/**
 * Every touch of a filament as a row, then the pattern and the threshold derived from it with its method; every trial of an
 * assay, then its result. It has the
 * shape of the NV domain of a guide that is not in force: SENDIG 3.1.1 has no place for tests with von Frey filaments and
 * the terminology no term, so test codes are the ledger's own.
 */
export function nervousSystem(view: View, animals: readonly SendAnimal[]): Dataset {
  const rows = animals.flatMap((animal) => {
    const injured = injuredSideOf(animal.history);
    const phases = baseOfPhases(animal.history, view.protocols);
    let sequence = 0;
    const measurements = factsOf(animal.history, 'MeasurementRecorded').flatMap((fact, index) => {
      const { session, minute, site, device } = fact.data;
      const common = {
        STUDYID: view.study.code,
        DOMAIN: 'NV',
        USUBJID: animal.usubjid,
        NVGRPID: `MEASUREMENT${index + 1}`,
        NVCAT: 'SENSORY AND MOTOR ASSESSMENT',
        NVLOC: site.toUpperCase().replaceAll('-', ' '),
        NVMETHOD: device,
        NVPHASE: phaseOf(fact, phases),
        NVDTC: fact.time,
        NVDY: studyDay(animal, fact.time),
        NVTPT: minute === undefined ? '' : `${minute} min`,
        NVTPTREF: session === undefined ? undefined : animal.sessions.get(session),
      };
      return measuredResults(view, fact, injured).map((result) => ({
        fact,
        values: { ...common, ...result },
      }));
    });
    const runs = factsOf(animal.history, 'ThresholdRecorded').flatMap((run, index) => {
      const { data } = run;
      const session = data.session === undefined ? undefined : animal.sessions.get(data.session);
      const common = {
        STUDYID: view.study.code,
        DOMAIN: 'NV',
        USUBJID: animal.usubjid,
        NVGRPID: `RUN${index + 1}`,
        NVCAT: 'SENSORY AND MOTOR ASSESSMENT',
        NVLOC: 'PAW',
        NVLAT: laterality(data.paw, injured),
        NVPAWREL: data.paw.toUpperCase(),
        NVPHASE: phaseOf(run, phases),
        NVDTC: run.time,
        NVDY: studyDay(animal, run.time),
        NVTPT: data.minute === undefined ? '' : `${data.minute} min`,
        NVTPTREF: session,
      };
      return resultsOf(view, run).map((result) => ({ fact: run, values: { ...common, ...result } }));
    });
    return [...runs, ...measurements].map(({ fact, values }) =>
      row(NV, { ...values, NVSEQ: ++sequence }, recordsOf(fact)),
    );
  });
  return {
    name: 'NV',
    label: 'Nervous system tests, NV-shaped',
    columns: NV,
    rows,
    outside: 'outside SENDIG 3.1.1',
  };
}

function resultsOf(view: View, run: Fact<'ThresholdRecorded'>): Named[] {
  const { ladder, touches } = run.data;
  const { threshold } = measure(run, view.protocols);
  const { grams, bound, status, method, k, delta } = threshold;
  const number = bound ? undefined : plain(grams);
  const shown = bound ? `${bound.relation}${plain(bound.grams)}` : (number ?? '');
  const how = method === null ? '' : `${method}, k ${plain(k)}, step ${plain(delta)}, ladder ${ladder}`;
  return [
    ...touches.map(({ filament, response }) => ({
      NVTESTCD: 'VFTOUCH',
      NVTEST: 'Von Frey: response to one filament',
      NVORRES: response,
      NVSTRESC: { X: 'WITHDRAWAL', O: 'NO WITHDRAWAL', '?': 'AMBIGUOUS' }[response],
      NVMETHOD: `UP-DOWN, ladder ${ladder}`,
      NVFILAM: filament,
    })),
    {
      NVTESTCD: 'VFPATRN',
      NVTEST: 'Von Frey: pattern of responses',
      NVORRES: threshold.run,
      NVSTRESC: threshold.run,
      NVMETHOD: `UP-DOWN, ladder ${ladder}`,
      NVDRVFL: 'Y',
    },
    {
      NVTESTCD: 'VFT50',
      NVTEST: 'Von Frey: 50 % withdrawal threshold',
      NVORRES: shown,
      NVORRESU: shown === '' ? '' : 'g',
      NVSTRESC: shown,
      NVSTRESN: number === undefined ? null : Number(number),
      NVSTRESU: shown === '' ? '' : 'g',
      ...(shown === '' && { NVSTAT: 'NOT DONE', NVREASND: `no threshold: ${status}` }),
      NVMETHOD: how,
      NVDRVFL: 'Y',
    },
  ];
}

/** The trials of an assay, then the result derived from them. Test codes are those of the protocol. */
function measuredResults(
  view: View,
  fact: Fact<'MeasurementRecorded'>,
  injured: 'left' | 'right' | undefined,
): Named[] {
  const assay = assayOf(fact, view.protocols);
  const result = assay && resultOf(assay, fact.data.trials, injured);
  const code = testCodes([fact.data.assay]).get(fact.data.assay);
  const named = { NVTESTCD: code, NVTEST: (assay?.title ?? fact.data.assay).slice(0, 40) };
  const number = plain(result?.lower ?? null);
  const shown = number === undefined ? '' : `${result && !isPoint(result) ? '>=' : ''}${number}`;
  return [
    ...fact.data.trials.map((trial) => ({
      ...named,
      NVORRES: trialsText([trial]),
      NVSTRESC: trialsText([trial]),
    })),
    {
      ...named,
      NVORRES: shown,
      NVORRESU: shown === '' ? '' : assay?.unit,
      NVSTRESC: shown,
      NVSTRESN: result && isPoint(result) ? Number(number) : null,
      NVSTRESU: shown === '' ? '' : assay?.unit,
      ...(shown === '' && { NVSTAT: 'NOT DONE', NVREASND: 'the trials give no result' }),
      NVDRVFL: 'Y',
    },
  ];
}

function laterality(paw: 'ipsilateral' | 'contralateral', side: string | undefined): string {
  if (side !== 'left' && side !== 'right') return '';
  const other = side === 'left' ? 'right' : 'left';
  return (paw === 'ipsilateral' ? side : other).toUpperCase();
}
