import type { JSX } from 'preact';
import { canonical } from '../tlog/canonical.js';
import { typeInWords } from '../exports/documents/type-in-words.js';
import { API } from '../shared/api-prefix.js';
import { studyPeople } from '../lab/people/study-people.js';
import { trailRecord, type TrailRecord } from '../study/projections/audit-trail.projection.js';
import { isOf, type StudyRecord } from '../study/record.js';
import { checkSignable } from '../study/commands/sign-records.command.js';
import { findEffectiveFact } from '../study/commands/common/reference.js';
import { Refusal, refuse } from '../study/refusal.js';
import { isCovered } from '../study/signatures/applied.js';
import { participantsOf } from '../study/signatures/obligations.js';
import { refuseArchived } from '../study/signatures/meanings.js';
import { openActs } from '../study/signatures/open-acts.js';
import { closureOf, signaturesOf, type Study } from '../study/study.js';
import { changeableFact, type Changeable } from './bench/changeable.js';
import { studyPage, type MainProps } from './page.js';
import { Changes } from './parts/changes.js';
import { FlagMeanings, Flags } from './parts/flags.js';
import { AnimalLink, RecordLink, StudyLink } from './parts/links.js';
import { Members } from './parts/members.js';
import { RestingFacts, restingOn, type Resting } from './parts/rests-on.js';
import { Said } from './parts/said.js';
import { PutRight, waitsForDirector } from './bench/put-right.js';
import { RecordSignatures, type Signed } from './parts/record-signatures.js';
import { Facts } from './parts/table.js';
import { When } from './parts/when.js';
import { signatureLines } from './signature-lines.js';
import type { Phrase } from './words/phrase.js';
import { sentence } from './words/sentence.js';

interface RecordAnswer extends Resting, Signed {
  readonly trail: TrailRecord;
  readonly record: StudyRecord;
  /** When what it states happened: for a correction or a withdrawal, what it corrects or withdraws. */
  readonly happened: string;
  readonly phrases: readonly Phrase[];
  readonly bytes: string;
  readonly leaf: string;
  /** Later records that correct, withdraw or assess this one. */
  readonly about: readonly { readonly trail: TrailRecord; readonly phrases: readonly Phrase[] }[];
  readonly change: Changeable;
  /** Whether roles of who made it conflicted while they acted in the study. */
  readonly roleConflict: boolean;
  readonly size: number;
}

export const recordPage = studyPage<RecordAnswer>({
  path: '/studies/:code/records/:number',
  title: ({ answer }) => `#${answer.trail.record}`,
  least: ({ trail }) => trail.record + 1,
  script: 'proof',
  *answer(view, { params }, lab) {
    const { study } = view;
    const number = /^(0|[1-9]\d{0,15})$/.test(params['number'] ?? '') ? Number(params['number']) : -1;
    const stored = study.records.at(number);
    if (!stored || number < 0) {
      const message = `There is no record ${params['number']?.slice(0, 20)} among the ${study.size} records of ${study.code} at this tree size.`;
      return refuse('record-unknown', message, 'number');
    }
    const trail = trailRecord(study, stored);
    const about = [];
    for (const later of study.records) {
      if (later.number <= number) continue;
      if ('target' in later.record.data && later.record.data.target.number === number)
        about.push({ trail: trailRecord(study, later), phrases: sentence(view, later) });
      yield;
    }
    return {
      trail,
      record: stored.record,
      happened: happenedIn(view.study, stored.record),
      phrases: sentence(view, stored),
      bytes: canonical(stored.record),
      leaf: stored.leaf,
      about,
      ...(yield* restingOn(view, number)),
      change: changeableFact(study, number),
      roleConflict: (yield* studyPeople(study, lab.people)).persons.some(
        ({ person, roleConflict }) => roleConflict && person === stored.record.actor,
      ),
      size: study.size,
      signatures: yield* signatureLines(
        view,
        lab,
        signaturesOf(study).filter((one) => one.record === number || isCovered(one, number)),
      ),
      acts: openActs(study).filter(({ record, to = record }) => record <= number && number <= to),
      isSignable:
        checkSignable(study, [{ from: number, to: number }]) === undefined &&
        refuseArchived(study, [{ from: number, to: number }]) === undefined,
      participants: participantsIn(study, number),
    };
  },
  main: Main,
});

/** Of what a second person can have seen, and can still say so: what was done to an animal. */
function participantsIn(study: Study, number: number): string[] | undefined {
  const fact = findEffectiveFact(study, number);
  const isOfAnimal = study.records.at(number)?.record.subject !== undefined;
  const isArchived = closureOf(study).state === 'archived';
  return fact instanceof Refusal || !isOfAnimal || isArchived ? undefined : participantsOf(study, fact);
}

function happenedIn({ records }: Study, record: StudyRecord): string {
  if (isOf('RecordCorrected', record)) return record.data.occurredAt;
  if (!isOf('RecordVoided', record)) return record.time;
  const target = records.at(record.data.target.number)?.record ?? record;
  return isOf('RecordCorrected', target) ? target.data.occurredAt : target.time;
}

