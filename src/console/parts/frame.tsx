import type { JSX } from 'preact';
import type { Archive } from '../../study/archive.js';
import { dateInWords } from '../words/dates.js';
import { countText, counted } from '../words/phrase.js';
import { Badge, type Anchored } from './badge.js';
import { When } from './when.js';
import { Who, type SignedInAs } from './who.js';

/** A page in the navigation, with the address that keeps tree size and until. */
export interface NavigationLink {
  readonly name: string;
  readonly href: string;
  /** Whether this page is it, or one of those below it. */
  readonly here: 'page' | 'true' | undefined;
}

/** The study that a page is about. */
export interface StudyName {
  readonly code: string;
  /** Null before it is opened; undefined where it is not looked up. */
  readonly title?: string | null;
  /** Where it is archived, by the records that the page rests on. */
  readonly archived?: Archive | undefined;
  /** `at` and `until` of the address, where it has them. */
  readonly at: string | undefined;
  readonly until: string | undefined;
  readonly navigation: readonly NavigationLink[];
  /** Address of the search. */
  readonly find: string;
  /** Of a page that shows the present: how many records it rests on, and where the feed goes on after them. */
  readonly live?: { readonly size: number; readonly cursor: string };
}

/** And where in its records the reader is. */
export interface StudyFrame extends StudyName {
  /** Number of records there are, and of those that the page rests on. */
  readonly head: number;
  readonly size: number;
  /** The smallest tree size at which this page is there. */
  readonly least: number;
  /** When the last record of those shown was written. */
  readonly recorded: string | null;
  readonly root: string;
  /** The keys that the study's log signed with, the one in force last: what the reader's browser checks signatures with. */
  readonly keys: readonly string[];
  readonly anchored: Anchored;
  /** The rest of the address's query, which the slider keeps. */
  readonly kept: Readonly<Record<string, string>>;
  /** Where the feed goes on after the last record that there is. */
  readonly cursor: string;
}

export interface FrameProps {
  readonly facility: string;
  readonly simulated: boolean;
  readonly version: string;
  readonly title: string;
  /** The path of this page, which the slider asks again with another tree size. */
  readonly path: string;
  readonly navigation: readonly NavigationLink[];
  /** Undefined where nobody is signed in; null where a page is the same for everybody. */
  readonly who?: SignedInAs | undefined | null;
  /** A page that could not be made has the name of its study only. */
  readonly study?: StudyFrame | StudyName | undefined;
  /** Addresses of the icon, the style sheet and the scripts. */
  readonly icon: string;
  readonly style: string;
  readonly scripts: readonly string[];
  readonly main: JSX.Element;
}

/** The whole document. What stands outside `<main>` may speak of the present; `<main>` never does. */
export function Frame(props: FrameProps): JSX.Element {
  const { facility, simulated, version, title, study, navigation, who, icon, style, scripts, main } = props;
  const shown = study && 'size' in study ? study : undefined;
  const past = shown !== undefined && shown.size < shown.head;
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>{`${title} · ${study ? `${study.code} · ` : ''}Study Ledger`}</title>
        <link rel="icon" href={icon} type="image/svg+xml" />
        <link rel="stylesheet" href={style} />
        {scripts.map((script) => (
          <script type="module" src={script} />
        ))}
      </head>
      <body class={past ? 'past' : undefined}>
        <a class="skip" href="#main">
          To the content
        </a>
        {simulated && (
          <p class="simulated" role="note">
            <strong>Simulated data.</strong> No animal was used: every value here was made by a program.
          </p>
        )}
        <header class="ledger">
          <p class="home">
            <a href="/">Study Ledger</a> <span class="quiet">{facility}</span>
          </p>
          <Navigation label="The ledger" links={navigation} />
          {who !== null && <Who who={who} />}
        </header>
        {study && (
          <div class="study">
            <StudyHead study={study} />
            {shown && <TimeBar study={shown} path={props.path} past={past} />}
            {study.live && (
              <div
                class="live"
                data-study={study.code}
                data-size={study.live.size}
                data-cursor={study.live.cursor}
                hidden
              />
            )}
          </div>
        )}
        <main id="main">{main}</main>
        <footer>
          {shown && (
            <p>
              {shown.size === 0 ? 'Made from no record' : `Made from records #0 to #${shown.size - 1}`} of{' '}
              {shown.code}, root <code>{shown.root}</code>.
            </p>
          )}
          <p>
            Study Ledger {version}. GLP-style: designed to help a facility meet 21 CFR 58 and 11; whether a
            study meets a rule is decided by its director and quality assurance.
          </p>
        </footer>
      </body>
    </html>
  );
}

