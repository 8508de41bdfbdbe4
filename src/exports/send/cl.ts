import type { Protocol } from '../../study/protocol.js';
import type { View } from '../../study/projections/projection.js';
import type { Fact } from '../../study/study.js';
import { recordsOf, studyDay, type SendAnimal } from './animals.js';
import { integer, row, text, type Dataset, type Value } from './dataset.js';

const CL = [
  text('STUDYID', 'Study Identifier', 1),
  text('DOMAIN', 'Domain Abbreviation'),
  text('USUBJID', 'Unique Subject Identifier', 2),
  integer('CLSEQ', 'Sequence Number', 3),
  text('CLGRPID', 'Group Identifier'),
  text('CLTESTCD', 'Test Short Name'),
  text('CLTEST', 'Test Name'),
  text('CLCAT', 'Category'),
  text('CLORRES', 'Result or Findings as Collected'),
  text('CLSTRESC', 'Standardized Result in Character Format'),
  text('CLSEV', 'Severity'),
  text('CLEVAL', 'Evaluator'),
  text('CLDTC', 'Date/Time of Clinical Observation'),
  integer('CLDY', 'Study Day of Clinical Observation'),
  text('CLTPT', 'Planned Time Point Name'),
  text('CLTPTREF', 'Time Point Reference'),
];

/** Items of the welfare sheet and of the side-effect scale, and adverse events. Test codes are the sheets’ own. */
export function clinicalSigns(view: View, animals: readonly SendAnimal[]): Dataset {
  const sheets = sheetsOf(view.protocols.versions.map(({ protocol }) => protocol));
  const rows = animals.flatMap((animal) =>
    animal.history
      .flatMap((fact) => observed(fact, animal, sheets).map((values) => ({ fact, values })))
      .map(({ fact, values }, index) =>
        row(
          CL,
          {
            STUDYID: view.study.code,
            DOMAIN: 'CL',
            USUBJID: animal.usubjid,
            CLSEQ: index + 1,
            CLCAT: 'CLINICAL SIGNS',
            CLEVAL: (fact.data as { observedBy?: string }).observedBy,
            CLDTC: fact.time,
            CLDY: studyDay(animal, fact.time),
            ...values,
          },
          recordsOf(fact),
        ),
      ),
  );
  return { name: 'CL', label: 'Clinical Observations', columns: CL, rows };
}

type Named = Readonly<Record<string, Value | undefined>>;

/** Label and test code of the items of the protocol's sheets, by their code in the ledger. */
interface Sheets {
  readonly labels: ReadonlyMap<string, string>;
  readonly codes: ReadonlyMap<string, string>;
}

function sheetsOf(protocols: readonly Protocol[]): Sheets {
  const items = protocols.flatMap(({ welfare, sideEffects }) => [
    ...welfare.items,
    ...(sideEffects?.items ?? []),
  ]);
  return {
    labels: new Map(items.map(({ code, label }) => [code, label])),
    codes: testCodes(items.map(({ code }) => code)),
  };
}

function observed(fact: Fact, { sessions }: SendAnimal, sheets: Sheets): Named[] {
  switch (fact.type) {
    case 'WelfareScored': {
      const { scores, severity } = (fact as Fact<'WelfareScored'>).data;
      return scores.map(({ item, score }) => ({ ...scored(item, score, sheets), CLSEV: severity }));
    }
    case 'SideEffectsScored': {
      const { scores, after, minute } = (fact as Fact<'SideEffectsScored'>).data;
      const session = sessions.get(after);
      return scores.map(({ item, score }) => ({
        ...scored(item, score, sheets),
        CLGRPID: session,
        CLTPT: `${minute} min`,
        CLTPTREF: session,
      }));
    }
    case 'AdverseEventReported': {
      const { description, severity } = (fact as Fact<'AdverseEventReported'>).data;
      return [
        {
          CLTESTCD: 'ADVERSE',
          CLTEST: 'Adverse event',
          CLORRES: description,
          CLSTRESC: description,
          CLSEV: severity,
        },
      ];
    }
    default:
      return [];
  }
}

function scored(item: string, score: number, { labels, codes }: Sheets): Named {
  return {
    CLTESTCD: codes.get(item) ?? testCodes([item]).get(item),
    CLTEST: (labels.get(item) ?? item).slice(0, 40),
    CLORRES: String(score),
    CLSTRESC: String(score),
  };
}

/**
 * At most eight letters and digits, a letter first: `hind-limb-tone` → `HINDLIMB`. Where two items would have the same, the
 * later one ends in a number.
 */
export function testCodes(items: Iterable<string>): Map<string, string> {
  const codes = new Map<string, string>();
  const taken = new Set<string>(['ADVERSE']);
  for (const item of items) {
    if (codes.has(item)) continue;
    const letters = item.toUpperCase().replace(/[^A-Z0-9]/g, '');
    const whole = /^[A-Z]/.test(letters) ? letters : `X${letters}`;
    let code = whole.slice(0, 8);
    for (let i = 2; taken.has(code); i++) code = `${whole.slice(0, 8 - String(i).length)}${i}`;
    taken.add(code);
    codes.set(item, code);
  }
  return codes;
}
