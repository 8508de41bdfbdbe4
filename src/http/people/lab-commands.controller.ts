import { Controller, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { LabReceipt } from '../../recording/lab-commands.js';
import { parseCommand } from '../../study/parse.js';
import { Refusal } from '../../study/refusal.js';
import { CommandId } from '../commands/command-id.js';
import { askedBy, type Caller } from '../platform/caller.js';
import { AskedBy, From } from '../platform/caller.guard.js';
import { JsonBody } from '../platform/json-body.js';
import { Problem } from '../platform/problems.js';
import type { Reply } from '../platform/reply.js';
import { LAB_COMMAND_PATH, labCommandAt } from '../routes/people-routes.js';
import { Takes } from '../routes/route.decorators.js';
import { labReply } from './lab-reply.js';

/** Takes every command about people, sites and keys. */
@Controller()
export class LabCommandsController {
  constructor(@Inject(CommandBus) private readonly commands: CommandBus) {}

  @Post(LAB_COMMAND_PATH)
  @AskedBy('decided')
  @Takes([])
  async record(
    @Param('command') route: string,
    @CommandId() id: string,
    @From() caller: Caller,
    @JsonBody() body: unknown,
  ): Promise<Reply | Refusal> {
    const definition = labCommandAt(route);
    if (!definition)
      throw new Problem('command-unknown', 'There is no such command: see the list at /api.', 'command');
    const command = parseCommand(definition, body, { id, study: '', ...askedBy(caller) });
    if (command instanceof Refusal) return command;
    return labReply(await this.commands.execute<object, LabReceipt | Refusal>(command));
  }
}
