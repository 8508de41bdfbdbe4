import fc from 'fast-check';
import { CATALOGUE } from '../../src/study/catalogue.js';
import { isOf, type StoredStudyRecord } from '../../src/study/record.js';
import { Refusal } from '../../src/study/refusal.js';
import {
  UnknownRecordType,
  emptyStudy,
  factNumbered,
  fold,
  studyAt,
  withoutFact,
  type Fact,
  type Study,
} from '../../src/study/study.js';
import { begun, corrected, day, example, voided, weighed } from './bench.js';
import { anyRecords, anyStep, play } from './histories.js';
import { inOrder, whatHolds } from './oracle.js';
import { CODE, submit } from './specification.js';
import { runs, specimens } from '../support/effort.js';

/** Everything that a study says, in a form that compares deeply and that later folds cannot reach into. */
function summary(study: Study): string {
  const { code, size, recordedMs, facts, subjects, supersededBy, corrections, records } = study;
  const animals = [...subjects.values()]
    .map(({ id, facts: own, enrolled, excluded, killed, fate }) => ({
      id,
      facts: [...own],
      enrolled,
      excluded,
      killed,
      fate,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
  const lists = { facts: [...facts], animals, records: [...records].map(({ leaf }) => leaf) };
  const maps = { supersededBy: sorted(supersededBy), corrections: sorted(corrections) };
  return JSON.stringify({ code, size, recordedMs, ...lists, ...maps });
}

function sorted<V>(map: ReadonlyMap<number, V>): [number, V][] {
  return [...map].sort(([a], [b]) => a - b);
}

/** The study against the oracle: what holds, in which order, and what superseded what. */
function expectToHold(study: Study, records: readonly StoredStudyRecord[]): void {
  const { facts, supersededBy } = whatHolds(records);
  const shown = ({ number, holder, type, subject, time, protocolVersion, data }: (typeof facts)[number]) => ({
    number,
    holder,
    type,
    subject,
    time,
    protocolVersion,
    data,
  });
  const about = (id: string | undefined) => inOrder(facts.filter(({ subject }) => subject === id)).map(shown);
  expect([...study.facts].map(shown)).toEqual(about(undefined));
  const animals = new Set(facts.map(({ subject }) => subject).filter((id) => id !== undefined));
  expect(new Set(study.subjects.keys())).toEqual(animals);
  for (const [id, { facts: own, enrolled, excluded, killed, fate }] of study.subjects) {
    expect([...own].map(shown)).toEqual(about(id));
    const first = (type: string) => about(id).find((fact) => fact.type === type)?.number;
    expect([enrolled?.number, excluded?.number, killed?.number, fate?.number]).toEqual([
      first('SubjectEnrolled'),
      first('SubjectExcluded'),
      first('SubjectEuthanised'),
      first('FateRecorded'),
    ]);
  }
  expect(study.supersededBy).toEqual(supersededBy);
  for (let number = 0; number <= records.length; number++) {
    expect(factNumbered(study, number)?.holder).toBe(facts.find((fact) => fact.number === number)?.holder);
  }
}

const steps = fc.array(anyStep, { minLength: 20, maxLength: 60, size: 'max' });

describe('the fold of a study', () => {
  it('holds at every prefix what an independent oracle says', () => {
    fc.assert(
      fc.property(steps, (sent) => {
        const states = play(sent);
        const records = states.at(-1)?.records.toArray() ?? [];
        for (const study of states) expectToHold(study, records.slice(0, study.size));
      }),
      runs(60, 20),
    );
  });

  it('is tested on histories that hold what the oracle is there for', () => {
    let [corrections, voids, restored] = [0, 0, 0];
    for (const sent of specimens(steps, 60)) {
      const records = play(sent).at(-1)?.records.toArray() ?? [];
      for (const { record } of records) {
        if (isOf('RecordCorrected', record)) corrections++;
        if (!isOf('RecordVoided', record)) continue;
        voids++;
        if (records[record.data.target.number]?.record.type === 'RecordCorrected') restored++;
      }
    }
    expect(Math.min(corrections, voids)).toBeGreaterThan(60);
    expect(restored).toBeGreaterThan(5);
  });

  it('of a prefix and then the rest is the fold of all, at every tree size [R50]', () => {
    fc.assert(
      fc.property(steps, fc.nat(), (sent, at) => {
        const states = play(sent);
        const head = states.at(-1) as Study;
        const records = head.records.toArray();
        const size = at % (records.length + 1);
        const prefix = fold(emptyStudy(CODE), records.slice(0, size));
        expect(summary(fold(prefix, records.slice(size)))).toBe(summary(head));
        const known = states.find((study) => study.size === size);
        if (known) expect(summary(prefix)).toBe(summary(known));
        expect(summary(studyAt(head, size))).toBe(summary(prefix));
      }),
      runs(60),
    );
  });

  it('never changes an earlier study, whatever is folded onto it, even twice over', () => {
    fc.assert(
      fc.property(steps, steps, (sent, others) => {
        const states = play(sent);
        const before = states.map(summary);
        for (const study of states) {
          fold(study, (states.at(-1) as Study).records.toArray().slice(study.size));
          for (const step of others.slice(0, 3)) {
            const { name, body } = step(study);
            const answer = submit(study, name, body, Date.parse('2026-03-30T08:00:00Z'));
            if (!(answer instanceof Refusal)) fold(study, [answer.parsed]);
          }
          withoutFact(study, study.size - 1);
        }
        expect(states.map(summary)).toEqual(before);
      }),
      runs(25),
    );
  });

  it('is total: records that no command would have produced fold, and no fact is lost but by a later record', () => {
    fc.assert(
      fc.property(anyRecords, fc.nat(30), (records, at) => {
        const study = fold(emptyStudy(CODE), records);
        expectToHold(study, records);
        for (const { number, record } of records) {
          const isFact = !isOf('RecordCorrected', record) && !isOf('RecordVoided', record);
          if (isFact && !study.supersededBy.has(number))
            expect(factNumbered(study, number)?.holder).toBe(number);
        }
        const prefix = fold(emptyStudy(CODE), records.slice(0, at));
        expect(summary(fold(prefix, records.slice(at)))).toBe(summary(study));
      }),
      runs(300),
    );
  });

  it('knows every version of an animal by walking back, as the study at that tree size has it', () => {
    const numbers = (facts: Iterable<Fact>) => [...facts].sort((a, b) => a.number - b.number);
    fc.assert(
      fc.property(anyRecords, (records) => {
        const study = fold(emptyStudy(CODE), records);
        for (const [id, subject] of study.subjects) {
          const version = new Map([...subject.facts].map((fact) => [fact.number, fact]));
          for (const { record, out, put } of subject.changes.toArray().reverse()) {
            const at = (size: number) => numbers(studyAt(study, size).subjects.get(id)?.facts ?? []);
            expect(numbers(version.values())).toEqual(at(record + 1));
            if (put) version.delete(put.number);
            if (out) version.set(out.number, out);
            expect(numbers(version.values())).toEqual(at(record));
          }
        }
      }),
      runs(50),
    );
  });

  it('withdraws a correction once, whoever asks for it again', () => {
    const { study } = begun().and(
      weighed(day(4)),
      ...[undefined, 4].map((number) =>
        corrected(3, {
          subject: 'R01',
          occurredAt: day(4),
          corrected: { weight: { value: '250', unit: 'g' } },
          ...(number !== undefined && { replaces: { number } }),
        }),
      ),
      voided(5),
    );
    const again = { ...study.records.at(6), number: 7 } as StoredStudyRecord;
    const twice = fold(study, [again]);
    expect(factNumbered(twice, 3)?.holder).toBe(4);
    expect(twice.supersededBy).toEqual(study.supersededBy);
  });

  it('stops at a record type that it does not know', () => {
    const { study } = begun();
    const [known] = study.records;
    const record = { ...known?.record, type: 'TeaServed' } as unknown as StoredStudyRecord['record'];
    expect(() => fold(study, [{ number: 3, leaf: '', record }])).toThrow(UnknownRecordType);
    expect(study.size).toBe(3);
  });

  it('leaves what a correction is decided on without the fact, and nothing else changed', () => {
    const { study } = begun().and(weighed(day(4)));
    expect(factNumbered(withoutFact(study, 3), 3)).toBeUndefined();
    expect(withoutFact(study, 3).subjects.get('R01')?.facts.length).toBe(1);
    expect(summary(withoutFact(study, 99))).toBe(summary(study));
  });
});

describe('a decision', () => {
  it('on any state that commands can lead to is a record that fits, or a refusal', () => {
    fc.assert(
      fc.property(steps, (sent) => {
        const study = play(sent).at(-1) as Study;
        for (const { name } of CATALOGUE) {
          const answer = submit(
            study,
            name,
            { reason: 'As it was', ...example(name) },
            Date.parse('2026-03-30T08:00:00Z'),
          );
          if (answer instanceof Refusal) expect(answer.message).toMatch(/[.]$/);
        }
      }),
      runs(60),
    );
  });

  it('is the same again on the same state', () => {
    fc.assert(
      fc.property(steps, (sent) => {
        const leaves = (study: Study | undefined) => [...(study?.records ?? [])].map(({ leaf }) => leaf);
        expect(leaves(play(sent).at(-1))).toEqual(leaves(play(sent).at(-1)));
      }),
      runs(20),
    );
  });
});
