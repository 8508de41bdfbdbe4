import { posix } from 'node:path';
import { withoutParameters } from '../media-type.js';
import { bundleName, type About } from './about.js';
import type { WrittenFile } from './bag-writer.js';
import { filesIn } from '../files.js';

export const CRATE = 'ro-crate-metadata.json';

/** Folders that are described as a whole. */
const FOLDERS: Readonly<Record<string, string>> = {
  'ledger/study/tile/': 'The study’s log as C2SP tlog-tiles',
  'ledger/lab/tile/': 'The laboratory’s log as C2SP tlog-tiles',
  'ledger/attachments/': 'Files that records of the study name, each under its SHA-256',
  'ledger/schemas/': 'JSON Schemas of the record types',
  'ledger/anchors/': 'Proofs that the study’s head is in the laboratory’s log',
  'ledger/proofs/': 'Proofs that single records are in the study’s log',
  ...Object.fromEntries(
    filesIn('bundle').flatMap(({ unpacked, summary }) =>
      unpacked ? [[`files/${unpacked.folder}/`, summary]] : [],
    ),
  ),
  'ledger/disclosures/': 'Names of persons, each the disclosure of a digest in the laboratory’s log',
  'ledger/timestamps/': 'RFC 3161 time stamps over the laboratory’s checkpoints',
};

const FILES: Readonly<Record<string, [description: string, format: string]>> = {
  ...Object.fromEntries(
    filesIn('bundle').map(({ name, summary, mediaType }) => [
      `files/${name}`,
      [summary, withoutParameters(mediaType)],
    ]),
  ),
  'study.html': ['The study as people read it', 'text/html'],
  'ledger/README.md': ['What this is', 'text/markdown'],
  'ledger/VERIFY.md': ['How to check it with openssl, sha256sum and jq', 'text/markdown'],
  'ledger/verify.mjs': ['Verifier, one file for Node', 'text/javascript'],
  'ledger/keys.txt': ['Every published key', 'text/plain'],
  'ledger/study/records.ndjson': [
    'Records of the study, one CloudEvents object a line',
    'application/x-ndjson',
  ],
  'ledger/study/checkpoint': ['Signed head of the study’s log', 'text/plain'],
  'ledger/study/selection.json': ['Which records are here', 'application/json'],
  'ledger/lab/records.ndjson': [
    'Records of the laboratory, one CloudEvents object a line',
    'application/x-ndjson',
  ],
  'ledger/lab/checkpoint': ['Signed head of the laboratory’s log', 'text/plain'],
  'ledger/policy/lab.policy': ['Whose signatures count for the laboratory’s log', 'text/plain'],
  'ledger/policy/study.policy': ['Whose signatures count for the study’s log', 'text/plain'],
};

/** Terms that the context of RO-Crate lacks. */
const CONTEXT = [
  'https://w3id.org/ro/crate/1.2/context',
  { sha512: 'https://w3id.org/ro/terms/workflow-run#sha512' },
];

/** `ro-crate-metadata.json` (RO-Crate 1.2) for what has been written into the bag. */
export function crate(about: About, written: readonly WrittenFile[]): string {
  const files = written.flatMap(({ path, bytes, sha512 }) => {
    const id = path.slice('data/'.length);
    const [description, encodingFormat] = FILES[id] ?? [];
    if (description === undefined) return [];
    const name = posix.basename(id);
    return [
      { '@id': id, '@type': 'File', name, description, encodingFormat, contentSize: String(bytes), sha512 },
    ];
  });
  const folders = Object.entries(FOLDERS)
    .filter(([id]) => written.some(({ path }) => path.startsWith(`data/${id}`)))
    .map(([id, description]) => ({ '@id': id, '@type': 'Dataset', name: id.slice(0, -1), description }));
  const parts = [...folders, ...files];
  const graph = [
    {
      '@id': 'ro-crate-metadata.json',
      '@type': 'CreativeWork',
      name: 'Description of this bundle',
      about: { '@id': './' },
      conformsTo: { '@id': 'https://w3id.org/ro/crate/1.2' },
    },
    root(
      about,
      parts.map(({ '@id': id }) => ({ '@id': id })),
    ),
    ...contextOf(about),
    ...parts,
  ];
  return `${JSON.stringify({ '@context': CONTEXT, '@graph': graph }, null, 2)}\n`;
}

function root(about: About, hasPart: readonly object[]): object {
  const { code, title, simulated, size, root, anchor, partial } = about;
  const part = partial
    ? `, records about animal ${partial.subject} only (${partial.records} of ${size})`
    : '';
  return {
    '@id': './',
    '@type': 'Dataset',
    identifier: { '@id': '#identifier' },
    name: `${simulated ? 'SIMULATED: ' : ''}Study ${code}: ${title}`,
    description: `Audit bundle of study ${code} at tree size ${size}, root ${root}, anchored in lab record ${anchor.record}${part}.${simulated ? ' All data are simulated.' : ''}`,
    datePublished: anchor.recorded,
    license: { '@id': '#rights' },
    publisher: { '@id': '#facility' },
    mentions: { '@id': '#export' },
    hasPart,
  };
}

/** What is no part of the bundle: rights, the facility, the program and what it did. */
function contextOf(about: About): object[] {
  const { facility, version, anchor } = about;
  return [
    { '@id': '#identifier', '@type': 'PropertyValue', name: 'Name of the bundle', value: bundleName(about) },
    {
      '@id': '#rights',
      '@type': 'CreativeWork',
      name: `Rights of ${facility}`,
      description: 'Study records of the facility named; no licence to re-use them is given by this bundle.',
    },
    {
      '@id': '#facility',
      '@type': 'Organization',
      name: facility,
      description: 'The facility whose ledger holds the study',
    },
    {
      '@id': '#study-ledger',
      '@type': 'SoftwareApplication',
      name: 'Study Ledger',
      description: 'The program that wrote the bundle',
      // It has no page on the web. This one, in the bundle, says what it is.
      url: { '@id': 'ledger/README.md' },
      version,
    },
    {
      '@id': '#export',
      '@type': 'CreateAction',
      name: 'Export of the audit bundle',
      description: 'Written from the records up to the anchor; the time is that of the anchor',
      endTime: anchor.recorded,
      instrument: { '@id': '#study-ledger' },
      object: { '@id': 'ledger/lab/records.ndjson' },
      result: { '@id': './' },
    },
  ];
}
