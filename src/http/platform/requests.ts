import type { IncomingMessage, ServerResponse } from 'node:http';
import { Inject, Injectable } from '@nestjs/common';
import { v4 } from 'uuid';
import { Engine } from '../../recording/engine.js';
import type { CommandDefinition } from '../../study/commands/common/command.js';
import type { LabDefinition } from '../../lab/commands/common/lab-command.js';
import { REFUSALS } from '../../study/refusal-codes.js';
import { ClientCommandId, matches } from '../../study/schema.js';
import { LedgerMetrics } from '../metrics/ledger-metrics.js';
import { commandAt } from '../../study/catalogue.js';
import { COMMAND_PATH } from '../routes/all-routes.js';
import { LAB_COMMAND_PATH, labCommandAt } from '../routes/people-routes.js';
import type { CalledRequest } from './caller.guard.js';
import { HttpSettings } from './http-settings.js';
import type { RequestLine } from './request-line.js';
import type { ProblemCode, ProblemParts } from './problems.js';

/** A request as far as it has come: the router, the guard and `problemReply` add to it. */
type FollowedRequest = IncomingMessage &
  Partial<Pick<CalledRequest, 'route' | 'params' | 'caller'>> & {
    problem?: ProblemParts;
    /** That of a form, where the address does not say it. */
    formCommand?: CommandDefinition;
  };

/** What a request is answered with, where that is a problem. */
export function noteProblem(request: IncomingMessage, problem: ProblemParts): void {
  (request as FollowedRequest).problem = problem;
}

/** Which command a form stands for. */
export function noteCommand(request: IncomingMessage, command: CommandDefinition): void {
  (request as FollowedRequest).formCommand = command;
}

const SIGN_IN_FAILS: ReadonlySet<ProblemCode> = new Set([
  'assertion-invalid',
  'challenge-spent',
  'identity-invalid',
  'offer-invalid',
  'token-invalid',
]);
/** A read that is refused to whoever asks. A study that one may not read is answered like one that is not there. */
const READ_REFUSED: ReadonlySet<ProblemCode> = new Set([
  'credential-pending',
  'host-refused',
  'not-permitted',
  'origin-refused',
  'session-expired',
  'sign-in-required',
  'study-unknown',
  'token-invalid',
]);

/** What is counted, noted and logged of each request, after its answer. */
@Injectable()
export class Requests {
  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(LedgerMetrics) private readonly metrics: LedgerMetrics,
    @Inject(HttpSettings) private readonly settings: HttpSettings,
  ) {}

  follow(request: IncomingMessage, response: ServerResponse): void {
    const begun = performance.now();
    response.once('close', () => this.answered(request, response, performance.now() - begun));
  }

  private answered(request: FollowedRequest, response: ServerResponse, ms: number): void {
    const command = commandOf(request);
    const { problem } = request;
    const status = response.headersSent ? response.statusCode : 0;
    if (command) this.count(command.name, problem, status);
    else if (problem && READ_REFUSED.has(problem.code)) this.metrics.refusedReads.add({ code: problem.code });
    if (problem && SIGN_IN_FAILS.has(problem.code)) this.engine.accessNotes.noteSignInFailed();
    if (command && problem) this.noteRefusal(command, request, problem);
    this.settings.log?.(lineOf(request, response, { command: command?.name, status, ms }));
  }

  private count(command: string, problem: ProblemParts | undefined, status: number): void {
    const outcome = problem?.code ?? (status === 0 ? 'unanswered' : 'ok');
    this.metrics.commands.add({ command, outcome });
  }

  /** What HTTP itself refuses never became a command. */
  private noteRefusal(
    command: CommandDefinition | LabDefinition,
    { caller, params }: FollowedRequest,
    { code, field }: ProblemParts,
  ): void {
    if (!caller || !Object.hasOwn(REFUSALS, code)) return;
    this.engine.accessNotes.noteRefusal(
      command,
      { ...caller, study: params?.['code'] ?? '' },
      { code, field },
    );
  }
}

function commandOf({
  method,
  route,
  params,
  formCommand,
}: FollowedRequest): CommandDefinition | LabDefinition | undefined {
  if (method !== 'POST') return undefined;
  if (formCommand) return formCommand;
  const name = params?.['command'] ?? '';
  if (route?.path === COMMAND_PATH) return commandAt(name);
  return route?.path === LAB_COMMAND_PATH ? labCommandAt(name) : undefined;
}

function lineOf(
  { method = '', route, caller, problem }: FollowedRequest,
  response: ServerResponse,
  { command, status, ms }: { command: string | undefined; status: number; ms: number },
): RequestLine {
  const key = response.getHeader('Idempotency-Key');
  return {
    id: matches(ClientCommandId, key) ? (key as string) : v4(),
    method,
    ...(route && { route: route.path }),
    ...(caller?.by && { person: caller.actor }),
    ...(command !== undefined && { command }),
    ...(problem && { code: problem.code }),
    status,
    ms: Math.round(ms * 10) / 10,
  };
}
