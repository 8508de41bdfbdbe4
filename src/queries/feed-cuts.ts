import type { LabRecord } from '../lab/lab.js';
import type { EventStore } from '../store/event-store.js';
import { StoreError } from '../store/store-error.js';
import { countPassing } from '../study/bisect.js';

/** How much of each study the first records of the lab anchor: every server that has them says the same, for ever. */
export interface Cut {
  /** The number of those lab records. */
  readonly labSize: number;
  /** The number of studies that they register. */
  readonly studies: number;
  /** By index of the study in the order of registration; 0 where it is not anchored. */
  sizeOf(index: number): number;
}

/** Before anything was registered. */
export const NOTHING_ANCHORED: Cut = { labSize: 0, studies: 0, sizeOf: () => 0 };

interface Anchored {
  readonly labRecord: number;
  readonly size: number;
}

/** Every anchor of every study, read from the lab once, and then as the lab grows. */
export class FeedCuts {
  /** The lab record that registers each study. */
  private readonly registrations: number[] = [];
  private readonly indexes = new Map<string, number>();
  /** By index of the study, in the order of the lab. */
  private readonly anchors: Anchored[][] = [];
  private size = 0;
  private reading: Promise<void> = Promise.resolve();

  constructor(private readonly store: EventStore) {}

  /** @throws StoreError `unavailable` where the store has not that many lab records. */
  async at(labSize: number): Promise<Cut> {
    if (labSize === 0) return NOTHING_ANCHORED;
    this.reading = this.reading.catch(() => undefined).then(() => this.readUpTo(labSize));
    await this.reading;
    const { registrations, anchors } = this;
    return {
      labSize,
      studies: countPassing(registrations, (number) => number < labSize),
      sizeOf(index) {
        const known = anchors[index] ?? [];
        return known[countPassing(known, ({ labRecord }) => labRecord < labSize) - 1]?.size ?? 0;
      },
    };
  }

  private async readUpTo(labSize: number): Promise<void> {
    if (this.size >= labSize) return;
    for await (const page of this.store.read('lab', this.size))
      for (const { number, text } of page) this.take(number, JSON.parse(text) as LabRecord);
    if (this.size < labSize)
      throw new StoreError('unavailable', `lab record ${this.size} cannot be read, of ${labSize}.`);
  }

  private take(labRecord: number, record: LabRecord): void {
    this.size = labRecord + 1;
    const { type, data } = record as LabRecord<'StudyRegistered' | 'StudyCheckpointed'>;
    if (type === 'StudyRegistered' && !this.indexes.has(data.code)) {
      this.indexes.set(data.code, this.registrations.push(labRecord) - 1);
      this.anchors.push([]);
    } else if (type === 'StudyCheckpointed') {
      const { code, size } = data as LabRecord<'StudyCheckpointed'>['data'];
      this.anchors[this.indexes.get(code) ?? -1]?.push({ labRecord, size });
    }
  }
}
