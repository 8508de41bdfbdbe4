import fc from 'fast-check';
import { recordsAbout, studyOfPart } from '../../../src/exports/bundle/selection.js';
import { auditTrail } from '../../../src/study/projections/audit-trail.projection.js';
import { animalsConcerned, isKnownAnimal } from '../../../src/study/projections/concerns.js';
import { View } from '../../../src/study/projections/projection.js';
import { recordsOf, recordWithCorrections } from '../../../src/study/projections/records.js';
import { emptyStudy, fold, type Study } from '../../../src/study/study.js';
import { runs, specimens } from '../../support/effort.js';
import { because, begun, corrected, day, enrolled, voided, weighed } from '../bench.js';
import { anyRecords, anyStep, play } from '../histories.js';
import { CODE, sent as command } from '../specification.js';

const steps = fc.array(anyStep, { minLength: 20, maxLength: 60, size: 'max' });

const trail = (study: Study, subject: string): number[] =>
  auditTrail.project(new View(study, Infinity, subject)).records.map(({ record }) => record);

const listed = (study: Study, subject: string): number[] =>
  (recordsOf(new View(study), { subject }, 0, 1000) as { records: { number: number }[] }).records.map(
    ({ number }) => number,
  );

const movedTo = (subject: string, replaces: number) =>
  corrected(5, {
    replaces: { number: replaces },
    subject,
    occurredAt: day(4),
    corrected: { weight: { value: '243.7', unit: 'g' } },
  });

describe('the records that concern an animal', () => {
  // given: a weight recorded for R01 (5), corrected to R02 (6), then to R03 (7), then voided (8)
  const three = begun()
    .and(enrolled('R02'))
    .and(enrolled('R03'))
    .and(weighed(day(4)));
  const moved = three.and(movedTo('R02', 5)).and(movedTo('R03', 6)).and(voided(5)).study;

  it('show R02 the weight as it came, as it left, and its end', () => {
    // when: somebody asks for R02; then: no record names one that is not there
    expect(trail(moved, 'R02')).toEqual([3, 6, 7, 8]);
    expect(listed(moved, 'R02')).toEqual([3, 6, 7, 8]);
  });

  it('show R01, for whom it was entered, where it went', () => {
    expect(trail(moved, 'R01')).toEqual([2, 5, 6, 7, 8]);
  });

  it('show R03 nothing of the animals before it', () => {
    expect(trail(moved, 'R03')).toEqual([4, 7, 8]);
    expect(listed(moved, 'R03')).toEqual([4, 7, 8]);
  });

  it('show R01 the void that gave its weight back', () => {
    // given: corrected to R02 by mistake (6), the correction voided (7)
    const back = three.and(movedTo('R02', 5)).and(voided(6)).study;
    expect(trail(back, 'R01')).toEqual([2, 5, 6, 7]);
    expect(trail(back, 'R02')).toEqual([3, 6, 7]);
  });

  it('are those of the study as a whole where they name no animal, and the acknowledgements of theirs', () => {
    const study = begun()
      .and(because('Sheet found', { ...weighed(day(4)), clock: day(5) }))
      .and(command('AcknowledgeDeviation', { data: { target: { number: 3 }, assessment: 'None' } })).study;
    expect(animalsConcerned(study)).toEqual([[undefined], [undefined], ['R01'], ['R01'], ['R01']]);
    expect(trail(study, 'R01')).toEqual([2, 3, 4]);
  });

  it('are there for an animal that was entered by mistake and withdrawn', () => {
    const study = begun().and(enrolled('R02')).and(voided(3)).study;
    expect(study.subjects.has('R02')).toBe(false);
    expect([isKnownAnimal(study, 'R02'), isKnownAnimal(study, 'R03')]).toEqual([true, false]);
    expect(trail(study, 'R02')).toEqual([3, 4]);
  });

  it('stand beside each record: a correction with what replaced and voided it', () => {
    const { corrections } = recordWithCorrections(new View(moved), 7) as {
      corrections: { record: number }[];
    };
    expect(corrections.map(({ record }) => record)).toEqual([8]);
    const of6 = recordWithCorrections(new View(moved), 6) as { corrections: { record: number }[] };
    expect(of6.corrections.map(({ record }) => record)).toEqual([7]);
  });

  it('hold, with each record, what superseded it, whatever the records', () => {
    const check = (study: Study): void => {
      const concerned = animalsConcerned(study);
      for (const [number, by] of study.supersededBy)
        for (const animal of concerned[number]!) expect(concerned[by]).toContain(animal);
    };
    fc.assert(
      fc.property(anyRecords, steps, (records, sent) => {
        check(fold(emptyStudy(CODE), records));
        check(play(sent).at(-1)!);
      }),
      runs(100, 20),
    );
  });

  it('are tested on histories in which much is superseded, also of animals with fewer records than the study', () => {
    const played = specimens(steps, 400).map((sent) => play(sent).at(-1)!);
    const records = specimens(anyRecords, 400).map((some) => fold(emptyStudy(CODE), some));
    const superseded = [...played, ...records].reduce((sum, study) => sum + study.supersededBy.size, 0);
    expect(superseded).toBeGreaterThan(1200);
    const parts = played.flatMap((whole) =>
      [...whole.subjects.keys()].filter((subject) => recordsAbout(whole, subject).length < whole.size),
    );
    const corrections = played.reduce((sum, { corrections: { size } }) => sum + size, 0);

    expect(Math.min(parts.length, corrections)).toBeGreaterThan(400);
  });

  it('are known as of each tree size: a later record takes none away', () => {
    fc.assert(
      fc.property(steps, (sent) => {
        const states = play(sent);
        const head = animalsConcerned(states.at(-1)!);
        for (const study of states)
          for (const [number, animals] of animalsConcerned(study).entries())
            for (const animal of animals) expect(head[number]).toContain(animal);
      }),
      runs(60),
    );
  });

  it('are enough to make the history of the animal: a part states what the whole states', () => {
    fc.assert(
      fc.property(steps, (sent) => {
        const whole = play(sent).at(-1)!;
        for (const subject of whole.subjects.keys()) {
          const chosen = new Set(recordsAbout(whole, subject));
          const known = whole.records.toArray().filter(({ number }) => chosen.has(number));
          const part = studyOfPart(whole.code, whole.size, known);
          expect([...part.facts]).toEqual([...whole.facts].filter((fact) => chosen.has(fact.number)));
          expect([...part.subjects.get(subject)!.facts]).toEqual([...whole.subjects.get(subject)!.facts]);
          expect(recordsAbout(part, subject)).toEqual([...chosen]);
          expect(trail(part, subject)).toEqual(trail(whole, subject));
          for (const number of chosen)
            if (whole.supersededBy.has(number))
              expect(part.supersededBy.get(number)).toBe(whole.supersededBy.get(number));
        }
      }),
      runs(60, 20),
    );
  });
});
