import { readFileSync } from 'node:fs';
import type { JSX } from 'preact';
import { renderToString } from 'preact-render-to-string';

/** A page that leaves the house: it looks like a page of the console and needs nothing else. */
export interface PageProps {
  readonly title: string;
  /** Above the title: the facility, and what the page is. */
  readonly label: string;
  readonly notice: string | undefined;
  readonly foot: string;
  /** In the order of the page; `id` is that of a section. */
  readonly contents: readonly { readonly id: string; readonly text: string }[];
  readonly main: JSX.Element;
}

/** The style sheet of the console in few bytes; nothing in it depends on blanks. */
const STYLE = readFileSync(new URL('../../console/style.css', import.meta.url), 'utf8')
  .replaceAll(/\/\*.*?\*\//gs, '')
  .replaceAll(/\s+/g, ' ')
  .trim();

/** One file: no script, no address of another server. It can be printed. */
export function renderPage({ title, label, notice, foot, contents, main }: PageProps): string {
  const simulated = notice !== undefined && (
    <p class="simulated" role="note">
      <strong>{notice}</strong>
    </p>
  );
  const page = (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <title>{`${notice === undefined ? '' : 'SIMULATED: '}${title}`}</title>
        <style dangerouslySetInnerHTML={{ __html: STYLE }} />
      </head>
      <body>
        <a class="skip" href="#main">
          To the content
        </a>
        {simulated}
        <header class="ledger">
          <p class="home">
            <span>Study Ledger</span> <span class="quiet">{label}</span>
          </p>
        </header>
        <main id="main">
          <h1>{title}</h1>
          {contents.length > 1 && <Contents contents={contents} />}
          {main}
        </main>
        <footer>
          <p>{foot}</p>
        </footer>
        {simulated}
      </body>
    </html>
  );
  return `<!doctype html>\n${lines(renderToString(page))}\n`;
}

/** An element a line, so that whoever compares two pages can say where they differ. */
function lines(html: string): string {
  return html.replaceAll(/<(?=(?:section|h[1-3]|p|tr|li|div|details|footer|main)[ >])/g, '\n<');
}

function Contents({ contents }: Pick<PageProps, 'contents'>): JSX.Element {
  return (
    <nav class="contents" aria-label="Contents">
      <ul>
        {contents.map(({ id, text }) => (
          <li>
            <a href={`#${id}`}>{text}</a>
          </li>
        ))}
      </ul>
    </nav>
  );
}
