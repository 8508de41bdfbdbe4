import type { JSX } from 'preact';
import { Frame, type FrameProps } from './parts/frame.js';
import { ledgerNavigation, nameOf, renderDocument, type Place } from './render.js';
import { countText } from './words/phrase.js';

export interface ShownProblem {
  readonly title: string;
  readonly detail: string;
  readonly status: number;
  readonly code: string;
}

/** For people; a program reads the code. */
const TITLES: Readonly<Record<number, string>> = {
  400: 'This address is not valid',
  404: 'There is nothing here',
};

/** Where what is asked for is there: the smallest tree size that has it. */
export interface ThereFrom {
  readonly size: number;
  readonly address: string;
}

/** What a person sees where there is no page: what is wrong, and the ways on. `place` is where the reader was. */
export function renderProblem(
  problem: ShownProblem,
  place: Place | undefined,
  thereFrom: ThereFrom | undefined,
  frame: Pick<FrameProps, 'icon' | 'style' | 'version' | 'facility' | 'simulated' | 'who' | 'scripts'>,
): string {
  const { detail, status, code } = problem;
  const title = code === 'subject-unknown' ? TITLES[404]! : (TITLES[status] ?? problem.title);
  const main: JSX.Element = (
    <>
      <h1>{title}</h1>
      <p class="lead">{detail}</p>
      {thereFrom && (
        <p>
          <a href={thereFrom.address}>There from tree size {countText(thereFrom.size)}</a>
        </p>
      )}
      {place && code === 'no-protocol' && (
        <p>
          <a href={`/studies/${place.code}/protocol`}>Write and approve the protocol</a>
        </p>
      )}
      <p>
        {place && (
          <>
            <a href={`/studies/${place.code}`}>{`${place.code}, latest`}</a> ·{' '}
          </>
        )}
        <a href="/">All studies</a>{' '}
        <span class="quiet">
          · {code}, status {status}
        </span>
      </p>
    </>
  );
  return renderDocument(
    <Frame
      {...frame}
      title={title}
      path="/"
      navigation={ledgerNavigation()}
      study={place && nameOf(place)}
      main={main}
    />,
  );
}
