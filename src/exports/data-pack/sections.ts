import { View } from '../../study/projections/projection.js';
import { responderStatus } from '../../study/projections/responder-status.projection.js';
import { baseValue, canonicalDose, canonicalQuantity, formatQuantity } from '../../study/quantity.js';
import type { DoseFact } from '../../study/rules/administration.js';
import { drugIn, isSectionPlanned, substancesOf } from '../../study/rules/planned.js';
import { factsOf, type Fact } from '../../study/study.js';
import type { FileSource } from '../snapshot.js';
import { dosesOf } from './doses.js';
import { grouped, groupedBySubstance } from './grouped.js';
import { circumstances } from './circumstances.js';
import { methodsOf } from './methods.js';
import { peopleOf } from './people.js';
import { objectives, qualityStatement, signaturesGiven, signedReports, storage } from './vouched.js';
import { dated, item, own, recordedOr, type Section, type Sources } from './section.js';

type WriteSection = (sources: Sources) => Pick<Section, 'items' | 'gaps'>;

/**
 * The fourteen numbers in order, in our own words; the text of the regulation is binding. One long file, so that the list
 * can be compared with the regulation from top to bottom.
 */
const SECTIONS: readonly (readonly [asks: string, write: WriteSection])[] = [
  ['Facility, and when the study began and ended', facilityAndDates],
  ['Objectives and procedures of the protocol, with every change', objectives],
  ['Statistical methods', statistics],
  ['Test and control articles: identity, strength, purity', articles],
  ['Stability of the articles under the conditions of administration', stability],
  ['Methods used', methods],
  ['Test system: number, sex, weight, source, species, strain, age, identification', testSystem],
  ['Dosage, regimen, route and duration', dosage],
  ['Circumstances that may have affected the quality or integrity of the data', circumstances],
  ['Study director, other scientists and all who supervised', ({ source }) => peopleOf(source)],
  ['Transformations, calculations, summary, analysis and conclusions', results],
  ['Signed and dated reports of each scientist', signedReports],
  ['Where specimens, raw data and the final report are kept', storage],
  ['Statement of the quality assurance unit', qualityStatement],
];

export function packSections(source: FileSource): Section[] {
  const { study, snapshot } = source;
  const view = new View(study);
  const sources: Sources = {
    view,
    snapshot,
    source,
    opened: factsOf(view.study.facts, 'StudyOpened')[0],
    closed: factsOf(view.study.facts, 'StudyClosed')[0],
    animals: view.animals(),
  };
  return [
    ...SECTIONS.map(([asks, write], index) => ({
      clause: `58.185(a)(${index + 1})`,
      asks,
      ...write(sources),
    })),
    {
      clause: '58.185(b), (c)',
      asks: 'Signatures, and corrections of the report',
      ...signaturesGiven(sources),
    },
  ];
}

function facilityAndDates({ snapshot, opened, closed, animals }: Sources): ReturnType<WriteSection> {
  const site = recordedOr('testing facility', opened?.data.testSite, own(opened));
  const first = animals.flatMap(({ history }) => history.slice(0, 1)).toSorted((a, b) => a.at - b.at)[0];
  return {
    items: [
      item('name of the ledger’s facility', snapshot.facility, []),
      ...site.items,
      ...dated('study opened', opened),
      ...dated('first record of an animal', first),
      ...dated(`study closed: ${closed?.data.outcome ?? ''}`, closed),
    ],
    gaps: [
      ...site.gaps,
      'address of the facility: to be written by the study director',
      ...(closed ? [] : ['date of completion: the study is not closed at this tree size']),
    ],
  };
}

function statistics(): ReturnType<WriteSection> {
  return {
    items: [
      item(
        'in the figures of groups',
        'geometric mean of the thresholds and its 95 % interval by Student’s t on their logarithms; nothing else',
        [],
      ),
    ],
    gaps: [
      'statistical methods of the analysis: to be written by the study director; they are applied to the tidy table, the ledger has none',
    ],
  };
}

function articles({ view, animals }: Sources): ReturnType<WriteSection> {
  const doses = dosesOf(animals);
  const said = (what: string, value: (dose: DoseFact) => string | undefined) =>
    groupedBySubstance(what, doses, view.protocols, value);
  const drug = view.protocols.versions.at(-1);
  const parts = [
    said('lot', ({ data }) => data.lot),
    said('expiry', ({ data }) => data.expiry),
    said('concentration', ({ data }) => data.concentration && formatQuantity(data.concentration)),
    grouped(
      'enantiomer',
      doses.filter((dose) => dose.type === 'KetamineAdministered'),
      ({ data }) => data.enantiomer,
    ),
    said('salt', ({ data }) => data.salt),
    said('preservative', ({ data }) => data.preservative),
    said('vehicle', ({ data }) => data.vehicle),
  ];
  return {
    items: [
      ...(drug
        ? substancesOf(drug.protocol).map(({ id, name }) => item('test article', name ?? id, [drug.holder]))
        : []),
      ...parts.flatMap(({ items }) => items),
    ],
    gaps: [
      ...parts.flatMap(({ gaps }) => gaps),
      'strength, purity and certificate of analysis: to be written by the study director; attach the certificate',
    ],
  };
}

