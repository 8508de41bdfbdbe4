import type { JSX } from 'preact';
import { dataInWords } from '../../exports/documents/in-words.js';
import type { Change } from '../../study/projections/member-changes.js';
import { Table } from './table.js';

/** Before → after, member by member. */
export function Changes({ changes }: { readonly changes: readonly Change[] }): JSX.Element {
  return (
    <Table
      label="Before and after"
      rows={changes}
      columns={[
        { head: 'What', cell: ({ field }) => memberInWords(field.replace(/^data\./, '')) },
        { head: 'Before', as: 'wide', cell: ({ from }) => <del>{dataInWords(from)}</del> },
        { head: 'After', as: 'wide', cell: ({ to }) => <ins>{dataInWords(to)}</ins> },
      ]}
    />
  );
}

/** `occurredAt` → `occurred at`; `clientDataJSON` → `client data JSON`. */
export function memberInWords(name: string): string {
  return name
    .replace(/[A-Z]{2,}|[A-Z]/g, (letters) => ` ${letters.length > 1 ? letters : letters.toLowerCase()}`)
    .replaceAll('.', ', ');
}
