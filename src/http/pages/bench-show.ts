import { v7 } from 'uuid';
import type { BenchAsked, BenchPage, Posted, Reader, Sent, SentCommand } from '../../console/page.js';
import { renderPage } from '../../console/render.js';
import { flagsInWords } from '../../console/words/flags.js';
import { refuseStudy } from '../../lab/people/reading.js';
import { siteInForce } from '../../lab/people/standing.js';
import { takeInTurns } from '../../queries/in-turns.js';
import type { ToldReceipt } from '../../queries/tell-findings.js';
import type { Engine } from '../../recording/engine.js';
import { inZoneOfFacility, offsetMinutesNow } from '../../recording/time-zone.js';
import { View } from '../../study/projections/projection.js';
import { Refusal, refuse } from '../../study/refusal.js';
import { factsOf } from '../../study/study.js';
import type { CommandDesk } from '../commands/command-desk.js';
import type { Caller } from '../platform/caller.js';
import type { CalledRequest } from '../platform/caller.guard.js';
import { readFormBody } from '../platform/form-body.js';
import { Problem, refused, statusOf } from '../platform/problems.js';
import { noteCommand, noteProblem } from '../platform/requests.js';
import { JSON_MEDIA, Reply, etagOfSize, jsonReply } from '../platform/reply.js';
import { preferredMedia } from '../reads/accept.js';
import { cursorAfter, frameOf, scriptsOf } from './page-frame.js';
import { PAGE_HEADERS } from './page-headers.js';
import { readPageQuery } from './page-query.js';

/** A form that was sent, and what it stands for. */
interface Entered {
  readonly asked: BenchAsked;
  readonly reader: Reader;
  readonly pairs: URLSearchParams;
  readonly sent: Sent;
}

/**
 * Shows a page at the bench, and records what its form says. A form is answered as a page: another one where it was
 * recorded, the same one with what is wrong where it was not. A script asks for JSON and gets the answers of the interface.
 */
export class BenchShow {
  private readonly scripts: readonly string[];

  constructor(
    private readonly engine: Engine,
    private readonly page: BenchPage,
    private readonly desk: CommandDesk,
  ) {
    this.scripts = scriptsOf(page);
  }

  async get(request: CalledRequest, reader: Reader): Promise<Reply> {
    const asked = await this.asked(request, reader);
    if (asked instanceof Refusal) throw new Problem(asked.code, asked.message, asked.field);
    return this.render(request, asked, 200);
  }

  async post(request: CalledRequest, caller: Caller, reader: Reader): Promise<Reply | Refusal> {
    const pairs = await readFormBody(request);
    const asked = await this.asked(request, reader);
    if (asked instanceof Refusal) return asked;
    const sent = this.page.send?.(pairs, asked);
    if (sent instanceof Refusal) return this.refuse(request, asked, pairs, sent);
    if (!sent) return this.render(request, { ...asked, posted: { pairs } }, 200);
    noteCommand(request, sent.commands[0].definition);
    if (pairs.get('dryRun') === 'true') return this.foresee(caller, sent.commands[0]);
    return this.record(request, caller, { asked, reader, pairs, sent });
  }

  /** What an entry would become, in words; also where nobody has given the reason yet that is due. */
  private async foresee(caller: Caller, command: SentCommand): Promise<Reply | Refusal> {
    const { body } = command as { body: { data?: object } };
    let outcome = await this.desk.decide(caller, command);
    const needsReason = outcome instanceof Refusal && outcome.code === 'reason-required';
    if (needsReason)
      outcome = await this.desk.decide(caller, { ...command, body: { ...body, reason: 'not said yet' } });
    if (outcome instanceof Refusal) return outcome;
    const told = flagsInWords(outcome.flags, body.data ?? {});
    return jsonReply({ ...outcome, told, needsReason });
  }

  private async record(
    request: CalledRequest,
    caller: Caller,
    { asked, reader, pairs, sent }: Entered,
  ): Promise<Reply | Refusal> {
    const { commands, isEach = false, next } = sent;
    const receipts: ToldReceipt[] = [];
    const refusals = new Map<string, Refusal>();
    for (const command of commands) {
      noteCommand(request, command.definition);
      const told = await this.desk.record(caller, command);
      if (!(told instanceof Refusal)) receipts.push(told);
      else if (isEach) refusals.set(command.id, told);
      else return this.refuse(request, asked, pairs, told);
    }
    const [refusal] = refusals.values();
    if (refusal) {
      // The others are recorded by now.
      const then = await this.asked(request, reader);
      return then instanceof Refusal ? then : this.refuse(request, then, pairs, refusal, refusals);
    }
    const last = receipts.at(-1)!;
    const location = next(receipts);
    if (!isForProgram(request)) return new Reply(303, { Location: location }, '');
    const headers = { 'Content-Type': JSON_MEDIA, ETag: etagOfSize(last.treeSize) };
    return new Reply(201, headers, JSON.stringify({ ...last, next: location }));
  }

  /** What was typed stays. */
  private async refuse(
    request: CalledRequest,
    asked: BenchAsked,
    pairs: URLSearchParams,
    refusal: Refusal,
    refusals?: ReadonlyMap<string, Refusal>,
  ): Promise<Reply | Refusal> {
    if (isForProgram(request)) return refusal;
    noteProblem(request, refused(refusal));
    const posted: Posted = { pairs, refusal, ...(refusals && { refusals }) };
    return this.render(request, { ...asked, posted }, statusOf(refusal.code));
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
    return {
      view: new View(open.state),
      lab,
      reader,
      params,
      query: readPageQuery(url, page.parameters ?? [], false),
      nowMs: engine.clock(),
      offsetMinutes: offsetMinutesNow(),
      origin: siteInForce(lab.people)?.origin ?? `http://${headers.host ?? ''}`,
      inZone: inZoneOfFacility,
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
          at: undefined,
          until: undefined,
          live: { size, cursor: await cursorAfter(engine, code, size) },
        },
      },
    );
    return new Reply(status, PAGE_HEADERS, html);
  }
}

function isForProgram({ headers: { accept } }: CalledRequest): boolean {
  return preferredMedia(accept, ['text/html', 'application/json']) === 'application/json';
}
