import type { View } from '../../study/projections/projection.js';
import { groupedBy } from '../../study/grouped-by.js';
import { factsOf } from '../../study/study.js';
import { recordsOf, type SendAnimal } from './animals.js';
import { integer, row, text, valueOf, type Dataset, type Row } from './dataset.js';

const CO = [
  text('STUDYID', 'Study Identifier', 1),
  text('DOMAIN', 'Domain Abbreviation'),
  text('RDOMAIN', 'Related Domain Abbreviation', 2),
  text('USUBJID', 'Unique Subject Identifier', 3),
  integer('COSEQ', 'Sequence Number', 4),
  text('IDVAR', 'Identifying Variable'),
  text('IDVARVAL', 'Identifying Variable Value'),
  text('COVAL', 'Comment'),
  text('CODTC', 'Date/Time of Comment'),
];

/** Remarks with the rows to which they belong, and exclusions, for which SEND has no other place. */
export function comments(view: View, animals: readonly SendAnimal[], datasets: readonly Dataset[]): Dataset {
  const { code } = view.study;
  const places = rowsByFact(datasets);
  const rows = animals.flatMap(({ usubjid, history }) => {
    let sequence = 0;
    const common = { STUDYID: code, DOMAIN: 'CO', USUBJID: usubjid };
    return history.flatMap((fact) => {
      const { comment } = fact.data as { comment?: string };
      const place = places.get(fact.number)?.[0];
      const identified = place && {
        RDOMAIN: String(valueOf(place.dataset, place.row, 'DOMAIN')),
        IDVAR: place.sequence ?? '',
        IDVARVAL: place.sequence ? String(valueOf(place.dataset, place.row, place.sequence)) : '',
      };
      const exclusion =
        fact.type === 'SubjectExcluded'
          ? `Excluded: ${view.study.records.at(fact.holder)?.record.reason ?? 'no reason recorded'}`
          : undefined;
      return [comment, exclusion]
        .filter((one) => one !== undefined)
        .map((COVAL) =>
          row(
            CO,
            {
              ...common,
              ...(identified ?? { RDOMAIN: 'DM' }),
              COSEQ: ++sequence,
              COVAL,
              CODTC: fact.time,
            },
            recordsOf(fact),
          ),
        );
    });
  });
  return { name: 'CO', label: 'Comments', columns: CO, rows };
}

const RELREC = [
  text('STUDYID', 'Study Identifier', 1),
  text('RDOMAIN', 'Related Domain Abbreviation', 2),
  text('USUBJID', 'Unique Subject Identifier', 3),
  text('IDVAR', 'Identifying Variable', 4),
  text('IDVARVAL', 'Identifying Variable Value', 5),
  text('RELTYPE', 'Relationship Type'),
  text('RELID', 'Relationship Identifier', 6),
];

/** Which runs and scores belong to which dose or stimulation, and which dose a stimulation follows. */
export function relations(
  code: string,
  animals: readonly SendAnimal[],
  datasets: readonly Dataset[],
): Dataset {
  const places = rowsByFact(datasets);
  const rows = animals.flatMap(({ usubjid, history, sessions }) => {
    const byNumber = new Map(history.map((fact) => [fact.number, fact]));
    const members = [
      ...factsOf(history, 'ThresholdRecorded').map((fact) => ({ fact, of: fact.data.session })),
      ...factsOf(history, 'MeasurementRecorded').map((fact) => ({ fact, of: fact.data.session })),
      ...factsOf(history, 'SideEffectsScored').map((fact) => ({ fact, of: fact.data.after })),
      ...factsOf(history, 'SCSApplied').map((fact) => ({ fact, of: fact.data.follows })),
    ];
    const bySession = groupedBy(members, ({ of }) => of);
    return [...sessions].flatMap(([number, name]) => {
      const its = bySession.get(number);
      if (!its) return [];
      const session = byNumber.get(number);
      return [session, ...its.map(({ fact }) => fact)].flatMap((fact) =>
        membersOf(fact ? (places.get(fact.number) ?? []) : []).map(({ place, variable }) =>
          row(
            RELREC,
            {
              STUDYID: code,
              RDOMAIN: valueOf(place.dataset, place.row, 'DOMAIN'),
              USUBJID: usubjid,
              IDVAR: variable,
              IDVARVAL: String(valueOf(place.dataset, place.row, variable)),
              RELID: name.toUpperCase(),
            },
            recordsOf(session, fact),
          ),
        ),
      );
    });
  });
  return { name: 'RELREC', label: 'Related Records', columns: RELREC, rows };
}

/** The rows of one run are referred to by their group, others one by one. */
function membersOf(places: readonly Place[]): { place: Place; variable: string }[] {
  const [first] = places;
  if (first?.dataset.name === 'NV') return [{ place: first, variable: 'NVGRPID' }];
  return places.flatMap((place) => (place.sequence ? [{ place, variable: place.sequence }] : []));
}

interface Place {
  readonly dataset: Dataset;
  readonly row: Row;
  /** `EXSEQ`, where rows are numbered. */
  readonly sequence: string | undefined;
}

function rowsByFact(datasets: readonly Dataset[]): Map<number | undefined, Place[]> {
  const places = datasets.flatMap((dataset) => {
    const sequence = dataset.columns.find(({ name }) => name.endsWith('SEQ'))?.name;
    return dataset.rows.map((row) => ({ dataset, row, sequence }));
  });
  return groupedBy(places, ({ row }) => row.fact);
}
