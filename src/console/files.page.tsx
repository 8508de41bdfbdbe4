import type { JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { FILES, type StudyFile } from '../exports/files.js';
import { archiveOf } from '../study/archive.js';
import { attachmentsOf, type Attachment } from '../study/attachments.js';
import { instantMs } from '../study/instant.js';
import { studyPage, type MainProps } from './page.js';
import { Attached } from './parts/attached.js';
import { FileHref, StudyLink } from './parts/links.js';
import { Table } from './parts/table.js';
import { counted } from './words/phrase.js';

interface FilesAnswer {
  readonly size: number;
  readonly attached: readonly Attachment[];
  readonly isArchived: boolean;
}

interface Group {
  readonly title: string;
  readonly use: string;
  readonly holds: (file: StudyFile) => boolean;
}

const GROUPS: readonly Group[] = [
  {
    title: 'For statistics',
    use: 'One row for each fact, for R, pandas, SPSS or a spreadsheet. Every row names the record that it was made from.',
    holds: ({ name }) => name.startsWith('table.'),
  },
  {
    title: 'For GraphPad Prism',
    use: 'Thresholds by group and time point. Open the file and paste it into a grouped table.',
    holds: ({ name }) => name.startsWith('grouped-'),
  },
  {
    title: 'Figures',
    use: 'For a talk, a poster or a paper: SVG and PNG, and the means that are drawn as numbers.',
    holds: ({ name }) => name === 'figures.zip',
  },
  {
    title: 'To read and to print',
    use: 'The study in words and figures, for its director, for quality assurance and for an inspector.',
    holds: ({ mediaType, name }) =>
      /^(text\/html|application\/pdf)/.test(mediaType) || name === 'data-pack.json',
  },
  {
    title: 'For other systems',
    use: 'Data sets for a submission, and an archive that an electronic laboratory notebook takes.',
    holds: () => true,
  },
];

export const filesPage = studyPage<FilesAnswer>({
  path: '/studies/:code/files',
  name: 'Files',
  title: () => 'Files',
  // oxlint-disable-next-line require-yield -- it takes no time
  *answer({ study, untilMs }) {
    const attached = attachmentsOf(study).filter(({ occurredAt }) => (instantMs(occurredAt) ?? 0) <= untilMs);
    return { size: study.size, attached, isArchived: archiveOf(study) !== undefined };
  },
  main: Main,
});

function Main({ answer: { size, attached, isArchived }, params }: MainProps<FilesAnswer>): JSX.Element {
  const code = params['code'] ?? '';
  return (
    <>
      <h1>Files</h1>
      <p class="lead">
        An attached file is downloaded as it was sent. Each other one is made from the{' '}
        {counted(size, 'record')} of this page and from nothing later: the same tree size gives the same bytes
        again.
      </p>
      <section id="attached">
        <h2>Attached files</h2>
        <Attached study={code} files={attached} />
        {!isArchived && (
          <p>
            <a href={`/studies/${code}/attach`}>Attach a file</a>
          </p>
        )}
      </section>
      {GROUPS.map((group) => (
        <section>
          <h2>{group.title}</h2>
          <p>{group.use}</p>
          <FileTable label={group.title} files={FILES.filter((file) => groupOf(file) === group)} />
        </section>
      ))}
      <section>
        <h2>Evidence</h2>
        <p>
          The audit bundle holds the records, the signed tree heads, the proofs and a verifier that needs only
          Node. Its receiver checks it without this server. An export is recorded in the access log, so it is
          made by a command, while the server is stopped; with <code>--unrecorded</code> it runs beside the
          server and records nothing:
        </p>
        <pre tabIndex={0} aria-label="Command">
          {`node dist/cli.js export --study ${code} --data <folder> --at ${size} --to ${code}-${size}.zip`}
        </pre>
        <p>
          <StudyLink to="/verify">Verify</StudyLink> says how it is checked, and how a head on paper is
          compared.
        </p>
      </section>
    </>
  );
}

/** A file stands in the first group that takes it. */
function groupOf(file: StudyFile): Group | undefined {
  return GROUPS.find(({ holds }) => holds(file));
}

function FileTable({
  label,
  files,
}: {
  readonly label: string;
  readonly files: readonly StudyFile[];
}): JSX.Element {
  const href = useContext(FileHref);
  return (
    <Table
      label={label}
      rows={files}
      columns={[
        { head: 'File', cell: ({ name }) => <a href={href(name)}>{name}</a> },
        { head: 'What it holds', cell: ({ summary }) => summary, as: 'text' },
      ]}
    />
  );
}