function Main({ answer, params }: MainProps<RecordAnswer>): JSX.Element {
  const { trail, record, happened, phrases, about, verdicts, cites, roleConflict, size } = answer;
  const { record: number, supersededBy } = trail;
  const changes = trail.amended ?? trail.changes;
  return (
    <>
      <div class="heading">
        <h1>
          #{number} <span class="kind">{typeInWords(trail.type)}</span>
        </h1>
        <nav aria-label="Other records" class="neighbours">
          {number > 0 && <StudyLink to={`/records/${number - 1}`}>{`‹ #${number - 1}`}</StudyLink>}
          {number + 1 < size && <StudyLink to={`/records/${number + 1}`}>{`#${number + 1} ›`}</StudyLink>}
        </nav>
      </div>
      <p class="lead">
        {supersededBy === null ? (
          <Said phrases={phrases} />
        ) : (
          <s>
            <Said phrases={phrases} />
          </s>
        )}
        <Flags flags={trail.flags} />
      </p>
      <FlagMeanings
        flags={trail.flags}
        data={isOf('RecordCorrected', record) ? record.data.corrected : record.data}
      />
      {supersededBy !== null && (
        <p class="superseded">
          <strong>This no longer holds.</strong> It was superseded by <RecordLink number={supersededBy} />.
        </p>
      )}
      <div class="pair">
        <div>
          <h2>Happened</h2>
          <p>
            <When at={happened} day />
          </p>
          <p class="quiet">{happened}, as entered</p>
          {happened !== trail.occurredAt && (
            <p class="quiet">
              {trail.type === 'RecordVoided' ? 'Withdrawn' : 'Corrected'} <When at={trail.occurredAt} day />
            </p>
          )}
        </div>
        <div>
          <h2>Recorded</h2>
          <p>
            <When at={trail.recordedAt} day />
          </p>
          <p class="quiet">{trail.recordedAt}, by the server’s clock</p>
        </div>
        <div>
          <h2>By</h2>
          <p>
            {trail.actor}, {trail.role}
            {roleConflict && <strong> role conflict</strong>}
          </p>
          <p class="quiet">command {record.command}</p>
          {trail.session !== null && <p class="quiet">session {trail.session}</p>}
        </div>
      </div>
      <Facts
        facts={[
          ['Animal', trail.subject !== null && <AnimalLink id={trail.subject} />],
          ['Reason', trail.reason],
          ['Protocol', trail.protocolVersion !== null && `version ${trail.protocolVersion}`],
          ['Supersedes', trail.supersedes !== null && <RecordLink number={trail.supersedes} />],
          ['Read from', imported(record)],
        ]}
      />
      <PutRight
        number={number}
        subject={record.subject}
        change={answer.change}
        isToAssess={waitsForDirector(answer)}
      />
      {changes.length > 0 && (
        <section>
          <h2>What it changed</h2>
          <Changes changes={changes} />
        </section>
      )}
      {isOf('SignatureApplied', record) ? (
        <>
          <RecordSignatures number={number} {...answer} />
          <section>
            <h2>What it says</h2>
            <details>
              <summary>The signed bytes and both signatures, as they are stored</summary>
              <Members data={trail.data} />
            </details>
          </section>
        </>
      ) : (
        <>
          <section>
            <h2>What it says</h2>
            <Members data={trail.data} />
          </section>
          <RecordSignatures number={number} {...answer} />
        </>
      )}
      <RestsOn about={about} verdicts={verdicts} cites={cites} />
      <Evidence code={params['code'] ?? ''} answer={answer} />
    </>
  );
}

function imported({ importfile, importsheet, importrow }: StudyRecord): string | undefined {
  if (importfile === undefined) return undefined;
  return [importfile, importsheet && `sheet ${importsheet}`, importrow && `row ${importrow}`]
    .filter(Boolean)
    .join(', ');
}

function RestsOn({
  about,
  verdicts,
  cites,
}: Pick<RecordAnswer, 'about' | 'verdicts' | 'cites'>): JSX.Element {
  const nothing = about.length + verdicts.length + cites.length === 0;
  return (
    <section>
      <h2>What rests on it</h2>
      {nothing && <p class="none">No verdict and no later record rests on it.</p>}
      <RestingFacts verdicts={verdicts} cites={cites} />
      {about.map(({ trail, phrases }) => (
        <div class="about">
          <p>
            <RecordLink number={trail.record} /> <Said phrases={phrases} />{' '}
            <span class="quiet">
              {trail.actor}, <When at={trail.recordedAt} />
            </span>
            {trail.reason !== null && <span class="reason"> “{trail.reason}”</span>}
          </p>
          {trail.changes.length > 0 && <Changes changes={trail.changes} />}
        </div>
      ))}
    </section>
  );
}

/** The bytes, their hash, and the proof, which the reader’s own browser checks. */
function Evidence({ code, answer }: { readonly code: string; readonly answer: RecordAnswer }): JSX.Element {
  const { bytes, leaf, trail } = answer;
  const proof = `${API}/studies/${code}/records/${trail.record}/proof`;
  return (
    <section class="evidence">
      <h2>Evidence</h2>
      <p>
        These are the stored bytes. Their leaf hash, SHA-256 of 0x00 and the bytes, is{' '}
        <code data-leaf={leaf}>{leaf}</code>.
      </p>
      <pre tabIndex={0} aria-label="Stored bytes" data-bytes>
        {bytes}
      </pre>
      <div class="proof" data-proof={proof} data-number={trail.record}>
        <p>
          The proof that they are in the log is at <a href={proof}>{proof}</a>. If scripts are allowed, this
          page fetches it and checks it in your browser.
        </p>
      </div>
    </section>
  );
}
