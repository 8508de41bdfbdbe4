import type { JSX } from 'preact';
import type { OpenAct } from '../../study/signatures/open-acts.js';
import type { SignatureStatus } from '../../study/signatures/signatures.js';
import type { Covered, Statement } from '../../study/signatures/statement.js';
import { addressOfAct } from './act-address.js';
import { commandNamed } from '../../study/catalogue.js';
import { RecordLink, StudyLink } from './links.js';
import { Table } from './table.js';
import { When } from './when.js';

export interface SignatureLine {
  readonly record: number;
  readonly covers: readonly Covered[];
  /** What was signed; absent where the signature does not check: then nothing is taken from it. */
  readonly signed?: Pick<Statement['predicate'], 'meaning' | 'printedName' | 'personId' | 'role' | 'time'>;
  readonly status: SignatureStatus | { readonly status: 'broken'; readonly faults: readonly string[] };
}

export function SignatureTable({
  lines,
  label,
  none,
}: {
  readonly lines: readonly SignatureLine[];
  readonly label: string;
  readonly none: string;
}): JSX.Element {
  return (
    <Table<SignatureLine>
      label={label}
      rows={lines}
      none={none}
      columns={[
        { head: 'Signature', cell: ({ record }) => <RecordLink number={record} /> },
        {
          head: 'Signed by',
          cell: ({ signed }) => (signed ? `${signed.printedName} (${signed.personId}, ${signed.role})` : '–'),
          as: 'text',
        },
        { head: 'Meaning', cell: ({ signed }) => signed?.meaning ?? '–' },
        { head: 'At', cell: ({ signed }) => (signed ? <When at={signed.time} /> : '–') },
        { head: 'Over', cell: ({ covers }) => <CoveredRecords covers={covers} />, as: 'wide' },
        { head: 'Status', cell: ({ status }) => <Status status={status} />, as: 'wide' },
      ]}
    />
  );
}

function CoveredRecords({ covers }: Pick<SignatureLine, 'covers'>): JSX.Element {
  return (
    <>
      {covers.map(({ from, to }, index) => (
        <>
          {index > 0 && ', '}
          <RecordLink number={from} />
          {to > from && (
            <>
              {' '}
              to <RecordLink number={to} />
            </>
          )}
        </>
      ))}
    </>
  );
}

/** Of one signature: its record and how it stands. */
export function Standing({ line: { record, status } }: { readonly line: SignatureLine }): JSX.Element {
  return (
    <>
      <RecordLink number={record} /> <Status status={status} />
    </>
  );
}

export function isBroken({ status }: Pick<SignatureLine, 'status'>): boolean {
  return status.status === 'broken';
}

/** A word and a shape. */
function Status({ status }: Pick<SignatureLine, 'status'>): JSX.Element {
  switch (status.status) {
    case 'valid':
      return <>✓ valid</>;
    case 'superseded':
      return (
        <>
          ◐ superseded by <RecordLink number={status.by} />: what was signed was changed later
        </>
      );
    case 'broken':
      return <strong>{`✕ broken: ${status.faults.join(' ')}`}</strong>;
  }
}

/** What waits for a signature or an act, each with its way. */
export function OpenActs({
  acts,
  next,
}: {
  readonly acts: readonly OpenAct[];
  /** Where one comes afterwards. */
  readonly next?: string;
}): JSX.Element {
  return (
    <ul>
      {acts.map((act) => (
        <li>
          {act.says} <span class="quiet">{`Waits for ${waitsInWords(act)}.`}</span>{' '}
          <ActLink act={act} next={next} />
        </li>
      ))}
    </ul>
  );
}

function ActLink({ act, next }: { readonly act: OpenAct; readonly next: string | undefined }): JSX.Element {
  const { to, query } = addressOfAct(act, next);
  return (
    <StudyLink to={to} query={query}>
      {'sign' in act.next
        ? `Sign as ${act.next.sign}`
        : (commandNamed(act.next.give)?.summary ?? act.next.give)}
    </StudyLink>
  );
}

function waitsInWords({ waitsFor }: OpenAct): string {
  if ('persons' in waitsFor) return waitsFor.persons.join(' and ');
  const { roles, except } = waitsFor;
  return `${ANY.format(roles)}${except.length > 0 ? `, other than ${ANY.format(except)}` : ''}`;
}

const ANY = new Intl.ListFormat('en-GB', { type: 'disjunction' });
