import { Controller, Inject, Param, Post, Req } from '@nestjs/common';
import { commandAt } from '../../study/catalogue.js';
import { Refusal } from '../../study/refusal.js';
import type { Caller } from '../platform/caller.js';
import { AskedBy, From } from '../platform/caller.guard.js';
import { JsonBody } from '../platform/json-body.js';
import { Problem } from '../platform/problems.js';
import { jsonReply, type Reply } from '../platform/reply.js';
import { Takes } from '../routes/route.decorators.js';
import type { RoutedRequest } from '../routes/routed-request.js';
import { COMMAND_PATH } from '../routes/all-routes.js';
import { CommandDesk } from './command-desk.js';
import { CommandId } from './command-id.js';
import { receiptReply } from './receipt-reply.js';

/** Takes every command; the catalogue says what its body may hold and which function decides it. */
@Controller()
export class CommandsController {
  constructor(@Inject(CommandDesk) private readonly desk: CommandDesk) {}

  @Post(COMMAND_PATH)
  @AskedBy('decided')
  @Takes(['dryRun'])
  async record(
    @Param('code') study: string,
    @Param('command') route: string,
    @CommandId() id: string,
    @From() caller: Caller,
    @JsonBody() body: unknown,
    @Req() { parameters }: RoutedRequest,
  ): Promise<Reply | Refusal> {
    const definition = commandAt(route);
    if (!definition) {
      throw new Problem('command-unknown', 'There is no such command: see the list at /api.', 'command');
    }
    const submitted = { definition, id, study, body };
    if (parameters.dryRun === 'true') {
      const outcome = await this.desk.decide(caller, submitted);
      return outcome instanceof Refusal ? outcome : jsonReply(outcome);
    }
    const told = await this.desk.record(caller, submitted);
    return told instanceof Refusal ? told : receiptReply(study, told);
  }
}
