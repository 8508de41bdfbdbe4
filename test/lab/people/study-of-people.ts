import { v4 } from 'uuid';
import type { Receipt } from '../../../src/recording/open-stream.js';
import type { EventStore } from '../../../src/store/event-store.js';
import { commandNamed } from '../../../src/study/catalogue.js';
import { parseCommand } from '../../../src/study/parse.js';
import type { StudyRecord } from '../../../src/study/record.js';
import { Refusal } from '../../../src/study/refusal.js';
import { PeopleLab } from './people-lab.js';

export const STUDY = 'NP-001';
export const WEIGHT = { subject: 'R01', data: { weight: { value: '250.0', unit: 'g' } } };

/** A study of `sd-1`, with `tech-1` and `vet-1` for the facility and R01 enrolled. */
export class StudyOfPeople extends PeopleLab {
  static async opened(store?: EventStore): Promise<StudyOfPeople> {
    const lab = await PeopleLab.begun(new StudyOfPeople(store));
    await lab.join('tech-1', 'technician');
    await lab.join('sd-1', 'director', 'tech-1');
    await lab.join('vet-1', 'veterinarian', 'tech-1');
    await lab.ok('RegisterStudy', 'sd-1', { data: { title: 'T', director: 'sd-1' } });
    await lab.ok('ApproveProtocol', 'sd-1');
    await lab.ok('EnrolSubject', 'tech-1');
    return lab;
  }

  async command(
    name: string,
    actor: string,
    changes: object = {},
    role = '',
    study = STUDY,
    engine = this.engine,
  ): Promise<Receipt | Refusal> {
    const definition = commandNamed(name)!;
    const by = this.by(actor);
    const body = { ...(JSON.parse(JSON.stringify(definition.example)) as object), ...changes };
    const submission = { id: v4(), study, actor, role, ...(by && { by }) };
    const command = parseCommand(definition, body, submission);
    return command instanceof Refusal ? command : engine.execute(definition, command);
  }

  async ok(name: string, actor: string, changes: object = {}, role = ''): Promise<StudyRecord> {
    const answer = await this.command(name, actor, changes, role);
    if (answer instanceof Refusal) throw new Error(`${name}: ${answer.code}: ${answer.message}`);
    const { state } = await this.engine.study(STUDY);
    return state.records.at(answer.records[0]!.number)!.record;
  }

  async not(name: string, actor: string, changes: object = {}, role = '', study = STUDY): Promise<string> {
    const answer = await this.command(name, actor, changes, role, study);
    return answer instanceof Refusal ? answer.code : 'recorded';
  }

  /** The number of a new weight that somebody recorded. */
  async weigh(actor: string): Promise<number> {
    return Number((await this.ok('RecordBodyWeight', actor, WEIGHT)).sequence);
  }
}
