import { v7 } from 'uuid';
import type { LabCommand, LabDefinition } from '../lab/commands/common/lab-command.js';
import { tellFindings, type ToldReceipt } from '../queries/tell-findings.js';
import { Engine } from '../recording/engine.js';
import type { LabReceipt } from '../recording/lab-commands.js';
import type { Receipt } from '../recording/open-stream.js';
import { MemoryStore } from '../store/memory.store.js';
import { isStoreError } from '../store/store-error.js';
import type { CommandDefinition, StudyCommand, Submission } from '../study/commands/common/command.js';
import { Refusal } from '../study/refusal.js';
import { SIMULATED_FACILITY } from '../operations/open-ledger.js';
import { openForRecording, type RecordingLedger, type RecordingOptions } from './open-for-recording.js';
import type { Place } from './open-ledger.js';
import { Failure } from './output/failure.js';

/**
 * Records the commands of a file. Where there is no ledger, the first command that is accepted creates a simulated one: a file
 * that is refused whole leaves nothing behind.
 */
export class PlayRecorder {
  private constructor(
    private readonly place: Place,
    private readonly options: RecordingOptions,
    /** Undefined as long as there is no ledger. */
    public ledger: RecordingLedger | undefined,
  ) {}

  static async open(place: Place, options: RecordingOptions): Promise<PlayRecorder> {
    try {
      return new PlayRecorder(place, options, await openForRecording(place, options));
    } catch (error) {
      if (!isStoreError(error, 'missing')) throw error;
      if (!options.simulated) throw noRealLedger(error.message);
      return new PlayRecorder(place, options, undefined);
    }
  }

  async execute(definition: CommandDefinition, command: StudyCommand): Promise<ToldReceipt | Refusal> {
    const engine = await this.engineFor((one) => one.execute(definition, command));
    if (engine instanceof Refusal) return engine;
    const answer = await engine.execute(definition, command);
    return answer instanceof Refusal ? answer : tellFindings(engine, answer);
  }

  noteRefusal(definition: CommandDefinition | LabDefinition, submission: Submission, refusal: Refusal): void {
    this.ledger?.engine.accessNotes.noteRefusal(definition, submission, refusal);
  }

  async executeInLab(definition: LabDefinition, command: LabCommand): Promise<LabReceipt | Refusal> {
    const engine = await this.engineFor((one) => one.executeInLab(definition, command));
    return engine instanceof Refusal ? engine : engine.executeInLab(definition, command);
  }

  /** The engine; or what a new ledger would refuse the command with, where there is none. */
  private async engineFor(give: (engine: Engine) => Promise<Receipt | Refusal>): Promise<Engine | Refusal> {
    if (!this.ledger) {
      const rehearsed = await this.rehearse(give);
      if (rehearsed instanceof Refusal) return rehearsed;
      this.ledger = await openForRecording(this.place, { ...this.options, create: true });
    }
    return this.ledger.engine;
  }

  /** What a new ledger would answer. */
  private async rehearse(give: (engine: Engine) => Promise<Receipt | Refusal>): Promise<Receipt | Refusal> {
    const engine = new Engine(new MemoryStore(), () => Date.now());
    await engine.initialise(SIMULATED_FACILITY, true, v7());
    const answer = await give(engine);
    await engine.close();
    return answer;
  }
}

function noRealLedger(why: string): Failure {
  return new Failure(
    why,
    'To try commands, add --simulated. To keep real data, create a ledger and its first administrator: study-ledger init --data ledger --facility lab.example --url https://ledger.lab.example --administrator admin-1',
    'store-missing',
  );
}
