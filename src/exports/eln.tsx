import type { JSX } from 'preact';
import { withoutParameters } from './media-type.js';
import { sha256Hex } from '../shared/sha256.js';
import { snapshotName, SIMULATED_NOTICE, type Snapshot } from './snapshot.js';
import { renderToString } from 'preact-render-to-string';
import { zipSorted } from '../shared/zip-files.js';

export interface ElnFile {
  readonly name: string;
  readonly summary: string;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** `sha256` is a term of the ELN file format, and not yet one of this version of RO-Crate. */
const CONTEXT = ['https://w3id.org/ro/crate/1.1/context', { sha256: 'http://schema.org/sha256' }];

/**
 * The files as an `.eln`: an RO-Crate 1.1 in a zip with one folder at its root, in it one experiment, as electronic lab
 * notebooks import it. The same files and name give the same bytes.
 *
 * @param root name of the archive, and of the folder in it
 */
export function elnArchive(
  root: string,
  snapshot: Snapshot,
  director: string | null,
  files: readonly ElnFile[],
): Uint8Array {
  const entries: Record<string, Uint8Array> = {
    [`${root}/ro-crate-metadata.json`]: Buffer.from(metadata(snapshot, director, files)),
  };
  for (const { name, bytes } of files) entries[`${root}/${snapshot.code}/${name}`] = bytes;
  return zipSorted(entries);
}

function metadata(snapshot: Snapshot, director: string | null, files: readonly ElnFile[]): string {
  const { code, title, facility, size, root, recorded, simulated, version } = snapshot;
  const experiment = `./${code}/`;
  const person = './person/director';
  const graph = [
    {
      '@id': 'ro-crate-metadata.json',
      '@type': 'CreativeWork',
      about: { '@id': './' },
      conformsTo: { '@id': 'https://w3id.org/ro/crate/1.1' },
      dateCreated: recorded,
      version: '1.0',
      sdPublisher: { '@id': '#study-ledger' },
    },
    {
      '@id': './',
      '@type': 'Dataset',
      name: `${simulated ? 'SIMULATED: ' : ''}Study ${code}`,
      description: `Study ${code} at tree size ${size}, root ${root}`,
      datePublished: recorded,
      license: { '@id': '#rights' },
      hasPart: [{ '@id': experiment }],
    },
    {
      '@id': '#study-ledger',
      '@type': 'Organization',
      name: `Study Ledger ${version}, ledger of ${facility}`,
    },
    { '@id': '#rights', '@type': 'CreativeWork', name: `Rights of ${facility}` },
    {
      '@id': person,
      '@type': 'Person',
      identifier: director ?? 'not recorded',
      name: director ?? 'not recorded',
    },
    {
      '@id': experiment,
      '@type': 'Dataset',
      name: `${simulated ? 'SIMULATED: ' : ''}${code}: ${title}`,
      genre: 'experiment',
      identifier: snapshotName(snapshot),
      author: { '@id': person },
      dateCreated: recorded,
      dateModified: recorded,
      keywords: `study ledger,tree size ${size}${simulated ? ',simulated' : ''}`,
      text: renderToString(<Text snapshot={snapshot} />),
      hasPart: files.map(({ name }) => ({ '@id': `${experiment}${name}` })),
    },
    ...files.map(({ name, summary, mediaType, bytes }) => ({
      '@id': `${experiment}${name}`,
      '@type': 'File',
      name,
      description: summary,
      encodingFormat: withoutParameters(mediaType),
      contentSize: String(bytes.length),
      sha256: sha256Hex(bytes),
    })),
  ];
  return `${JSON.stringify({ '@context': CONTEXT, '@graph': graph }, null, 2)}\n`;
}

function Text({
  snapshot: { code, facility, size, root, simulated },
}: {
  readonly snapshot: Snapshot;
}): JSX.Element {
  return (
    <>
      {simulated && (
        <p>
          <strong>{SIMULATED_NOTICE}</strong>
        </p>
      )}
      <p>
        {`Study ${code} of ${facility} at tree size ${size}, root ${root}. These files are made from records 0 to ${size - 1} and are not evidence themselves: the records are, and the audit bundle of the study holds them.`}
      </p>
    </>
  );
}
