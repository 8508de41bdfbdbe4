import { studySummary } from '../../study/projections/study-summary.js';
import type { View } from '../../study/projections/projection.js';
import { administrationsIn, substanceName } from '../../study/rules/administration.js';
import { factsOf } from '../../study/study.js';
import { SIMULATED_NOTICE, type Snapshot } from '../snapshot.js';
import { recordsOf, type SendAnimal } from './animals.js';
import { integer, row, text, type Dataset } from './dataset.js';
import { controlled, ROUTE, SPECIES, STRAIN } from './terminology.js';

const TS = [
  text('STUDYID', 'Study Identifier', 1),
  text('DOMAIN', 'Domain Abbreviation'),
  integer('TSSEQ', 'Sequence Number', 3),
  text('TSGRPID', 'Group ID'),
  text('TSPARMCD', 'Trial Summary Parameter Short Name', 2),
  text('TSPARM', 'Trial Summary Parameter'),
  text('TSVAL', 'Parameter Value'),
  text('TSVALNF', 'Parameter Null Flavor'),
];

interface Parameter {
  readonly code: string;
  readonly name: string;
  /** Undefined where the ledger does not record it; the null flavour says so. */
  readonly value: string | undefined;
  /** HL7: NI no information, NA not applicable. */
  readonly nullFlavor?: 'NI' | 'NA';
  readonly records?: readonly number[];
}

/**
 * What the records say of the study. What they do not say (category, type and design of the study) has the null flavour
 * "no information", to be filled in by the study director. No version of a guide is claimed: some data sets are outside of it.
 */
export function trialSummary(view: View, animals: readonly SendAnimal[], snapshot: Snapshot): Dataset {
  const rows = parametersOf(view, animals, snapshot).map(({ code, name, value, nullFlavor, records = [] }) =>
    row(
      TS,
      {
        STUDYID: snapshot.code,
        DOMAIN: 'TS',
        TSSEQ: 1,
        TSPARMCD: code,
        TSPARM: name,
        TSVAL: value,
        TSVALNF: value === undefined || value === '' ? (nullFlavor ?? 'NI') : '',
      },
      records,
    ),
  );
  return { name: 'TS', label: 'Trial Summary', columns: TS, rows };
}

function parametersOf(view: View, animals: readonly SendAnimal[], snapshot: Snapshot): Parameter[] {
  const opened = factsOf(view.study.facts, 'StudyOpened')[0];
  const approved = view.protocols.versions[0];
  const enrolled = animals.flatMap(({ history }) => factsOf(history, 'SubjectEnrolled').slice(0, 1));
  const given = animals.flatMap(({ history }) => administrationsIn(history));
  const doses = given.map(({ fact }) => fact);
  const treatments = given.filter(({ isTreatment }) => isTreatment).map(({ fact }) => fact);
  const first = <T>(list: readonly T[], said: (one: T) => string | undefined): string | undefined =>
    [...new Set(list.map(said).filter((one) => one !== undefined))].join('; ') || undefined;
  const opening = recordsOf(opened);
  const animalRecords = enrolled.flatMap((fact) => recordsOf(fact));
  const started = enrolled.toSorted((a, b) => a.at - b.at)[0];
  const { director } = studySummary(view) as { director: string | null };
  return [
    { code: 'STITLE', name: 'Study Title', value: snapshot.title, records: opening },
    { code: 'STDIR', name: 'Study Director', value: director ?? undefined, records: opening },
    { code: 'TSTFNAM', name: 'Test Facility Name', value: opened?.data.testSite, records: opening },
    { code: 'IACUC', name: 'Ethics Approval', value: opened?.data.ethicsApproval, records: opening },
    { code: 'PPL', name: 'Project Licence', value: undefined },
    {
      code: 'STSTDTC',
      name: 'Study Start Date',
      value: approved && view.study.records.at(approved.holder)?.record.time.slice(0, 10),
      records: approved ? [approved.holder] : [],
    },
    {
      code: 'EXPSTDTC',
      name: 'Experimental Start Date',
      value: started?.time.slice(0, 10),
      records: recordsOf(started),
    },
    { code: 'STCAT', name: 'Study Category', value: undefined },
    { code: 'SSTYP', name: 'Study Type', value: undefined },
    { code: 'SDESIGN', name: 'Study Design', value: undefined },
    { code: 'SRANDOM', name: 'Study Is Randomized', value: undefined },
    { code: 'GLPFL', name: 'GLP Flag', value: undefined },
    { code: 'SNDIGVER', name: 'SEND Implementation Guide Version', value: undefined, nullFlavor: 'NA' },
    { code: 'SNDCTVER', name: 'SEND Controlled Terminology Version', value: undefined, nullFlavor: 'NA' },
    {
      code: 'SPECIES',
      name: 'Species',
      value: first(enrolled, ({ data }) => controlled(SPECIES, data.species)),
      records: animalRecords,
    },
    {
      code: 'STRAIN',
      name: 'Strain/Substrain',
      value: first(enrolled, ({ data }) => controlled(STRAIN, data.strain)),
      records: animalRecords,
    },
    {
      code: 'TRT',
      name: 'Investigational Therapy or Treatment',
      value: first(treatments, (fact) => substanceName(fact, view.protocols).toUpperCase()),
      records: treatments.flatMap((fact) => recordsOf(fact)),
    },
    {
      code: 'TRTV',
      name: 'Treatment Vehicle',
      value: first(doses, ({ data }) => data.vehicle),
      records: doses.flatMap((fact) => recordsOf(fact)),
    },
    {
      code: 'ROUTE',
      name: 'Route of Administration',
      value: first(doses, ({ data }) => controlled(ROUTE, data.route)),
      records: doses.flatMap((fact) => recordsOf(fact)),
    },
    ...archiveParameters(snapshot),
    ...(snapshot.simulated
      ? [{ code: 'SIMULATD', name: 'Simulated Data', value: SIMULATED_NOTICE, records: opening }]
      : []),
  ];
}

/** The list of parameters may be extended, and has none for this: these two are of this ledger. */
function archiveParameters({ archived }: Snapshot): Parameter[] {
  if (!archived) return [];
  const { location, retainUntil } = archived;
  const records = [archived.record];
  return [
    { code: 'ARCHLOC', name: 'Archive Location', value: location, records },
    { code: 'RETNDTC', name: 'Retained at Least Until', value: retainUntil, records },
  ];
}
