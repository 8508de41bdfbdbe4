import { Inject, type Provider } from '@nestjs/common';
import { CommandHandler } from '@nestjs/cqrs';
import { CATALOGUE } from '../study/catalogue.js';
import type { StudyCommand } from '../study/commands/common/command.js';
import { LAB_CATALOGUE } from '../lab/commands/catalogue.js';
import type { LabCommand } from '../lab/commands/common/lab-command.js';
import type { LabReceipt } from './lab-commands.js';
import type { Refusal } from '../study/refusal.js';
import { Engine } from './engine.js';
import type { Receipt } from './open-stream.js';

/**
 * One handler for all commands, registered once for each. The CommandBus only warns of a second handler for a command
 * and uses that one, so a double entry in the catalogue stops the start here.
 */
export function commandHandlers(): Provider[] {
  const all = [...CATALOGUE, ...LAB_CATALOGUE];
  const twice = all.find(({ name }, index) => all.findIndex((other) => other.name === name) !== index);
  if (twice) throw new Error(`the catalogues list ${twice.name} twice`);
  return all.map((definition) => {
    @CommandHandler(definition.command)
    class Handler {
      constructor(@Inject(Engine) private readonly engine: Engine) {}

      execute(command: object): Promise<Receipt | LabReceipt | Refusal> {
        return definition.stream === 'lab'
          ? this.engine.executeInLab(definition, command as LabCommand)
          : this.engine.execute(definition, command as StudyCommand);
      }
    }
    Object.defineProperty(Handler, 'name', { value: `${definition.name}Handler` });
    return Handler;
  });
}
