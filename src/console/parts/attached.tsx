import type { JSX } from 'preact';
import { API } from '../../shared/api-prefix.js';
import type { Attachment } from '../../study/attachments.js';
import { countText } from '../words/phrase.js';
import { RecordLink } from './links.js';
import { Table } from './table.js';
import { When } from './when.js';

const MOST_ROWS = 200;

export const KINDS: Readonly<Record<Attachment['kind'], string>> = {
  'contributor-report': 'report of a contributor',
  document: 'document',
  'raw-data': 'raw data',
  other: 'other',
};

/** The files of a study with who attached them and when; each opens only as its record names it. */
export function Attached({
  study,
  files,
}: {
  readonly study: string;
  readonly files: readonly Attachment[];
}): JSX.Element {
  return (
    <>
      <Table
        label="Attached files"
        rows={files.slice(-MOST_ROWS)}
        none="No file is attached. A contributor’s signed report, a certificate or raw data of an instrument belongs here."
        columns={[
          {
            head: 'File, and its SHA-256',
            cell: ({ name, sha256, withdrawnBy }) => {
              const link = (
                <a href={`${API}/studies/${study}/attachments/${sha256}`}>
                  <bdi>{name}</bdi>
                </a>
              );
              return (
                <>
                  {withdrawnBy === undefined ? link : <s>{link}</s>}
                  <br />
                  <Digest sha256={sha256} />
                </>
              );
            },
            as: 'text',
          },
          {
            head: 'What it is',
            cell: ({ kind, contributor }) =>
              contributor === undefined ? KINDS[kind] : `${KINDS[kind]}, by ${contributor}`,
          },
          { head: 'Bytes', cell: ({ size }) => countText(size), as: 'number' },
          {
            head: 'Attached',
            as: 'wide',
            cell: ({ actor, recordedAt }) => (
              <>
                by {actor}, <When at={recordedAt} />
              </>
            ),
          },
          {
            head: 'Record',
            cell: ({ holder, withdrawnBy }) => (
              <>
                <RecordLink number={holder} />
                {withdrawnBy !== undefined && (
                  <>
                    , withdrawn in <RecordLink number={withdrawnBy} />
                  </>
                )}
              </>
            ),
          },
        ]}
      />
      {files.length > MOST_ROWS && (
        <p class="quiet">{`The last ${MOST_ROWS} of ${files.length}: the others are among the records.`}</p>
      )}
    </>
  );
}

/** It may be broken into lines, and is copied as one word. */
function Digest({ sha256 }: { readonly sha256: string }): JSX.Element {
  const [first, ...others] = sha256.match(/.{16}/g) ?? [];
  return (
    <code>
      {first}
      {others.map((part) => (
        <>
          <wbr />
          {part}
        </>
      ))}
    </code>
  );
}
