import { svg } from '../figures/svg.js';
import { Html, markup } from './html.js';
import { STYLE } from './page-style.js';
import type { Block, Document, TableBlock } from './document.js';

const FIGURES = new Html(`
figure { margin: .8rem 0; break-inside: avoid; } figure svg { width: 100%; height: auto; max-width: 52rem; display: block; }
figcaption { font-size: 9pt; color: #333; }
th, td { overflow-wrap: break-word; } h2, h3 { break-after: avoid; } .page { break-before: page; }
footer { margin-top: 2rem; border-top: 1px solid #ccc; font-size: 8.5pt; color: #333; overflow-wrap: anywhere; }
@media print { body { font-size: 9pt; } table { font-size: 8.5pt; } figure svg { max-width: none; max-height: 130mm; } }
`);

/** One self-contained page: no script, no link to elsewhere, figures inline; can be printed. */
export function htmlDocument({ title, notice, foot, blocks }: Document): string {
  const banner = notice === undefined ? markup`` : markup`<p class="simulated">${notice}</p>`;
  return markup`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
    <title>${notice === undefined ? '' : 'SIMULATED: '}${title}</title>
    <style>${STYLE}${FIGURES}</style>
  </head>
  <body>
    ${banner}
    <h1>${title}</h1>
    ${blocks.map(renderBlock)}
    ${banner}
    <footer>${foot}</footer>
  </body>
</html>
`.text;
}

function renderBlock(block: Block): Html {
  switch (block.kind) {
    case 'heading': {
      const page = block.newPage ? markup` class="page"` : markup``;
      return block.level === 2
        ? markup`<h2${page}>${block.text}</h2>\n`
        : markup`<h3${page}>${block.text}</h3>\n`;
    }
    case 'text':
      return markup`<p>${block.text}</p>\n`;
    case 'table':
      return table(block);
    case 'figure':
      return markup`<figure>${svg(block.drawing)}<figcaption>${block.caption}</figcaption></figure>\n`;
  }
}

function table({ heads, widths, rows }: TableBlock): Html {
  if (rows.length === 0) return markup`<p class="none">None.</p>\n`;
  const sum = widths.reduce((total, one) => total + one, 0);
  const columns = widths.map((one) => markup`<col style="width:${((100 * one) / sum).toFixed(1)}%">`);
  const head = heads.some((one) => one !== '')
    ? markup`<thead><tr>${heads.map((one) => markup`<th>${one}</th>`)}</tr></thead>`
    : markup``;
  const body = rows.map((row) => markup`<tr>${row.map((cell) => markup`<td>${cell}</td>`)}</tr>\n`);
  return markup`<table><colgroup>${columns}</colgroup>${head}<tbody>
${body}</tbody></table>
`;
}
