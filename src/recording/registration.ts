import { defaultPolicy } from '../anchoring/lab-policy.js';
import { esignName, originOf, studyLog, type LogName } from '../lab/origins.js';
import { sha256Hex } from '../shared/sha256.js';
import type { HeadSigner } from '../signing/head-signer.js';
import type { CommandDefinition, StudyCommand } from '../study/commands/common/command.js';
import { Refusal, refuse } from '../study/refusal.js';
import { emptyStudy } from '../study/study.js';
import type { RecordingGate } from './recording-gate.js';
import type { OpenLogs } from './open-logs.js';
import type { Receipt } from './open-stream.js';
import { digestCommand, proposeCommand } from './propose-command.js';
import type { RecordClock } from './record-clock.js';
import { SIMULATED_BEGINNING, proposeCode, proposeLedger, refuseTakenCode } from './register-study.js';

/** How a ledger begins, and a study in it. */
export class Registration {
  constructor(
    private readonly logs: OpenLogs,
    private readonly heads: HeadSigner,
    private readonly gate: RecordingGate,
    private readonly now: RecordClock,
  ) {}

  /** Lab record 0. `policy` is the text of the lab policy. */
  async beginLedger(facility: string, simulated: boolean, commandId: string, policy?: string): Promise<void> {
    const vkey = (log: LogName, name = originOf(facility, log)): string =>
      this.heads.keyOf(simulated, log, name, 1).vkey;
    const keys = { lab: vkey('lab'), access: vkey('access'), esign: vkey('lab', esignName(facility)) };
    const data = { facility, simulated, keys, policy: sha256Hex(policy ?? defaultPolicy(keys.lab)) };
    const now: RecordClock = simulated ? () => SIMULATED_BEGINNING : this.now;
    const answer = await this.gate.record(this.logs.labLog, proposeLedger(data, commandId, now));
    if (answer instanceof Refusal && (await this.logs.lab()).size === 0) throw new Error(answer.message);
  }

  /** Two streams, so two appends: first the code is taken in the lab, then the study begins. */
  async registerStudy(definition: CommandDefinition, command: StudyCommand): Promise<Receipt | Refusal> {
    const { study: code, id } = command.submission;
    const log = await this.logs.writableStudy(code);
    const propose = (opened: number) =>
      proposeCommand(definition, command, () => this.logs.labNow, this.now, { opened });
    if (log.open.size > 0)
      return log.open.answerTo(id) ? this.gate.record(log, propose(0)) : refuseTakenCode(code);
    // What the study itself would refuse is refused before its code is taken for ever.
    const decided = propose(0).decide(log.open.state, 0);
    if (decided instanceof Refusal) return decided;
    const vkey = this.#keyForStudy(code);
    if (vkey instanceof Refusal) return vkey;
    const digest = digestCommand(definition, command);
    const proposal = proposeCode(definition, command, digest, vkey, this.now);
    const taken = await this.gate.record(this.logs.labLog, proposal);
    if (taken instanceof Refusal) return taken;
    const number = (await this.logs.lab()).studies.get(code)?.number ?? 0;
    return this.gate.record(log, propose(number + 1));
  }

  /** The flags of the record that a registration would become, or why it is refused. Nothing is recorded. */
  async foresee(definition: CommandDefinition, command: StudyCommand): Promise<readonly string[] | Refusal> {
    const { study: code } = command.submission;
    const lab = await this.logs.lab();
    if (lab.studies.has(code)) return refuseTakenCode(code);
    const proposal = proposeCommand(definition, command, () => this.logs.labNow, this.now, { opened: 0 });
    const decided = proposal.decide(emptyStudy(code), 0);
    if (decided instanceof Refusal) return decided;
    const vkey = this.#keyForStudy(code);
    return vkey instanceof Refusal ? vkey : (decided[0]?.parsed.record.data.flags ?? []);
  }

  /** A study's key is published with its code, so no study begins without the ledger's own seed. */
  #keyForStudy(code: string): string | Refusal {
    const { facility, epoch, simulated } = this.logs.labNow;
    const log = studyLog(code);
    if (this.heads.holdsLabSeed())
      return this.heads.keyOf(simulated, log, originOf(facility, log), epoch).vkey;
    return refuse(
      'signing-key-missing',
      'The seed of this ledger is missing, so no study can get a key: start the server with it.',
    );
  }
}
