import type { Posted, Sent, SentCommand } from '../../console/page.js';
import { isMerelyLate } from '../../console/bench/merely-late.js';
import { flagsInWords } from '../../console/words/flags.js';
import type { ToldReceipt } from '../../queries/tell-findings.js';
import { Refusal, refuse } from '../../study/refusal.js';
import type { CommandDesk } from '../commands/command-desk.js';
import type { Caller } from '../platform/caller.js';
import type { CalledRequest } from '../platform/caller.guard.js';
import { readFormBody } from '../platform/form-body.js';
import { refused, statusOf } from '../platform/problems.js';
import { JSON_MEDIA, Reply, etagOfSize, jsonReply } from '../platform/reply.js';
import { noteCommand, noteProblem } from '../platform/requests.js';
import { preferredMedia } from '../reads/accept.js';
import { isDryRun, keptCommands, refuseDiscard, refuseOtherPerson, withLateReason } from './kept-entry.js';

/** The page that a form stands on. */
export interface PageOfForm {
  /** Undefined where there is nothing to record yet. */
  readonly send: (pairs: URLSearchParams) => Sent | Refusal | undefined;
  /** The page again, with what was typed. */
  readonly show: (posted: Posted, status: number) => Promise<Reply | Refusal>;
}

/** A form that was sent, and what it stands for. */
interface Entered {
  readonly form: PageOfForm;
  readonly pairs: URLSearchParams;
  readonly sent: Sent;
}

/**
 * Records what a form says. It is answered as a page: another one where it was recorded, the same one with what is wrong
 * where it was not. A script asks for JSON and gets the answers of the interface.
 */
export class FormTaker {
  constructor(private readonly desk: CommandDesk) {}

  async take(request: CalledRequest, caller: Caller, form: PageOfForm): Promise<Reply | Refusal> {
    const pairs = await readFormBody(request);
    const isTried = isDryRun(request.url, pairs);
    const other = refuseOtherPerson(pairs, caller.by && caller.actor) ?? refuseDiscard(pairs);
    if (other) return this.refuse(request, form, pairs, other);
    const sent = pairs.has('show') ? undefined : form.send(pairs);
    if (sent instanceof Refusal) return this.refuse(request, form, pairs, sent);
    if (!sent && isForProgram(request) && !pairs.has('show')) return refuseUnfinished();
    if (!sent) return form.show({ pairs }, 200);
    const commands = keptCommands(sent.commands, pairs);
    noteCommand(request, commands[0].definition);
    if (isTried) return this.foresee(caller, { ...sent, commands });
    return this.record(request, caller, { form, pairs, sent: { ...sent, commands } });
  }

  /**
   * What an entry would become, in words; also where nobody has given the reason yet that is due. Of several commands the
   * answer is the first one's, with what is to be said of any, and `commands` tells each. Where each stands for itself, one
   * that is refused is told among them.
   */
  private async foresee(caller: Caller, { commands, isEach = false }: Sent): Promise<Reply | Refusal> {
    const unexplained = new Set<string>();
    const outcomes = await this.desk.decideEach(caller, commands, (command, { code }) => {
      if (code !== 'reason-required') return undefined;
      unexplained.add(command.id);
      return { ...command, body: { ...(command.body as object), reason: 'not said yet' } };
    });
    const refusal = outcomes.find((outcome) => outcome instanceof Refusal);
    if (refusal instanceof Refusal && !(isEach && outcomes.some((one) => !(one instanceof Refusal))))
      return refusal;
    const each = outcomes.map((outcome, index) => {
      const { id, body } = commands[index] as SentCommand & { readonly body: { readonly data?: object } };
      if (outcome instanceof Refusal) return { id, code: outcome.code, detail: outcome.message };
      const told = flagsInWords(outcome.flags, body.data ?? {});
      return { id, ...outcome, told, needsReason: unexplained.has(id) };
    });
    const fit = each.filter((one) => 'told' in one);
    const { id: _, ...first } = fit[0]!;
    return jsonReply({
      ...first,
      told: [...new Set(fit.flatMap(({ told }) => told))],
      needsReason: fit.some(({ needsReason }) => needsReason),
      ...(commands.length > 1 && { commands: each }),
    });
  }

  private async record(
    request: CalledRequest,
    caller: Caller,
    { form, pairs, sent }: Entered,
  ): Promise<Reply | Refusal> {
    const { commands, isEach = false, next } = sent;
    const receipts: ToldReceipt[] = [];
    const refusals = new Map<string, Refusal>();
    for (const command of commands) {
      noteCommand(request, command.definition);
      const told = await this.recordKept(caller, command, pairs);
      if (!(told instanceof Refusal)) receipts.push(told);
      // Of a form that was recorded in part, the rest is discarded.
      else if (told.code === 'entry-recorded' && command !== commands.at(-1)) continue;
      else if (isEach) refusals.set(command.id, told);
      else return this.refuse(request, form, pairs, told);
    }
    const [refusal] = refusals.values();
    if (refusal) return this.refuse(request, form, pairs, refusal, refusals);
    const last = receipts.at(-1)!;
    const location = next(receipts);
    if (!isForProgram(request)) return new Reply(303, { Location: location }, '');
    const headers = { 'Content-Type': JSON_MEDIA, ETag: etagOfSize(last.treeSize) };
    const { body } = commands.at(-1) as { body: { data?: object } };
    const told = flagsInWords(last.flags ?? [], body.data ?? {});
    return new Reply(201, headers, JSON.stringify({ ...last, told, next: location }));
  }

  /** Of a form with several commands, those alone get the reason for lateness that need none but that. */
  private async recordKept(
    caller: Caller,
    command: SentCommand,
    pairs: URLSearchParams,
  ): Promise<ToldReceipt | Refusal> {
    const told = await this.desk.record(caller, command);
    const explained = withLateReason(command, pairs);
    if (!explained || !(told instanceof Refusal) || !UNEXPLAINED.has(told.code)) return told;
    const judged = await this.desk.decide(caller, explained);
    if (judged instanceof Refusal || !isMerelyLate(judged.flags)) return told;
    return this.desk.record(caller, explained);
  }

  /** What was typed stays. */
  private async refuse(
    request: CalledRequest,
    form: PageOfForm,
    pairs: URLSearchParams,
    refusal: Refusal,
    refusals?: ReadonlyMap<string, Refusal>,
  ): Promise<Reply | Refusal> {
    if (isForProgram(request)) return refusal;
    noteProblem(request, refused(refusal));
    return form.show({ pairs, refusal, ...(refusals && { refusals }) }, statusOf(refusal.code));
  }
}

/** It lacks the reason, or was recorded with the one that the outbox gave. */
const UNEXPLAINED: ReadonlySet<string> = new Set(['reason-required', 'command-id-reused']);

/** A program is not shown the form again. */
function refuseUnfinished(): Refusal<'field-missing'> {
  return refuse(
    'field-missing',
    'The form does not say yet what is to be recorded: complete it on its page.',
  );
}

function isForProgram({ headers: { accept } }: CalledRequest): boolean {
  return preferredMedia(accept, ['text/html', 'application/json']) === 'application/json';
}
