import { CATALOGUE, commandNamed } from '../../../src/study/catalogue.js';
import { exampleProtocol } from '../../../src/study/commands/common/example-protocol.js';
import { dataClassOf, fieldsOf } from '../../../src/study/commands/common/fields.js';
import { TrainingSchema } from '../../../src/study/protocol/training.js';
import type { StudyRecord } from '../../../src/study/record.js';
import { STUDY, StudyOfPeople, WEIGHT } from './study-of-people.js';

const REASON = 'Nobody else was there';
const UNTRAINED = ['deviation', 'untrained'];

describe('a procedure that the protocol asks training for', () => {
  let lab: StudyOfPeople;

  beforeEach(async () => {
    lab = await StudyOfPeople.opened();
    await lab.hire('surg-1');
    lab.later(60_000);
    await lab.ok('AmendProtocol', 'sd-1', {
      reason: 'Training is asked for',
      data: { protocol: { ...exampleProtocol, training: ['RecordBodyWeight', 'LigateNerve'] } },
    });
    lab.later(60_000);
  });

  const train = (person: string, on: string, until?: string, procedure = 'RecordBodyWeight') =>
    lab.done('RecordTraining', 'admin-1', { person, procedures: [procedure], on, ...(until && { until }) });
  const flagsOf = ({ data }: StudyRecord): readonly string[] => data.flags ?? [];
  const weigh = async (data: object = {}): Promise<readonly string[]> => {
    lab.later(60_000);
    return flagsOf(await lab.ok('RecordBodyWeight', 'tech-1', weight(data)));
  };
  const weight = (data: object = {}): object => ({
    ...WEIGHT,
    reason: REASON,
    data: { ...WEIGHT.data, ...data },
  });
  const last = async (): Promise<number> => (await lab.engine.study(STUDY)).state.size - 1;
  const corrected = async (target: number, actor: string, data: object = {}): Promise<readonly string[]> => {
    const { state } = await lab.engine.study(STUDY);
    const { time, subject } = state.records.at(target)!.record;
    const facts = { weight: { value: '251.0', unit: 'g' }, ...data };
    const record = await lab.ok('CorrectRecord', actor, {
      reason: 'Digits swapped',
      data: { target: { number: target }, subject, occurredAt: time, corrected: facts },
    });
    return ((record.data as { corrected: { flags?: string[] } }).corrected.flags ?? []) as readonly string[];
  };

  it('is a deviation without it, and needs a reason [R16]', async () => {
    expect(await lab.not('RecordBodyWeight', 'tech-1', WEIGHT)).toBe('reason-required');
    expect(await weigh()).toEqual(UNTRAINED);
  });

  it('is none for whoever was trained on that day [R16]', async () => {
    await train('tech-1', '2026-03-02', '2026-03-02');
    expect(await lab.not('RecordBodyWeight', 'tech-1', WEIGHT)).toBe('recorded');
    expect(await weigh()).toEqual([]);
  });

  it.each([
    ['only later', '2026-03-03', undefined],
    ['only before', '2025-03-01', '2026-03-01'],
  ])('is a deviation where the training holds %s', async (_, on, until) => {
    await train('tech-1', on, until);
    expect(await weigh()).toEqual(UNTRAINED);
  });

  it('is judged for who observed it, else for who entered it', async () => {
    await train('tech-1', '2026-01-01');
    expect(await weigh({ observedBy: 'surg-1' })).toEqual(UNTRAINED);
    await train('surg-1', '2026-01-01');
    expect(await weigh({ observedBy: 'surg-1' })).toEqual([]);
  });

  it('is judged for the surgeon before anybody [R16]', async () => {
    await train('tech-1', '2026-01-01', undefined, 'LigateNerve');
    const ligation = { ...commandNamed('LigateNerve')!.example, reason: REASON };
    expect(flagsOf(await lab.ok('LigateNerve', 'tech-1', ligation))).toEqual(UNTRAINED);
  });

  it('is judged in a correction by what the lab held when its target was recorded, for who did it then', async () => {
    await weigh();
    const untrained = await last();
    await train('tech-1', '2026-01-01');
    await weigh();
    const trained = await last();
    expect(await corrected(untrained, 'tech-1')).toEqual(UNTRAINED);
    // The director is not trained, and did not weigh the animal.
    expect(await corrected(trained, 'sd-1')).toEqual([]);
    await train('surg-1', '2026-01-01');
    await weigh();
    expect(await corrected(await last(), 'tech-1', { observedBy: 'surg-1' })).toEqual([]);
  });

  it('is not judged in the correction of a record from before the amendment', async () => {
    await lab.ok('RecordBodyWeight', 'tech-1', {
      ...weight(),
      occurredAt: '2026-03-02T08:00:30Z',
    });
    expect(await corrected(await last(), 'tech-1')).toEqual([]);
  });
});

it('asks nothing of actors who are only claimed: nobody could be trained', async () => {
  const lab = new StudyOfPeople();
  await lab.engine.initialise('lab.example', true, '00000000-0000-4000-8000-000000000001');
  await lab.ok('RegisterStudy', 'dev');
  await lab.ok('ApproveProtocol', 'dev', {
    data: { protocol: { ...exampleProtocol, training: ['RecordBodyWeight'] } },
  });
  await lab.ok('EnrolSubject', 'dev');
  expect((await lab.ok('RecordBodyWeight', 'dev', WEIGHT)).data.flags).toBeUndefined();
});

it('a protocol asks training for what is done to an animal or measured on it', () => {
  const { enum: procedures } = (TrainingSchema as unknown as { items: { enum: string[] } }).items;
  const observed = CATALOGUE.filter(({ command }) => fieldsOf(dataClassOf(command)).has('observedBy'));
  const named = observed.map(({ name }) => name);
  // These judge or report, and are no skill of the hands.
  const judging = ['ReportAdverseEvent', 'RecordFate', 'AssessSeverity'];
  expect(procedures.toSorted()).toEqual(named.filter((name) => !judging.includes(name)).toSorted());
});
