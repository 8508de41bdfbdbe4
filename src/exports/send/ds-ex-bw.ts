import type { View } from '../../study/projections/projection.js';
import { baseText, type Quantity } from '../../study/quantity.js';
import { administrationsIn, substanceName } from '../../study/rules/administration.js';
import type { Fact } from '../../study/study.js';
import { recordsOf, studyDay, type Departure, type SendAnimal } from './animals.js';
import { float, integer, row, text, type Dataset, type Row } from './dataset.js';
import { controlled, DISPOSITION, ROUTE } from './terminology.js';

const KEYS = [
  text('STUDYID', 'Study Identifier', 1),
  text('DOMAIN', 'Domain Abbreviation'),
  text('USUBJID', 'Unique Subject Identifier', 2),
];

const DS = [
  ...KEYS,
  integer('DSSEQ', 'Sequence Number', 3),
  text('DSTERM', 'Reported Term for the Disposition Event'),
  text('DSDECOD', 'Standardized Disposition Term'),
  text('DSUSCHFL', 'Unscheduled Flag'),
  text('DSSTDTC', 'Date/Time of Disposition'),
  integer('DSSTDY', 'Study Day of Disposition'),
];

/** How each animal left the study. An animal that has not left at this tree size has no row. */
export function disposition(code: string, animals: readonly SendAnimal[]): Dataset {
  const rows = animals.flatMap((animal) => {
    const { departure } = animal;
    if (!departure) return [];
    const { said, term, planned } = leaving(departure);
    return [
      row(
        DS,
        {
          STUDYID: code,
          DOMAIN: 'DS',
          USUBJID: animal.usubjid,
          DSSEQ: 1,
          DSTERM: said,
          DSDECOD: term,
          DSUSCHFL: planned ? '' : 'Y',
          DSSTDTC: departure.time,
          DSSTDY: studyDay(animal, departure.time),
        },
        recordsOf(departure),
      ),
    ];
  });
  return { name: 'DS', label: 'Disposition', columns: DS, rows };
}

function leaving(departure: Departure): { said: string; term: string | undefined; planned: boolean } {
  if (departure.type === 'SubjectEuthanised') {
    const { cause, method } = departure.data;
    return { said: `${cause}: ${method}`, term: DISPOSITION[cause], planned: cause === 'planned' };
  }
  const { fate, cause, to } = departure.data;
  const said = [fate, cause, to].filter((one) => one !== undefined).join(': ');
  return { said, term: DISPOSITION[fate], planned: fate !== 'found-dead' };
}

const EX = [
  ...KEYS,
  integer('EXSEQ', 'Sequence Number', 3),
  text('EXREFID', 'Reference Identifier'),
  text('EXTRT', 'Name of Treatment'),
  float('EXDOSE', 'Dose'),
  text('EXDOSU', 'Dose Units'),
  text('EXDOSFRM', 'Dose Form'),
  text('EXDOSFRQ', 'Dosing Frequency per Interval'),
  text('EXROUTE', 'Route of Administration'),
  text('EXLOT', 'Lot Number'),
  text('EXTRTV', 'Treatment Vehicle'),
  float('EXVAMT', 'Treatment Vehicle Amount'),
  text('EXVAMTU', 'Treatment Vehicle Amount Units'),
  text('EXSTDTC', 'Start Date/Time of Treatment'),
  integer('EXSTDY', 'Study Day of Start of Treatment'),
];

/** Every dose, in the unit in which it was recorded. */
export function exposure({ protocols }: View, code: string, animals: readonly SendAnimal[]): Dataset {
  const rows = animals.flatMap((animal) =>
    administrationsIn(animal.history).map(({ fact: dose, volume }, index) => {
      const { data } = dose;
      return row(
        EX,
        {
          STUDYID: code,
          DOMAIN: 'EX',
          USUBJID: animal.usubjid,
          EXSEQ: index + 1,
          EXREFID: animal.sessions.get(dose.number),
          EXTRT: substanceName(dose, protocols).toUpperCase(),
          EXDOSE: Number(data.dose.value),
          EXDOSU: data.dose.unit.replace('[iU]', 'IU'),
          EXDOSFRQ: 'ONCE',
          EXROUTE: controlled(ROUTE, data.route),
          EXLOT: Number(data.dose.value) === 0 ? '' : data.lot,
          EXTRTV: data.vehicle,
          EXVAMT: volume ? Number(baseText(volume)) : null,
          EXVAMTU: volume ? 'uL' : '',
          EXSTDTC: dose.time,
          EXSTDY: studyDay(animal, dose.time),
        },
        recordsOf(dose),
      );
    }),
  );
  return { name: 'EX', label: 'Exposure', columns: EX, rows };
}

const BW = [
  ...KEYS,
  integer('BWSEQ', 'Sequence Number', 3),
  text('BWTESTCD', 'Test Short Name'),
  text('BWTEST', 'Test Name'),
  text('BWORRES', 'Result or Findings as Collected'),
  text('BWORRESU', 'Unit of the Original Result'),
  text('BWSTRESC', 'Standardized Result in Character Format'),
  float('BWSTRESN', 'Standardized Result in Numeric Format'),
  text('BWSTRESU', 'Unit of the Standardized Result'),
  text('BWBLFL', 'Baseline Flag'),
  text('BWDTC', 'Date/Time Animal Weighed'),
  integer('BWDY', 'Study Day Animal Weighed'),
];

/** Body weights, with that at enrolment. The baseline is the last before the first dose. */
export function bodyWeights(code: string, animals: readonly SendAnimal[]): Dataset {
  const rows = animals.flatMap((animal) => {
    const weighed = weightsOf(animal.history);
    const baseline = weighed.findLast(({ fact }) => animal.reference && fact.at <= animal.reference.at);
    return weighed.map(({ fact, weight }, index): Row => {
      const grams = baseText(weight);
      return row(
        BW,
        {
          STUDYID: code,
          DOMAIN: 'BW',
          USUBJID: animal.usubjid,
          BWSEQ: index + 1,
          BWTESTCD: 'BW',
          BWTEST: 'Body Weight',
          BWORRES: weight.value,
          BWORRESU: weight.unit,
          BWSTRESC: grams,
          BWSTRESN: Number(grams),
          BWSTRESU: 'g',
          BWBLFL: fact === baseline?.fact ? 'Y' : '',
          BWDTC: fact.time,
          BWDY: studyDay(animal, fact.time),
        },
        recordsOf(fact),
      );
    });
  });
  return { name: 'BW', label: 'Body Weight', columns: BW, rows };
}

function weightsOf(history: readonly Fact[]): { fact: Fact; weight: Quantity }[] {
  return history.flatMap((fact) => {
    if (fact.type === 'BodyWeightRecorded')
      return [{ fact, weight: (fact as Fact<'BodyWeightRecorded'>).data.weight }];
    const enrolled = fact.type === 'SubjectEnrolled' && (fact as Fact<'SubjectEnrolled'>).data.bodyWeight;
    return enrolled ? [{ fact, weight: enrolled }] : [];
  });
}
