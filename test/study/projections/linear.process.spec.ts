import { Subject } from '../../../src/study/fold/subject.js';
import { SubjectsDraft } from '../../../src/study/fold/subjects.js';
import { AppendList } from '../../../src/study/fold/append-list.js';
import { findingsOf } from '../../../src/study/projections/findings.js';
import { MovingCharts } from '../../../src/study/projections/moving-charts.js';
import { finish } from '../../../src/study/steps.js';
import { PROJECTIONS } from '../../../src/study/projections/catalogue.js';
import { View, type Projection } from '../../../src/study/projections/projection.js';
import { emptyStudy, fold, type Fact, type Study } from '../../../src/study/study.js';
import { LONG_HISTORIES, type LongHistory } from './long-histories.js';

/** A study that counts how often a member of one of its facts or records is read. */
class CountedStudy {
  reads = 0;
  readonly study: Study;

  constructor({ records }: LongHistory) {
    const study = fold(emptyStudy('X'), records);
    const subjects = SubjectsDraft.none();
    for (const [id, subject] of study.subjects) subjects.set(id, this.countedSubject(subject));
    this.study = {
      ...study,
      subjects,
      records: AppendList.of([...study.records].map((stored) => this.counted(stored))),
      facts: AppendList.of([...study.facts].map((fact) => this.counted(fact))),
    };
  }

  /** The same animal, made anew by the same changes. */
  private countedSubject({ id, changes }: Subject): Subject {
    const known = new Map<Fact, Fact>();
    const counted = (fact: Fact | undefined): Fact | undefined => {
      if (!fact) return undefined;
      if (!known.has(fact)) known.set(fact, this.counted(fact));
      return known.get(fact);
    };
    let subject: Subject | undefined;
    for (const { record, out, put } of changes)
      subject = Subject.changed(subject, id, { record, out: counted(out), put: counted(put) });
    this.reads = 0;
    return subject as Subject;
  }

  private counted<T extends object>(target: T): T {
    return new Proxy(target, {
      get: (object, name) => {
        this.reads++;
        const value: unknown = Reflect.get(object, name);
        return value;
      },
    });
  }
}

function readsOf(projection: Projection, history: LongHistory): number {
  const counted = new CountedStudy(history);
  counted.reads = 0;
  projection.project(new View(counted.study));
  return counted.reads;
}

/** What is read to tell what every record says, each just after it was recorded. */
function readsToTell(history: LongHistory): number {
  const counted = new CountedStudy(history);
  const charts = new MovingCharts();
  for (let number = 0; number < history.size; number++)
    finish(findingsOf({ ...counted.study, size: number + 1 }, number, charts));
  return counted.reads;
}

const FEW = 40;
const TIMES = 8;

describe.each(Object.entries(LONG_HISTORIES))('of n %s', (_, make) => {
  it('every projection reads each fact so many times, however many there are', () => {
    const [few, many] = [make(FEW), make(FEW * TIMES)];
    for (const projection of PROJECTIONS) {
      const times = readsOf(projection, many) / readsOf(projection, few);
      // Sorting and bisection add a logarithm: three steps more where there is eight times as much.
      expect([projection.name, times <= 1.5 * (many.size / few.size)]).toEqual([projection.name, true]);
    }
  });

  it('telling what each record says reads each fact so many times', () => {
    const [few, many] = [make(FEW), make(FEW * TIMES)];
    expect(readsToTell(many) / readsToTell(few)).toBeLessThanOrEqual(1.5 * (many.size / few.size));
  });

  it('every projection goes in steps that read little of each fact', () => {
    const counted = new CountedStudy(make(FEW * TIMES));
    for (const projection of PROJECTIONS) {
      const steps = projection.steps(new View(counted.study));
      let longest = 0;
      for (let before = (counted.reads = 0); !steps.next().done; before = counted.reads)
        longest = Math.max(longest, counted.reads - before);
      // Reading twenty members of each of 8,000 facts takes a few milliseconds.
      expect([projection.name, longest < 20 * counted.study.size]).toEqual([projection.name, true]);
    }
  });
});
