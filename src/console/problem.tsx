import type { JSX } from 'preact';
import { ledgerNavigation, renderDocument } from './render.js';
import { Frame, type FrameProps } from './parts/frame.js';

interface ShownProblem {
  readonly title: string;
  readonly detail: string;
  readonly status: number;
  readonly code: string;
}

/** For people; a program reads the code. */
const TITLES: Readonly<Record<number, string>> = {
  400: 'This address cannot be answered',
  404: 'There is nothing here',
};

/** What a person sees where there is no page: what is wrong, and what to do. `study` is the code in the address. */
export function renderProblem(
  problem: ShownProblem,
  study: string | undefined,
  frame: Pick<FrameProps, 'icon' | 'style' | 'version'>,
): string {
  const { detail, status, code } = problem;
  const title = TITLES[status] ?? problem.title;
  const main: JSX.Element = (
    <>
      <h1>{title}</h1>
      <p class="lead">{detail}</p>
      <p>
        {study !== undefined && (
          <>
            <a href={`/studies/${study}`}>{`${study}, latest`}</a> ·{' '}
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
      facility=""
      simulated={false}
      title={title}
      path="/"
      navigation={ledgerNavigation()}
      scripts={[]}
      main={main}
    />,
  );
}
