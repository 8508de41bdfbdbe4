import type { JSX } from 'preact';
import type { PublishedKey } from '../../lab/lab.js';
import { Table } from './table.js';
import { API } from '../../shared/api-prefix.js';

export interface ShownKey extends PublishedKey {
  /** SHA-256 of the verifier key’s line, hex. */
  readonly digest: string;
}

/** The keys to compare with those that the laboratory gave by another way. */
export function Keys({
  keys,
  labKeys,
}: {
  readonly keys: readonly ShownKey[];
  readonly labKeys: readonly ShownKey[];
}): JSX.Element {
  const rows = [
    ...labKeys.map((key) => ({ ...key, of: 'the laboratory' })),
    ...keys.map((key) => ({ ...key, of: 'this study' })),
  ];
  return (
    <section id="keys">
      <h2>Keys</h2>
      <p>
        A server could show a false key. Compare the key of the laboratory with the one that the laboratory
        gave you by another way, such as on paper or by telephone. The log of the laboratory, which that key
        signs, names the key of each study.
      </p>
      <Table
        label="Keys"
        rows={rows}
        columns={[
          { head: 'Key of', cell: ({ of, epoch }) => (epoch > 1 ? `${of}, epoch ${epoch}` : of) },
          {
            head: 'Fingerprint: SHA-256 of the key beside it',
            as: 'text',
            cell: ({ digest }) => <code>{grouped(digest)}</code>,
          },
          { head: 'Verifier key', as: 'text', cell: ({ vkey }) => <code>{vkey}</code> },
          {
            head: 'Lab record',
            cell: ({ number }) => <a href={`${API}/lab/records?from=${number}&limit=1`}>{`#${number}`}</a>,
          },
        ]}
      />
    </section>
  );
}

/** In groups of four, to be read aloud. */
function grouped(digest: string): string {
  return digest.match(/.{4}/g)!.join(' ');
}
