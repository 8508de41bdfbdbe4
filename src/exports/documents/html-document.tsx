import type { JSX } from 'preact';
import { Figure } from '../../console/parts/figure.js';
import { Table } from '../../console/parts/table.js';
import { withoutLinks } from '../figures/drawing.js';
import type { Block, Document, TableBlock } from './document.js';
import { renderPage } from './page.js';

/** A part of the document: a heading of level 2 and what stands under it. */
interface Part {
  readonly id: string;
  readonly text: string;
  readonly newPage: boolean;
  readonly blocks: Block[];
}

/** The document as one self-contained page. */
export function htmlDocument({ title, notice, foot, blocks }: Document): string {
  const { start, parts } = inParts(blocks);
  return renderPage({
    title,
    label: 'made from the records, not evidence itself',
    notice,
    foot,
    contents: parts,
    main: (
      <>
        {start.map((block) => (
          <Shown block={block} label="About this document" />
        ))}
        {parts.map(({ id, text, newPage, blocks: inside }) => (
          <section id={id} class={newPage ? 'new-page' : undefined}>
            <h2>{text}</h2>
            {inside.map((block, index) => (
              <Shown block={block} label={labelOf(inside, index) ?? text} />
            ))}
          </section>
        ))}
      </>
    ),
  });
}

function inParts(blocks: readonly Block[]): { start: Block[]; parts: Part[] } {
  const start: Block[] = [];
  const parts: Part[] = [];
  for (const block of blocks)
    if (block.kind === 'heading' && block.level === 2)
      parts.push({
        id: `part-${parts.length + 1}`,
        text: block.text,
        newPage: block.newPage ?? false,
        blocks: [],
      });
    else (parts.at(-1)?.blocks ?? start).push(block);
  return { start, parts };
}

/** The nearest heading above. */
function labelOf(blocks: readonly Block[], index: number): string | undefined {
  const above = blocks.slice(0, index).findLast(({ kind }) => kind === 'heading');
  return above?.kind === 'heading' ? above.text : undefined;
}

function Shown({ block, label }: { readonly block: Block; readonly label: string }): JSX.Element {
  switch (block.kind) {
    case 'heading':
      return <h3 class={block.newPage ? 'new-page' : undefined}>{block.text}</h3>;
    case 'text':
      return <p class="prose">{block.text}</p>;
    case 'table':
      return <Matrix table={block} label={label} />;
    case 'figure':
      return <Figure drawing={withoutLinks(block.drawing)}>{block.caption}</Figure>;
  }
}

/** On paper a column is as wide as the document says; here it is as wide as its text needs. */
function Matrix({
  table: { heads, rows, widths },
  label,
}: {
  readonly table: TableBlock;
  readonly label: string;
}): JSX.Element {
  const narrow = Math.min(...widths);
  const columns = heads.map((head, at) => ({
    head,
    cell: (row: readonly string[]) => row[at],
    ...(widths[at]! > 2 * narrow ? { as: 'text' as const } : widths[at]! > narrow && { as: 'wide' as const }),
  }));
  return <Table dense label={label} rows={rows} columns={columns} />;
}
