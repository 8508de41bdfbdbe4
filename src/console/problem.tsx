import type { JSX } from 'preact';
import { ledgerNavigation, renderDocument } from './render.js';
import { Frame, type FrameProps } from './parts/frame.js';

/** What a person sees where there is no page: what is wrong, and what to do. */
export function renderProblem(
  problem: { readonly title: string; readonly detail: string; readonly status: number },
  frame: Pick<FrameProps, 'icon' | 'style' | 'version'>,
): string {
  const { title, detail, status } = problem;
  const main: JSX.Element = (
    <>
      <h1>{title}</h1>
      <p class="lead">{detail}</p>
      <p>
        <a href="/">All studies</a> <span class="quiet">· status {status}</span>
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