function Navigation({
  label,
  links,
}: {
  readonly label: string;
  readonly links: readonly NavigationLink[];
}): JSX.Element {
  return (
    <nav aria-label={label}>
      <ul>
        {links.map(({ name, href, here }) => (
          <li>
            <a href={href} aria-current={here}>
              {name}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function StudyHead({ study }: { readonly study: StudyName }): JSX.Element {
  return (
    <>
      <div class="name">
        <p class="code">{study.code}</p>
        <p class="title">{study.title === null ? 'not opened at this tree size' : study.title}</p>
        {study.archived && (
          <p class="quiet">
            Archived in{' '}
            <a class="n" href={`/studies/${study.code}/records/${study.archived.record}`}>
              #{study.archived.record}
            </a>
            , kept at least until {dateInWords(study.archived.retainUntil)}
          </p>
        )}
        <search>
          <form class="find" method="get" action={study.find}>
            <Kept query={atOf(study)} />
            <label>
              <span class="unseen">Record number or animal</span>
              <input type="search" name="q" required placeholder="#834 or R14" size={10} autoComplete="off" />
            </label>
            <button>Find</button>
          </form>
        </search>
      </div>
      <Navigation label="The study" links={study.navigation} />
    </>
  );
}

/** Which records the page rests on, and the ways to others. It works without script, one button a field. */
function TimeBar({
  study,
  path,
  past,
}: {
  readonly study: StudyFrame;
  readonly path: string;
  readonly past: boolean;
}): JSX.Element {
  const { code, size, head, least, until, recorded, anchored } = study;
  const kept = { ...study.kept, ...(until !== undefined && { until }) };
  const to = (at: number): string => addressOf(path, { ...kept, ...(at < head && { at: String(at) }) });
  return (
    <section
      class="time"
      aria-label="As known at"
      data-study={code}
      data-cursor={study.cursor}
      data-size={size}
      data-root={study.root}
      data-keys={study.keys.join(' ')}
    >
      <p class="known">
        {past ? (
          <strong>
            As recorded at {countText(size)} of {countText(head)}
          </strong>
        ) : (
          <>All {counted(head, 'record')}</>
        )}
        {recorded !== null && (
          <span class="quiet">
            {' '}
            · {past ? 'as known on ' : 'last recorded '}
            <When at={recorded} />
          </span>
        )}
        {until !== undefined && (
          <span class="quiet">
            {' '}
            · what had happened by <When at={until} />
          </span>
        )}
      </p>
      <form method="get" action={path} class="slide">
        <Kept query={kept} />
        {size > least ? <a href={to(size - 1)} rel="prev">{`‹ ${countText(size - 1)}`}</a> : <span>‹</span>}
        <label>
          <span class="unseen">Tree size</span>
          <input
            type="range"
            name="at"
            min={least}
            max={head}
            value={size}
            aria-valuetext={`${size} of ${head} records`}
          />
        </label>
        {size < head ? <a href={to(size + 1)} rel="next">{`${countText(size + 1)} ›`}</a> : <span>›</span>}
        <button>Show</button>
      </form>
      <form method="get" action={path} class="jump">
        <Kept query={kept} />
        <label>
          Tree size <input type="number" name="at" min={least} max={head} value={size} />
        </label>
        <button>Show</button>
      </form>
      <form method="get" action={path} class="jump">
        <Kept query={kept} />
        <label>
          Day <input type="date" name="on" value={recorded?.slice(0, 10)} />
        </label>
        <button>Show</button>
      </form>
      <p class="standing">
        {past && (
          <>
            <a href={to(head)}>Latest</a>{' '}
          </>
        )}
        <Badge {...anchored} />
      </p>
      <output class="news" hidden />
    </section>
  );
}

function Kept({ query }: { readonly query: Readonly<Record<string, string>> }): JSX.Element {
  return (
    <>
      {Object.entries(query).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
    </>
  );
}

function atOf({ at, until }: StudyName): Record<string, string> {
  return { ...(at !== undefined && { at }), ...(until !== undefined && { until }) };
}

/** An address with its query, in the order given. */
export function addressOf(path: string, query: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(query).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  return pairs.length === 0 ? path : `${path}?${pairs.join('&')}`;
}
