import { v7 } from 'uuid';
import type { BenchAsked, BenchPage, Reader } from '../../console/page.js';
import { renderPage } from '../../console/render.js';
import { refuseStudy } from '../../lab/people/reading.js';
import { siteInForce } from '../../lab/people/standing.js';
import { takeInTurns } from '../../queries/in-turns.js';
import type { Engine } from '../../recording/engine.js';
import { inZone, offsetMinutesOf, zoneOf } from '../../recording/time-zone.js';
import { View } from '../../study/projections/projection.js';
import { Refusal, refuse } from '../../study/refusal.js';
import { archiveOf } from '../../study/archive.js';
import { factsOf } from '../../study/study.js';
import type { Caller } from '../platform/caller.js';
import type { CalledRequest } from '../platform/caller.guard.js';
import { Problem } from '../platform/problems.js';
import { Reply } from '../platform/reply.js';
import type { FormTaker } from './form-taker.js';
import { cursorAfter, frameOf, scriptsOf } from './page-frame.js';
import { PAGE_HEADERS } from './page-headers.js';
import { readPageQuery } from './page-query.js';

/** Shows a page at the bench, and records what its form says. */
export class BenchShow {
  private readonly scripts: readonly string[];

  constructor(
    private readonly engine: Engine,
    private readonly page: BenchPage,
    private readonly forms: FormTaker,
  ) {
    this.scripts = scriptsOf(page);
  }

  async get(request: CalledRequest, reader: Reader): Promise<Reply> {
    const asked = await this.asked(request, reader);
    if (asked instanceof Refusal) throw new Problem(asked.code, asked.message, asked.field);
    return this.render(request, asked, 200);
  }

  /** Shows the page with what the server looks up for it. @throws Problem */
  async show(
    request: CalledRequest,
    reader: Reader,
    find: (asked: BenchAsked) => Promise<object>,
    status = 200,
  ): Promise<Reply> {
    const asked = await this.asked(request, reader);
    if (asked instanceof Refusal) throw new Problem(asked.code, asked.message, asked.field);
    return this.render(request, { ...asked, found: await find(asked) }, status);
  }

  async post(request: CalledRequest, caller: Caller, reader: Reader): Promise<Reply | Refusal> {
    const asked = await this.asked(request, reader);
    if (asked instanceof Refusal) return asked;
    return this.forms.take(request, caller, {
      send: (pairs) => this.page.send?.(pairs, asked),
      show: async (posted, status) => {
        // Of several entries some are recorded by now.
        const now = await this.asked(request, reader);
        return now instanceof Refusal ? now : this.render(request, { ...now, posted }, status);
      },
    });
  }

  private async asked(
    { url, params, headers }: CalledRequest,
    reader: Reader,
  ): Promise<BenchAsked | Refusal> {
    const { engine, page } = this;
    const { code = '' } = params;
    const lab = await engine.lab();
    if (!lab.studies.has(code))
      return refuse('study-unknown', `There is no study ${code.slice(0, 60)}.`, 'study');
    if (!reader.mayRead(code)) return refuseStudy(code);
    const open = await engine.study(code);
    const query = readPageQuery(url, page.parameters ?? [], false);
    const other = page.other?.({ params, query });
    const mayRead = other !== undefined && lab.studies.has(other) && reader.mayRead(other);
    return {
      view: new View(open.state),
      ...(mayRead && { other: new View((await engine.study(other)).state) }),
      lab,
      reader,
      params,
      query,
      nowMs: engine.clock(),
      offsetMinutes: offsetMinutesOf(lab, engine.clock()),
      origin: siteInForce(lab.people)?.origin ?? `http://${headers.host ?? ''}`,
      inZone: inZone(zoneOf(lab)),
      newId: v7,
    };
  }

  private async render(request: CalledRequest, asked: BenchAsked, status: number): Promise<Reply> {
    const { engine, page } = this;
    const answer: unknown = await takeInTurns(page.answer(asked));
    if (answer instanceof Refusal) throw new Problem(answer.code, answer.message, answer.field);
    const { params, query, view, reader } = asked;
    const { code } = view.study;
    const opened = factsOf(view.study.facts, 'StudyOpened')[0];
    const { size } = view.study;
    const html = renderPage(
      page,
      answer,
      { path: request.url.split('?', 1)[0]!, params, query },
      {
        ...frameOf(engine, reader, this.scripts),
        study: {
          code,
          title: opened?.data.title ?? null,
          opened: opened?.time ?? null,
          archived: archiveOf(view.study),
          at: undefined,
          until: undefined,
          live: { size, cursor: await cursorAfter(engine, code, size) },
        },
      },
    );
    return new Reply(status, PAGE_HEADERS, html);
  }
}
