/** The stylesheet of the page. It is served as a file, so that the content security policy needs no exception. */
export const STYLE = `:root {
  color-scheme: light dark;
  --ink: #1c1b19; --quiet: #5d5a54; --paper: #fdfcf9; --panel: #f2f0ea; --line: #d5d1c7; --link: #0b4f8a;
}
@media (prefers-color-scheme: dark) {
  :root { --ink: #ece9e2; --quiet: #aba69b; --paper: #191816; --panel: #24221f; --line: #45423b; --link: #8ec2f5; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 1rem/1.5 system-ui, sans-serif; }
main, header, nav, footer { max-width: 46rem; margin: 0 auto; padding: 0 1rem; }
header { padding-top: 1.5rem; }
h1, h2, h3 { line-height: 1.2; }
h2 { margin-top: 3rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
h3 { margin: 2.5rem 0 .25rem; }
h4 { margin: 1rem 0 .25rem; font-size: 1rem; }
a { color: var(--link); }
a:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: .5rem; background: var(--paper); padding: .25rem .5rem; }
.banner { padding: .5rem .75rem; border: 2px solid currentcolor; background: var(--panel); }
.quiet { color: var(--quiet); }
code, pre { font: .875rem/1.5 ui-monospace, monospace; overflow-wrap: anywhere; }
pre { margin: .25rem 0; padding: .75rem; background: var(--panel); border: 1px solid var(--line); white-space: pre-wrap; }
dl { margin: .5rem 0; }
dt { margin-top: .5rem; }
dd { margin: 0 0 0 1.25rem; }
nav ul { columns: 14rem; padding-left: 1.25rem; }
nav > ul > li { break-inside: avoid; }
footer { margin-top: 4rem; padding-bottom: 2rem; border-top: 1px solid var(--line); }
@media print {
  nav, .skip { display: none; }
  :root { --ink: #000; --quiet: #444; --paper: #fff; --panel: #fff; --line: #999; --link: #000; }
  body { font-size: 10pt; }
  section { break-inside: auto; }
  h2, h3, h4, dt { break-after: avoid; }
  pre { break-inside: avoid; }
}
`;
