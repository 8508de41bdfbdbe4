import { Html } from './html.js';

/** For screens and for paper: black on white, tables that repeat their heads, one animal a page. */
export const STYLE = new Html(`
:root { color-scheme: light; }
body { font: 10pt/1.45 Georgia, 'Times New Roman', serif; color: #111; background: #fff; max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
h1, h2, h3, th { font-family: system-ui, Helvetica, Arial, sans-serif; }
h1 { font-size: 16pt; } h2 { font-size: 13pt; margin-top: 2.5rem; } h3 { font-size: 11pt; }
table { border-collapse: collapse; width: 100%; margin: .6rem 0; }
th, td { text-align: left; vertical-align: top; padding: .25rem .5rem; border-bottom: 1px solid #ccc; overflow-wrap: break-word; }
th { font-size: 8.5pt; color: #444; } thead { display: table-header-group; } tr { break-inside: avoid; }
.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
.none { color: #555; font-style: italic; }
.simulated { border: 3px solid #a00; color: #a00; padding: .6rem 1rem; font: bold 13pt system-ui, sans-serif; text-align: center; }
del { color: #a00; } ins { color: #060; text-decoration: none; font-weight: bold; } s { color: #666; }
@media print { body { margin: 0; max-width: none; } section { break-before: page; } @page { margin: 16mm; } }
`);
