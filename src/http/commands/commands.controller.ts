import { Controller, Inject, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { tellFindings } from '../../queries/tell-findings.js';
import { Engine } from '../../recording/engine.js';
import type { Receipt } from '../../recording/open-stream.js';
import { offsetMinutesNow } from '../../recording/time-zone.js';
import { parseCommand } from '../../study/parse.js';
import { Refusal } from '../../study/refusal.js';
import { refuseStudy } from '../../lab/people/reading.js';
import { askedBy, Callers, type Caller } from '../platform/caller.js';
import { AskedBy, From } from '../platform/caller.guard.js';
import { JsonBody } from '../platform/json-body.js';
import { Problem } from '../platform/problems.js';
import { JSON_MEDIA, Reply, etagOfSize } from '../platform/reply.js';
import { Takes } from '../routes/route.decorators.js';
import { API } from '../../shared/api-prefix.js';
import { COMMAND_PATH, commandAt } from '../routes/all-routes.js';
import { CommandId } from './command-id.js';

/** Takes every command; the catalogue says what its body may hold and which function decides it. */
@Controller()
export class CommandsController {
  constructor(
    @Inject(CommandBus) private readonly commands: CommandBus,
    @Inject(Engine) private readonly engine: Engine,
    @Inject(Callers) private readonly callers: Callers,
  ) {}

  @Post(COMMAND_PATH)
  @AskedBy('decided')
  @Takes([])
  async record(
    @Param('code') study: string,
    @Param('command') route: string,
    @CommandId() id: string,
    @From() caller: Caller,
    @JsonBody() body: unknown,
  ): Promise<Reply | Refusal> {
    const definition = commandAt(route);
    if (!definition) {
      throw new Problem('command-unknown', 'There is no such command: see the list at /api.', 'command');
    }
    const submission = { id, study, offsetMinutes: offsetMinutesNow(), ...askedBy(caller) };
    const command = parseCommand(definition, body, submission);
    if (command instanceof Refusal) return command;
    // Whoever may not read a study is not told why it takes no command.
    const isHidden = definition.name !== 'RegisterStudy' && !this.callers.reader(caller).mayRead(study);
    if (caller.by && isHidden) return refuseStudy(study);
    const receipt: Receipt | Refusal = await this.commands.execute(command);
    if (receipt instanceof Refusal) return receipt;
    const headers = {
      'Content-Type': JSON_MEDIA,
      ETag: etagOfSize(receipt.treeSize),
      Location: `${API}/studies/${study}/records/${receipt.records[0]?.number ?? 0}`,
    };
    return new Reply(201, headers, JSON.stringify(await tellFindings(this.engine, receipt)));
  }
}
