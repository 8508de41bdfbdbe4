import { renderToString } from 'preact-render-to-string';
import type { Lab } from '../../src/lab/lab.js';
import type { StudyPage } from '../../src/console/page.js';
import { endOf } from '../../src/lab/people/study-people.js';
import { PAGES } from '../../src/console/pages.js';
import { InStudy } from '../../src/console/render.js';
import { View } from '../../src/study/projections/projection.js';
import { Refusal } from '../../src/study/refusal.js';
import { finish } from '../../src/study/steps.js';
import { factsOf, type Study } from '../../src/study/study.js';

/** What a page of a study answers, and its `<main>`, without a server. */
export function renderMain(path: string, study: Study, query: Record<string, string> = {}, lab = {}) {
  const page = PAGES.find((one) => one.path === `/studies/:code${path}`) as StudyPage<unknown>;
  const params = { code: study.code };
  const answer = finish(page.answer(new View(study), { params, query }, lab as Lab, endOf(study)));
  if (answer instanceof Refusal) return { answer, main: '' };
  const main = page.main({ answer, params, query });
  return {
    answer,
    main: renderToString(
      <InStudy
        place={{ code: study.code, at: undefined, until: undefined }}
        path={`/studies/${study.code}${path}`}
        opened={factsOf(study.facts, 'StudyOpened')[0]?.time ?? null}
        query={query}
        main={main}
      />,
    ),
  };
}

/** The rows of the first table, each as the text of its cells. */
export function rowsIn(main: string): string[][] {
  const body = /<tbody>(.*?)<\/tbody>/s.exec(main)?.[1] ?? '';
  return [...body.matchAll(/<tr.*?>(.*?)<\/tr>/gs)].map(([, row]) =>
    [...row!.matchAll(/<t[hd].*?>(.*?)<\/t[hd]>/gs)].map(([, cell]) =>
      cell!.replaceAll(/<[^>]+>/g, '').trim(),
    ),
  );
}
