import { Inject, type Provider } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { CATALOGUE } from '../study/catalogue.js';
import type { StudyCommand } from '../study/commands/common/command.js';
import type { Refusal } from '../study/refusal.js';
import { Engine } from './engine.js';
import type { Receipt } from './open-stream.js';

/**
 * One handler for all commands, registered once for each. The CommandBus only warns of a second handler for a command
 * and uses that one, so a double entry in the catalogue stops the start here.
 */
export function commandHandlers(): Provider[] {
  const twice = CATALOGUE.find(
    ({ name }, index) => CATALOGUE.findIndex((other) => other.name === name) !== index,
  );
  if (twice) throw new Error(`the catalogue lists ${twice.name} twice`);
  return CATALOGUE.map((definition) => {
    @CommandHandler(definition.command)
    class Handler implements ICommandHandler<StudyCommand> {
      constructor(@Inject(Engine) private readonly engine: Engine) {}

      execute(command: StudyCommand): Promise<Receipt | Refusal> {
        return this.engine.execute(definition, command);
      }
    }
    Object.defineProperty(Handler, 'name', { value: `${definition.name}Handler` });
    return Handler;
  });
}
