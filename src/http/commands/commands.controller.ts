import { Controller, Inject, Post, Req, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { Request, Response } from 'express';
import { v7 } from 'uuid';
import type { Receipt } from '../../recording/open-stream.js';
import { offsetMinutesNow } from '../../recording/time-zone.js';
import { parseCommand } from '../../study/parse.js';
import { Refusal } from '../../study/refusal.js';
import { etagOf, sendJson, sendProblem } from '../platform/answer.js';
import { DEVELOPMENT_IDENTITY } from '../platform/identity.js';
import { parametersOf } from '../reads/parameters.js';
import { Problem, refused } from '../platform/problems.js';
import { COMMAND_PATH, commandAt } from '../reads/routes.js';

/** Every command comes in here: the catalogue says what its body may hold and who decides it. */
@Controller()
export class CommandsController {
  constructor(@Inject(CommandBus) private readonly commands: CommandBus) {}

  @Post(COMMAND_PATH)
  async record(@Req() request: Request, @Res() response: Response): Promise<void> {
    const { code = '', command: route = '' } = request.params as Record<string, string>;
    const id = request.get('Idempotency-Key') ?? v7();
    // Set before anything can fail: whoever does not know the outcome repeats the command under this id.
    if (PRINTABLE.test(id)) response.setHeader('Idempotency-Key', id);
    const definition = commandAt(route);
    if (!definition) {
      throw new Problem('command-unknown', 'There is no such command; / lists those there are.', 'command');
    }
    parametersOf(request, []);
    const command = parseCommand(definition, request.body, {
      id,
      study: code,
      offsetMinutes: offsetMinutesNow(),
      ...DEVELOPMENT_IDENTITY,
    });
    const answer: Receipt | Refusal =
      command instanceof Refusal ? command : await this.commands.execute(command);
    if (answer instanceof Refusal) return sendProblem(request, response, refused(answer));
    response.setHeader('ETag', etagOf(answer.treeSize));
    response.setHeader('Location', `/studies/${code}/records/${answer.records[0]?.number ?? 0}`);
    sendJson(response, 201, answer);
  }
}

const PRINTABLE = /^[0-9a-f-]{36}$/;