function stability({ animals }: Sources): ReturnType<WriteSection> {
  const past = dosesOf(animals).filter(
    ({ data, time }) => data.expiry !== undefined && time.slice(0, 10) > data.expiry,
  );
  return {
    items: [item('doses given after the expiry that was recorded for them', past.length, past.flatMap(own))],
    gaps: ['stability under the conditions of administration: to be written by the study director'],
  };
}

function methods({ view }: Sources): ReturnType<WriteSection> {
  return {
    items: view.protocols.versions.flatMap(({ version, holder, protocol }) =>
      methodsOf(protocol).map(([what, said]) => item(`${what}, version ${version}`, said, [holder])),
    ),
    gaps: [
      'standard operating procedures: to be written by the study director; the ledger keeps no register of them',
    ],
  };
}

function testSystem({ animals }: Sources): ReturnType<WriteSection> {
  const enrolled = animals.flatMap(({ history }) => factsOf(history, 'SubjectEnrolled').slice(0, 1));
  const said = (what: string, value: (one: Fact<'SubjectEnrolled'>) => string | undefined) =>
    grouped(what, enrolled, value);
  const parts = [
    said('species', ({ data }) => data.species),
    said('strain', ({ data }) => data.strain),
    said('sex', ({ data }) => data.sex),
    said('source', ({ data }) => data.supplier),
    said('identification', ({ data }) => data.identification?.method),
  ];
  const weights = enrolled
    .flatMap((one) => (one.data.bodyWeight ? [{ one, grams: baseValue(one.data.bodyWeight) }] : []))
    .toSorted((a, b) => a.grams - b.grams);
  const births = enrolled.flatMap(({ data }) => data.dateOfBirth ?? []).sort();
  return {
    items: [
      item('number of animals', enrolled.length, enrolled.flatMap(own)),
      ...parts.flatMap(({ items }) => items),
      ...(weights.length > 0
        ? [
            item(
              'body weight at enrolment, as recorded',
              `${formatQuantity(weights[0]!.one.data.bodyWeight!)} to ${formatQuantity(weights.at(-1)!.one.data.bodyWeight!)}`,
              weights.flatMap(({ one }) => own(one)),
            ),
          ]
        : []),
      ...(births.length > 0 ? [item('born', `${births[0]} to ${births.at(-1)}`, enrolled.flatMap(own))] : []),
    ],
    gaps: parts.flatMap(({ gaps }) => gaps),
  };
}

function dosage({ view: { protocols }, animals }: Sources): ReturnType<WriteSection> {
  const doses = dosesOf(animals);
  const sessions = animals.flatMap(({ history }) => factsOf(history, 'SCSApplied'));
  return {
    items: [
      item('administrations', doses.length, doses.flatMap(own)),
      ...groupedBySubstance('dose', doses, protocols, ({ data }) => formatQuantity(canonicalDose(data.dose)))
        .items,
      ...groupedBySubstance('route', doses, protocols, ({ data }) => data.route).items,
      ...groupedBySubstance(
        'volume',
        doses,
        protocols,
        ({ data }) => data.volume && formatQuantity(canonicalQuantity(data.volume)),
      ).items,
      item('stimulations', sessions.length, sessions.flatMap(own)),
      ...grouped('stimulation', sessions, ({ data }) =>
        [data.frequency, data.pulseWidth, data.duration]
          .map(canonicalQuantity)
          .map(formatQuantity)
          .join(', '),
      ).items,
    ],
    gaps: [],
  };
}

function results({ view }: Sources): ReturnType<WriteSection> {
  const status = responderStatus.project(view).subjects;
  const evidence = (what: 'hypersensitivity' | 'scs' | 'combination', chosen: typeof status) =>
    chosen.flatMap(({ verdicts }) => verdicts[what].evidence);
  const hypersensitive = status.filter((one) => one.hypersensitive === true);
  const responders = status.filter(({ scs }) => scs === 'responder');
  const others = status.filter(({ scs }) => scs === 'non-responder');
  const converted = status.filter((one) => one.converted === true);
  const found = item('hypersensitive', hypersensitive.length, evidence('hypersensitivity', hypersensitive));
  const gaps = ['conclusions: to be written by the study director'];
  if (!isSectionPlanned('stimulation', view.protocols)) return { items: [found], gaps };
  return {
    items: [
      found,
      item('responders to stimulation alone', responders.length, evidence('scs', responders)),
      item('non-responders to stimulation alone', others.length, evidence('scs', others)),
      item(
        `converted by ${drugIn(view.protocols.versions.at(-1)?.protocol)} with stimulation`,
        converted.length,
        evidence('combination', converted),
      ),
    ],
    gaps,
  };
}
