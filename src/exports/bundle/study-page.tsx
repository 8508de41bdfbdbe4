import type { ComponentChildren, JSX } from 'preact';
import { Corrections } from '../../console/parts/corrected.js';
import { Course } from '../../console/parts/course.js';
import { LinksContext, RecordLink, RecordLinks } from '../../console/parts/links.js';
import { Persons } from '../../console/parts/persons.js';
import { ProtocolInWords, protocolTold } from '../../console/parts/protocol.js';
import { RecordList } from '../../console/parts/records.js';
import { Table } from '../../console/parts/table.js';
import { VerdictList } from '../../console/parts/verdicts.js';
import { FirstDay } from '../../console/parts/when.js';
import { View } from '../../study/projections/projection.js';
import { studyFlow } from '../../study/projections/study-flow.projection.js';
import { localDay } from '../../study/instant.js';
import { drugIn } from '../../study/rules/planned.js';
import { archiveOf } from '../../study/archive.js';
import { factsOf, isGoverned, type Study } from '../../study/study.js';
import { renderPage } from '../documents/page.js';
import { signatureLines } from '../signature-lines.js';
import { SIMULATED_NOTICE, archivedText } from '../snapshot.js';
import type { About } from './about.js';
import { Identity } from './bundle-parts.js';
import { answersOf, type AnimalAnswers, type StudyAnswers } from './study-answers.js';

/** A part of the page, with its place in the contents. */
interface Part {
  readonly id: string;
  readonly text: string;
  readonly inside: ComponentChildren;
}

/**
 * The page of a bundle: what the study came to, what was changed, who acted, and every record as a sentence. Numbers of
 * records and names of animals lead to their places in it.
 */
export function studyPage(about: About, study: Study): string {
  const subject = about.partial?.subject;
  const view = new View(study, Infinity, subject);
  const answers = answersOf(view, subject);
  const animals = new Set(answers.animals.map(({ id }) => id));
  const numbers = new Set(answers.lines.keys());
  const opened = factsOf(study.facts, 'StudyOpened')[0];
  const parts = partsOf(about, view, answers);
  const links = {
    record: (number: number) => (numbers.has(number) ? `#r${number}` : undefined),
    animal: (id: string) => (animals.has(id) ? `#animal-${id}` : undefined),
  };
  return renderPage({
    title: `${study.code}: ${about.title}`,
    label: about.facility,
    notice: about.simulated ? SIMULATED_NOTICE : undefined,
    foot: `Study ${about.code}${archivedText(archiveOf(study))} at tree size ${about.size}, root ${about.root}. Made by Study Ledger ${about.version}. Not evidence itself: the records are.`,
    contents: parts,
    main: (
      <FirstDay.Provider value={opened && localDay(opened.time)}>
        <LinksContext.Provider value={links}>
          <Identity about={about} study={study} />
          <p class="prose">
            This page is made from the records in <code>ledger/study/records.ndjson</code> and is not evidence
            itself: the records are. The <a href="../index.html">first page of the bundle</a> says what else
            is in it, how to check it, and what a check does not cover.
          </p>
          {parts.map(({ id, text, inside }) => (
            <section id={id}>
              <h2>{text}</h2>
              {inside}
            </section>
          ))}
        </LinksContext.Provider>
      </FirstDay.Provider>
    ),
  });
}

function partsOf(about: About, view: View, answers: StudyAnswers): Part[] {
  const { animals, corrections, flagged, ofStudy } = answers;
  const versions = view.protocols.versions;
  const drug = drugIn(versions.at(-1)?.protocol);
  return [
    { id: 'results', text: 'What it came to', inside: <Results animals={animals} drug={drug} /> },
    { id: 'changed', text: 'What was corrected or withdrawn', inside: <Changed told={corrections} /> },
    {
      id: 'flags',
      text: 'What deviated, was late or implausible',
      inside: flagged.length === 0 ? <p class="none">None.</p> : <RecordList lines={flagged} />,
    },
    {
      id: 'actors',
      text: 'Who acted',
      inside: <Persons persons={about.people.persons} names={about.names} />,
    },
    ...(isGoverned(view.study)
      ? [{ id: 'signatures', text: 'Who signed what', inside: <Signatures study={view.study} /> }]
      : []),
    ...(about.partial
      ? []
      : [
          {
            id: 'course',
            text: 'Course of the study',
            inside: <Course flow={studyFlow.project(view)} drug={drug} />,
          },
        ]),
    {
      id: 'protocol',
      text: 'Protocol',
      inside: <ProtocolInWords told={protocolTold(view.study, versions)} />,
    },
    { id: 'study', text: 'The study as a whole, record by record', inside: <RecordList lines={ofStudy} /> },
    ...animals.map(({ id, judged, lines }) => ({
      id: `animal-${id}`,
      text: `Animal ${id}`,
      inside: (
        <>
          {judged.length > 0 && <VerdictList judged={judged} />}
          <RecordList lines={lines} />
        </>
      ),
    })),
  ];
}

/** Name, time and meaning are those of the bytes that were signed. */
function Signatures({ study }: { readonly study: Study }): JSX.Element {
  return (
    <Table
      label="Signatures"
      rows={signatureLines(study, {})}
      none="Nothing is signed yet."
      columns={[
        { head: 'Record', cell: ({ record }) => <RecordLink number={record} /> },
        { head: 'Signed by', cell: ({ printedName, person }) => `${printedName} (${person})` },
        { head: 'Role', cell: ({ role }) => role },
        { head: 'Meaning', cell: ({ meaning }) => meaning },
        { head: 'When', cell: ({ signedAt }) => signedAt },
        { head: 'Over', cell: ({ covered }) => <RecordLinks numbers={covered} /> },
        { head: 'Status', cell: ({ status }) => status },
      ]}
    />
  );
}

function Changed({ told }: { readonly told: StudyAnswers['corrections'] }): JSX.Element {
  return told.length === 0 ? <p class="none">Nothing was.</p> : <Corrections told={told} />;
}

function Results({
  animals,
  drug,
}: {
  readonly animals: readonly AnimalAnswers[];
  readonly drug: string;
}): JSX.Element {
  return (
    <Table
      label="Verdicts"
      rows={animals.flatMap(({ id, status }) => (status ? [{ id, status }] : []))}
      none="No animal is enrolled."
      columns={[
        { head: 'Animal', cell: ({ id }) => <a href={`#animal-${id}`}>{id}</a> },
        { head: 'Hypersensitive', cell: ({ status }) => yesNo(status.hypersensitive) },
        { head: 'Stimulation alone', cell: ({ status }) => status.scs ?? '–' },
        {
          head: 'Sub-effective dose',
          cell: ({ status: { subEffectiveDose: dose } }) =>
            dose === null ? (
              '–'
            ) : (
              <>
                {dose.dose} <RecordLink number={dose.record} />
              </>
            ),
        },
        { head: `With ${drug}`, cell: ({ status }) => status.combination ?? '–' },
        { head: 'Converted', cell: ({ status }) => yesNo(status.converted) },
        { head: 'Excluded', cell: ({ status }) => (status.excluded ? 'excluded' : '') },
        {
          head: 'Rests on',
          as: 'text',
          cell: ({ status }) => (
            <RecordLinks
              numbers={Object.values(status.verdicts)
                .flatMap(({ evidence }) => evidence)
                .sort((a, b) => a - b)}
            />
          ),
        },
      ]}
    />
  );
}

function yesNo(value: boolean | null): string {
  return value === null ? '–' : value ? 'yes' : 'no';
}
