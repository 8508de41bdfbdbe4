import type { FactType } from '../events/events.js';
import type { Fact } from '../study.js';
import { weighingsOf, type Weighing } from './weights.js';

/** The facts of one animal, oldest first, grouped by type once: a return asks many questions of each animal. */
export class Course {
  private readonly byType = new Map<FactType, Fact[]>();
  private weighed: readonly Weighing[] | undefined;

  constructor(readonly facts: readonly Fact[]) {
    for (const fact of facts) {
      const same = this.byType.get(fact.type);
      if (same) same.push(fact);
      else this.byType.set(fact.type, [fact]);
    }
  }

  of<T extends FactType>(type: T): readonly Fact<T>[] {
    return (this.byType.get(type) ?? NONE) as readonly Fact<T>[];
  }

  get weighings(): readonly Weighing[] {
    return (this.weighed ??= weighingsOf(this.facts));
  }
}

const NONE: readonly Fact[] = [];
