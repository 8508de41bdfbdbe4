import type { JSX } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { API } from '../shared/api-prefix.js';
import { localDay } from '../study/instant.js';
import type { Address, Page } from './page.js';
import {
  Frame,
  addressOf,
  type FrameProps,
  type NavigationLink,
  type StudyFrame,
  type StudyName,
} from './parts/frame.js';
import { FileHref, LinksContext, StepHref, StudyHref, type Links } from './parts/links.js';
import { FirstDay } from './parts/when.js';
import { PAGES } from './pages.js';

/** Where the reader is in a study, beside the path. */
export interface Place {
  readonly code: string;
  readonly at: string | undefined;
  readonly until: string | undefined;
}

/** A page as the bytes that are sent. */
export function renderPage(
  page: Page,
  answer: unknown,
  address: Address & { readonly path: string },
  frame: Omit<FrameProps, 'title' | 'path' | 'navigation' | 'main' | 'study'> & {
    readonly study?: (
      Omit<StudyFrame, 'navigation' | 'kept' | 'find'> | Omit<StudyName, 'navigation' | 'find'>
    ) & { readonly opened: string | null };
  },
): string {
  const props = { answer: answer as never, params: address.params, query: address.query };
  const { study } = frame;
  const main = <page.main {...props} />;
  return renderDocument(
    <Frame
      {...frame}
      title={page.title(props)}
      path={address.path}
      navigation={ledgerNavigation(page.path)}
      study={
        study && {
          ...study,
          kept: address.query,
          ...nameOf(study, page.path),
        }
      }
      main={
        study ? (
          <InStudy
            place={study}
            path={address.path}
            opened={study.opened}
            query={address.query}
            main={main}
          />
        ) : (
          main
        )
      }
    />,
  );
}

/** The study in the frame: the way to its pages and the search, which keep the reader's place. */
export function nameOf(place: Place, here?: string): StudyName {
  const { code, at, until } = place;
  return {
    code,
    at,
    until,
    find: `/studies/${code}/find`,
    navigation: navigationOf('study', here, ({ of, path }) =>
      addressOf(path.replace(':code', code), of === 'bench' ? {} : placeQuery(place)),
    ),
  };
}

export function renderDocument(frame: JSX.Element): string {
  return `<!doctype html>${renderToString(frame)}\n`;
}

/** What a page of a study is given beside its answer: where its links lead. */
export function InStudy({
  place,
  path,
  opened,
  query,
  main,
}: {
  readonly place: Place;
  readonly path: string;
  readonly opened: string | null;
  readonly query: Readonly<Record<string, string>>;
  readonly main: JSX.Element;
}): JSX.Element {
  const kept = placeQuery(place);
  const to = (page: string, more: Readonly<Record<string, string>> = {}): string =>
    addressOf(`/studies/${place.code}${page}`, { ...more, ...kept });
  const toAny: typeof to = (page, more) =>
    isOfThePresent(page) ? addressOf(`/studies/${place.code}${page}`, more ?? {}) : to(page, more);
  const links: Links = {
    record: (number) => to(`/records/${number}`),
    animal: (id) => to(`/animals/${id}`),
  };
  const file = (name: string): string =>
    addressOf(`${API}/studies/${place.code}/files/${name}`, place.at === undefined ? {} : { at: place.at });
  const step = (size: number): string => `${addressOf(path, { ...query, ...kept, at: String(size) })}#steps`;
  return (
    <FirstDay.Provider value={opened === null ? undefined : localDay(opened)}>
      <LinksContext.Provider value={links}>
        <StudyHref.Provider value={toAny}>
          <StepHref.Provider value={step}>
            <FileHref.Provider value={file}>{main}</FileHref.Provider>
          </StepHref.Provider>
        </StudyHref.Provider>
      </LinksContext.Provider>
    </FirstDay.Provider>
  );
}

/** Pages at the bench, by their address in a study, show no earlier tree size. */
function isOfThePresent(page: string): boolean {
  PRESENT ??= PAGES.filter(({ of }) => of === 'bench').map(
    ({ path }) => new RegExp(`^${path.replace('/studies/:code', '').replace(/:[a-z]+/g, '[^/]+')}$`),
  );
  return PRESENT.some((address) => address.test(page));
}

let PRESENT: readonly RegExp[] | undefined;

function placeQuery({ at, until }: Place): Record<string, string> {
  return { ...(at !== undefined && { at }), ...(until !== undefined && { until }) };
}

/** The pages about the whole ledger, and the interface for programs. */
export function ledgerNavigation(here?: string): NavigationLink[] {
  return [
    ...navigationOf('ledger', here, ({ path }) => path),
    { name: 'Interface for programs', href: '/api', here: here === '/api' ? 'page' : undefined },
  ];
}

/** Where a page stands in the navigation. */
function kindOf({ of }: Page): 'study' | 'ledger' {
  return of === 'ledger' ? 'ledger' : 'study';
}

function navigationOf(
  of: 'study' | 'ledger',
  here: string | undefined,
  href: (page: Page) => string,
): NavigationLink[] {
  return PAGES.filter((page) => kindOf(page) === of && page.name !== undefined).map((page) => ({
    name: page.name!,
    href: href(page),
    here: page.path === here ? 'page' : isBelow(here, page) ? 'true' : undefined,
  }));
}

/** The page of an animal is below that of all animals; every page of a study is below its own, which is not said. */
function isBelow(here: string | undefined, { path }: Page): boolean {
  return path !== '/' && path !== '/studies/:code' && here?.startsWith(`${path}/`) === true;
}
