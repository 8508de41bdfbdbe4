import type { ComponentChildren, JSX } from 'preact';
import { Persons } from '../../console/parts/persons.js';
import { Facts } from '../../console/parts/table.js';
import { counted } from '../../console/words/phrase.js';
import { isOf } from '../../study/record.js';
import { recordFlags } from '../../study/projections/audit-trail.projection.js';
import type { Study } from '../../study/study.js';
import { renderPage } from '../documents/page.js';
import { SIMULATED_NOTICE } from '../snapshot.js';
import { expectedVerdict, type About } from './about.js';
import { Identity } from './bundle-parts.js';

/** At the root of the bag, beside `data/`. */
export const START_PAGE = 'index.html';

/** The first page of a bundle: what it is, what was changed, who acted, how to check it, and what a check leaves out. */
export function startPage(about: About, study: Study): string {
  const { code, title, facility, simulated, version } = about;
  const parts: readonly (readonly [id: string, text: string, inside: ComponentChildren])[] = [
    ['read', 'What to read', <ToRead isPart={about.partial !== undefined} />],
    ['changed', 'What was changed', <Changed study={study} />],
    ['actors', 'Who acted', <Persons persons={about.people.persons} names={about.names} />],
    ['check', 'How to check it', <Check about={about} />],
    ['not-compared', 'What verify.mjs does not compare', <NotCompared version={version} />],
  ];
  return renderPage({
    title: `${code}: ${title}`,
    label: `${facility} · audit bundle`,
    notice: simulated ? SIMULATED_NOTICE : undefined,
    foot: `Made by Study Ledger ${version}. Not evidence itself: the records are.`,
    contents: parts.map(([id, text]) => ({ id, text })),
    main: (
      <>
        <Identity about={about} study={study} />
        {parts.map(([id, text, inside]) => (
          <section id={id}>
            <h2>{text}</h2>
            {inside}
          </section>
        ))}
      </>
    ),
  });
}

function ToRead({ isPart }: { readonly isPart: boolean }): JSX.Element {
  const files: readonly (readonly [path: string, name: string, what: string])[] = [
    ['study.html', 'The study', 'results, corrections, flags, and every record as a sentence'],
    ...(isPart
      ? []
      : ([
          ['files/report.html', 'Report', 'with its figures; report.pdf beside it is the same for paper'],
          ['files/data-pack.html', 'Data pack', 'what the records hold for each number of 21 CFR 58.185(a)'],
        ] as const)),
    ['files/table.csv', 'Table', 'every measurement and treatment, a row each'],
    ['ledger/study/records.ndjson', 'The records', 'one a line, as they were recorded: the evidence'],
    ['ledger/README.md', 'The ledger', 'what each of its files is'],
  ];
  return (
    <Facts
      facts={files.map(([path, name, what]) => [
        <a href={`data/${path}`}>{name}</a>,
        <>
          {what} <span class="quiet">(data/{path})</span>
        </>,
      ])}
    />
  );
}

function Changed({ study }: { readonly study: Study }): JSX.Element {
  let [corrected, withdrawn, flagged] = [0, 0, 0];
  for (const { record } of study.records) {
    if (isOf('RecordCorrected', record)) corrected++;
    if (isOf('RecordVoided', record)) withdrawn++;
    if (recordFlags(record).length > 0) flagged++;
  }
  return (
    <Facts
      facts={[
        [
          <a href="data/study.html#changed">Corrections</a>,
          `${counted(corrected, 'record')}, each with what it replaced and why`,
        ],
        [<a href="data/study.html#changed">Withdrawals</a>, counted(withdrawn, 'record')],
        [
          <a href="data/study.html#flags">Flags</a>,
          `${counted(flagged, 'record')}: deviations, late entries, implausible values`,
        ],
      ]}
    />
  );
}

function Check({ about }: { readonly about: About }): JSX.Element {
  const { labVkey, witnessed } = about;
  const { verdict, exitCode } = expectedVerdict(about);
  return (
    <>
      <p class="prose">In the folder of this page, with Node 20 or later and nothing else:</p>
      <pre tabIndex={0} aria-label="Command">{`node data/ledger/verify.mjs --lab-vkey '${labVkey}'`}</pre>
      <p class="prose">
        It should say: records <strong>{verdict}</strong>, exit code {exitCode}. Take the key from the
        laboratory’s own paper, an earlier bundle or your quality assurance, not from this bundle: a forged
        bundle agrees with the key that it names. <a href="data/ledger/VERIFY.md">VERIFY.md</a> gives the same
        checks for openssl, sha256sum, xxd and jq.
      </p>
      {!witnessed && (
        <p class="prose">
          <strong>Unwitnessed.</strong> No outside witness has cosigned this laboratory’s log. Whoever holds
          its folder and its seed could have rewritten all of it before this bundle was made, and nothing in
          it would show that.
        </p>
      )}
    </>
  );
}

function NotCompared({ version }: Pick<About, 'version'>): JSX.Element {
  return (
    <>
      <p class="prose">
        <code>verify.mjs</code> checks the records, and passes where one of these was altered and its checksum
        made again:
      </p>
      <ul>
        <li>
          this page and <code>data/study.html</code>
        </li>
        <li>
          everything in <code>data/files/</code>: report, tables, data sets
        </li>
        <li>
          <code>README.md</code>, <code>VERIFY.md</code> and <code>verify.mjs</code> itself in{' '}
          <code>data/ledger/</code>
        </li>
        <li>
          <code>bag-info.txt</code> and <code>data/ro-crate-metadata.json</code>, which describe the bundle
          for programs
        </li>
      </ul>
      <p class="prose">
        <code>study-ledger verify</code> of version {version}, from a release, makes all of them again from
        the records and compares them byte for byte.
      </p>
    </>
  );
}
