import type { BenchPage, LedgerPage, Page, Posted, Reader, StudyPage } from '../../console/page.js';
import { addressOf, type StudyFrame } from '../../console/parts/frame.js';
import { renderPage } from '../../console/render.js';
import { originOf, studyLog } from '../../lab/origins.js';
import { momentOf } from '../../queries/as-of.js';
import { answerFromView } from '../../queries/ask.js';
import { takeInTurns } from '../../queries/in-turns.js';
import type { Engine } from '../../recording/engine.js';
import type { View } from '../../study/projections/projection.js';
import { Refusal } from '../../study/refusal.js';
import { archiveOf } from '../../study/archive.js';
import { factsOf } from '../../study/study.js';
import type { Caller } from '../platform/caller.js';
import type { CalledRequest } from '../platform/caller.guard.js';
import { NotYetThere, Problem } from '../platform/problems.js';
import { etagOfContent, Reply } from '../platform/reply.js';
import { preferredMedia } from '../reads/accept.js';
import { movedTo } from '../routes/moved.js';
import type { RoutedRequest } from '../routes/routed-request.js';
import type { FormTaker } from './form-taker.js';
import { PAGE_HEADERS } from './page-headers.js';
import { cursorAfter, frameOf, scriptsOf } from './page-frame.js';
import { readPageQuery } from './page-query.js';
import { sizeOnDay } from './size-on-day.js';
import { thereFrom } from './there-from.js';

interface Asked {
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

/** Answers the requests for one page. */
export class PageShow {
  private readonly scripts: readonly string[];

  constructor(
    private readonly engine: Engine,
    private readonly page: Exclude<Page, BenchPage>,
  ) {
    this.scripts = scriptsOf(page);
  }

  async reply({ url, params, headers }: RoutedRequest, reader: Reader): Promise<Reply> {
    // Programs of version 0.2 asked for studies here.
    if (preferredMedia(headers.accept, ['text/html', 'application/json']) !== 'text/html')
      throw new Problem('route-unknown', movedTo(url));
    const { page } = this;
    const query = readPageQuery(url, page.parameters ?? [], page.of === 'study');
    const asked = { path: url.split('?', 1)[0]!, params, query };
    const html =
      page.of === 'study'
        ? await this.ofStudy(page, asked, reader)
        : await this.ofLedger(page, asked, reader);
    if (html instanceof Reply) return html;
    if (html instanceof Refusal) throw new Problem(html.code, html.message, html.field);
    return new Reply(200, PAGE_HEADERS, html, etagOfContent(html));
  }

  /** Records what a form of a page about the whole ledger says. */
  async post(
    request: CalledRequest,
    caller: Caller,
    reader: Reader,
    forms: FormTaker,
  ): Promise<Reply | Refusal> {
    const { page } = this;
    if (page.of !== 'ledger') throw new TypeError('a page of a study records nothing');
    const { url, params } = request;
    const asked = { path: url.split('?', 1)[0]!, params, query: {} };
    return forms.take(request, caller, {
      send: (pairs) => page.send?.(pairs),
      show: async (posted, status) => {
        const html = await this.ofLedger(page, asked, reader, posted);
        if (html instanceof Refusal) throw new Problem(html.code, html.message, html.field);
        return new Reply(status, PAGE_HEADERS, html);
      },
    });
  }

  private async ofLedger(
    page: LedgerPage,
    asked: Asked,
    reader: Reader,
    posted?: Posted,
  ): Promise<string | Refusal> {
    const { engine } = this;
    const answer = await page.answer(engine, asked, reader, posted);
    return (answer as unknown) instanceof Refusal
      ? answer
      : renderPage(page, answer, asked, frameOf(engine, reader, this.scripts));
  }

  private async ofStudy(
    page: StudyPage,
    { path, params, query }: Asked,
    reader: Reader,
  ): Promise<string | Refusal | Reply> {
    const { engine } = this;
    const { code = '', animal } = params;
    const { at, until, on, ...rest } = query;
    const lab = await engine.lab();
    let seen: { readonly view: View; readonly answer: unknown } | undefined;
    const placed = await answerFromView(
      engine,
      code,
      { at, until },
      async (view) => {
        const answer: unknown = await takeInTurns(
          page.answer(view, { params, query: rest }, lab, momentOf(engine, lab, view, { at })),
        );
        if (answer instanceof Refusal) return answer;
        seen = { view, answer };
        return {};
      },
      animal,
    );
    if (placed instanceof Refusal) {
      const isHidden = placed.code === 'record-unknown' || placed.code === 'subject-unknown';
      const there = isHidden ? thereFrom((await engine.study(code)).state, path) : undefined;
      if (there) throw new NotYetThere(placed, there);
      return placed;
    }
    const { view, answer } = seen!;
    const open = await engine.study(code);
    if (on !== undefined)
      return sizeOnDay(open.state, on, path, { ...rest, ...(until !== undefined && { until }) });
    const opened = factsOf(view.study.facts, 'StudyOpened')[0];
    const anchor = lab.anchors.get(studyLog(code));
    const study: Omit<StudyFrame, 'navigation' | 'kept' | 'find'> & { opened: string | null } = {
      code,
      title: opened?.data.title ?? null,
      opened: opened?.time ?? null,
      archived: archiveOf(view.study),
      head: open.size,
      size: view.study.size,
      least: page.least?.(answer as never) ?? 1,
      at,
      until,
      recorded: view.study.records.last?.record.recordedtime ?? null,
      root: placed['root'] as string,
      keys: (lab.keys.get(originOf(lab.facility, studyLog(code))) ?? []).map(({ vkey }) => vkey),
      cursor: await cursorAfter(engine, code, open.size),
      anchored: {
        size: anchor?.size ?? 0,
        head: open.size,
        state: anchor ? engine.evidenceOf(anchor.number) : 'none',
        alarm: engine.alarm?.message,
        href: addressOf(`/studies/${code}/verify`, {
          ...(at !== undefined && { at }),
          ...(until !== undefined && { until }),
        }),
      },
    };
    return renderPage(
      page,
      answer,
      { path, params, query: rest },
      { ...frameOf(engine, reader, this.scripts), study },
    );
  }
}
