import type { Disclosures } from '../identity/disclosures.js';
import { newSecret, secretDigest } from '../identity/secret.js';
import { simulatedSecret } from '../identity/simulated.js';
import type {
  CommittedPlace,
  LabCommand,
  LabDefinition,
  Occurrences,
} from '../lab/commands/common/lab-command.js';
import { studyOf } from '../lab/origins.js';
import { individualOf } from '../lab/people/standing.js';
import { CATALOGUE } from '../study/catalogue.js';
import type { StudyRecord } from '../study/record.js';
import { Refusal } from '../study/refusal.js';
import type { Commitment } from '../tlog/commitment.js';
import type { OpenLogs } from './open-logs.js';
import type { Receipt } from './open-stream.js';
import { commitTexts, forgetTexts } from './personal-texts.js';
import { proposeLabCommand, type Prepared } from './propose-lab-command.js';
import type { RecordClock } from './record-clock.js';
import type { RecordingGate } from './recording-gate.js';

export interface LabReceipt extends Receipt {
  /** The code of a link, or a token, in base64url: it is kept nowhere. */
  readonly secret?: string;
}

/** Commands about people, sites and keys: what they need before they are decided, and what they leave behind. */
export class LabCommands {
  constructor(
    private readonly logs: OpenLogs,
    private readonly gate: RecordingGate,
    private readonly disclosures: Disclosures,
    private readonly now: RecordClock,
  ) {}

  async execute(definition: LabDefinition, command: LabCommand): Promise<LabReceipt | Refusal> {
    const { labLog } = this.logs;
    const { id } = command.submission;
    const isRepeated = labLog.open.answerTo(id) !== undefined;
    const secret = this.logs.labNow.simulated ? simulatedSecret(id) : newSecret();
    const prepared = isRepeated ? NOTHING : await this.prepare(definition, command, secret);
    const proposal = proposeLabCommand(definition, command, prepared, this.disclosures, this.now);
    const answer = await this.gate.record(labLog, proposal);
    if (!proposal.isRecorded()) this.forget(prepared);
    if (answer instanceof Refusal) return answer;
    if (definition.name === 'RedactField') this.carryOut(command);
    return definition.handsOut && proposal.isRecorded() ? { ...answer, secret } : answer;
  }

  private async prepare(definition: LabDefinition, command: LabCommand, secret: string): Promise<Prepared> {
    const named = definition.occurrencesOf?.(command);
    const occursIn = named ? await this.occurrences(named) : [];
    return {
      commitments: commitTexts(this.disclosures, definition, command),
      secretSha256: secretDigest(secret)!,
      occursIn,
      isGoverned: await this.isGoverned(definition.governedOf?.(command)),
      committed: await this.committedAt(definition.committedAt?.(command)),
    };
  }

  private forget({ commitments }: Prepared): void {
    const { people } = this.logs.labNow;
    const kept = new Set(people.commitments.values());
    forgetTexts(this.disclosures, commitments, (digest) => kept.has(digest));
  }

  /** What opened the commitment is deleted after the record says so; a process that dies in between does it at its next start. */
  private carryOut(command: LabCommand): void {
    const { request } = command.data as { request: number };
    const asked = this.logs.labNow.people.redactions.get(request)?.asked;
    if (asked) this.disclosures.erase(asked.digest);
  }

  /** The studies whose records name somebody, by any id of the same human, read from their texts: this is asked when a person is registered, and seldom. */
  private async occurrences({ person, study, isForQuality = false }: Occurrences): Promise<string[]> {
    const codes = study === undefined ? [...this.logs.labNow.studies.keys()] : [study];
    const found: string[] = [];
    const ids = individualOf(this.logs.labNow.people, person);
    for (const code of codes) if (await this.occursIn(code, ids, isForQuality)) found.push(code);
    return found;
  }

  /** By the record that opened the study: that is never changed. */
  private async isGoverned(code: string | undefined): Promise<boolean> {
    if (code === undefined || !this.logs.labNow.studies.has(code)) return false;
    for await (const [opened] of this.logs.readTexts(code)) {
      const { data } = JSON.parse(opened?.text ?? '{}') as { data?: { governance?: string } };
      return data?.governance === 'signed';
    }
    return false;
  }

  /** What a record of a study commits to. Those of the lab are folded. */
  private async committedAt(place: CommittedPlace | undefined): Promise<string | undefined> {
    const code = place && studyOf(place.log);
    if (code === undefined || !this.logs.labNow.studies.has(code)) return undefined;
    for await (const [found] of this.logs.store.read(place!.log, place!.number)) {
      const { data } = JSON.parse(found?.text ?? '{}') as { data?: Readonly<Record<string, unknown>> };
      const held = Object.entries(data ?? {}).find(([member]) => place!.pointer === `/data/${member}`)?.[1];
      return (held as Partial<Commitment> | undefined)?.['...'];
    }
    return undefined;
  }

  private async occursIn(code: string, ids: ReadonlySet<string>, isForQuality: boolean): Promise<boolean> {
    const quoted = [...ids].map((id) => `"${id}"`);
    const occurs = (text: string): boolean =>
      quoted.some((id) => text.includes(id)) &&
      !(isForQuality && isOfQuality(JSON.parse(text) as StudyRecord, ids));
    for await (const page of this.logs.readTexts(code))
      if (page.some(({ text }) => occurs(text))) return true;
    return false;
  }
}

/** Whether somebody made a record that quality assurance may make: it makes them no maker of the study. */
function isOfQuality({ actor, actorrole, type }: StudyRecord, ids: ReadonlySet<string>): boolean {
  const mayQuality = CATALOGUE.some(({ records, who }) => records === type && who.roles.includes('quality'));
  return ids.has(actor) && (actorrole === 'quality' || mayQuality);
}

const NOTHING: Prepared = {
  commitments: {},
  secretSha256: '',
  occursIn: [],
  isGoverned: false,
  committed: undefined,
};
