import type { JSX } from 'preact';
import { commandNamed } from '../study/catalogue.js';
import { refuse, type Refusal } from '../study/refusal.js';
import { isClosed } from '../study/study.js';
import { signingAfter } from './bench/acts-for.js';
import { readValue } from './forms/read-form.js';
import { benchPage, type BenchAsked, type MainProps, type Sent } from './page.js';
import { StudyLink } from './parts/links.js';
import { ProtocolInWords, protocolTold, type ProtocolTold } from './parts/protocol.js';
import { RecordedLine, recordedIn, type Recorded } from './parts/recorded.js';
import { examplesIn, isBeginning } from './protocol/beginnings.js';
import { checkDraft, readDraft, untouchedAsBefore, withRequired } from './protocol/draft.js';
import { refuseDraft } from './protocol/findings.js';
import { EarlierVersions, earlierVersions, type VersionTold } from './protocol/versions.js';
import { SCHEMAS, Write } from './protocol/write.js';
import { writingIn, type Writing } from './protocol/writing.js';

interface ProtocolAnswer {
  readonly code: string;
  readonly told: ProtocolTold;
  readonly earlier: readonly VersionTold[];
  readonly recorded: Recorded | undefined;
  readonly isClosed: boolean;
  /** No animal is enrolled yet. */
  readonly isEmpty: boolean;
  /** Where the protocol is being written: the first one, or an amendment. */
  readonly writing: Writing | undefined;
}

const APPROVE = commandNamed('ApproveProtocol')!;
const AMEND = commandNamed('AmendProtocol')!;

/** The protocol in force with all its versions, and the form that approves the first one or amends the last. */
export const protocolPage = benchPage<ProtocolAnswer>({
  path: '/studies/:code/protocol',
  parameters: ['from', 'amend', 'recorded'],
  title: ({ answer }) => (answer.writing?.amends ? 'Amend the protocol' : 'Protocol'),
  script: 'protocol',
  other: ({ query: { from } }) => (from === undefined || isBeginning(from) ? undefined : from),
  *answer(asked) {
    const { view, query, posted } = asked;
    const { study, protocols } = view;
    yield;
    const isFirst = protocols.versions.length === 0 && protocols.unsigned.length === 0;
    const isWritten = isFirst || query['amend'] !== undefined || posted !== undefined;
    return {
      code: study.code,
      told: protocolTold(study, protocols.versions),
      earlier: earlierVersions(study, protocols.versions),
      recorded: recordedIn(asked),
      isClosed: isClosed(study),
      isEmpty: study.subjects.size === 0,
      writing: isWritten && !isClosed(study) ? writingIn(asked) : undefined,
    };
  },
  send,
  main: Main,
});

function send(pairs: URLSearchParams, asked: BenchAsked): Sent | Refusal | undefined {
  if (['longer', 'preview', 'bring'].some((name) => pairs.has(name))) return undefined;
  const { study, protocols } = asked.view;
  const { code } = study;
  const base = Number(pairs.get('base') ?? 0);
  const [amends, last] = [
    protocols.versions.find(({ version }) => version === base),
    protocols.versions.at(-1),
  ];
  const id = pairs.get('id') ?? '';
  // The same form sent twice is recorded once.
  if (last && last !== amends && study.records.at(last.holder)?.record.commandid !== id)
    return refuse(
      'amendment-out-of-order',
      `Version ${last.version} of the protocol came into force while this was written: look at what it would change, and send it again.`,
    );
  const draft = readDraft(pairs, asked.inZone);
  const checked = checkDraft(draft);
  if (!checked.protocol) return refuseDraft(checked);
  const examples = examplesIn(draft.value, pairs.get('from') ?? '').size;
  if (examples > 0 && !pairs.has('decided'))
    return refuse(
      'field-missing',
      `${examples} of the numbers are examples of the template: change them, or say that they are decided for this study.`,
      'decided',
    );
  const [occurredAt, reason, comment] = ['occurredAt', 'reason', 'comment'].map((name) =>
    readValue(SCHEMAS[name]!, name, pairs, asked.inZone),
  );
  const definition = amends ? AMEND : APPROVE;
  const body = {
    ...(occurredAt !== undefined && { occurredAt }),
    ...(reason !== undefined && { reason }),
    data: {
      protocol: untouchedAsBefore(withRequired(draft), amends?.protocol),
      ...(comment !== undefined && { comment }),
    },
  };
  return {
    commands: [{ id, definition, study: code, body }],
    next: ([receipt]) => {
      const [page, number] = [`/studies/${code}/protocol`, receipt?.records[0]?.number];
      return signingAfter(asked, definition, body, number, page) ?? `${page}?recorded=${number ?? ''}`;
    },
  };
}

function Main({ answer }: MainProps<ProtocolAnswer>): JSX.Element {
  const { code, told, earlier, recorded, writing, isClosed: closed, isEmpty } = answer;
  if (writing) return <Write code={code} writing={writing} recorded={recorded} />;
  return (
    <>
      <h1>Protocol</h1>
      <RecordedLine recorded={recorded} />
      {closed ? (
        <p class="quiet">The study is closed: its protocol is not changed any more.</p>
      ) : told.last === undefined ? null : (
        <p>
          <StudyLink to="/protocol" query={{ amend: 'yes' }}>
            Amend the protocol
          </StudyLink>{' '}
          {isEmpty && <StudyLink to="/bench/enter/enrol-subject">Enrol the first animal</StudyLink>}
        </p>
      )}
      <ProtocolInWords told={told} />
      <EarlierVersions told={earlier} />
    </>
  );
}
