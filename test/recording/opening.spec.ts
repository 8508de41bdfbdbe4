import { Engine } from '../../src/recording/engine.js';
import { MemoryStore } from '../../src/store/memory.store.js';
import { StoreError } from '../../src/store/store-error.js';
import type { StoredRecord } from '../../src/store/event-store.js';

/** A store whose first readings fail, as a disk or a cluster does that comes up late. */
class Late extends MemoryStore {
  failures = 2;

  override async *read(stream: string, from?: number): AsyncGenerator<readonly StoredRecord[]> {
    if (this.failures-- > 0) throw new StoreError('unavailable', 'Not yet.');
    yield* super.read(stream, from);
  }
}

describe('an engine whose store comes up late', () => {
  it('reads again when it is asked again', async () => {
    const engine = new Engine(new Late(), () => 0);
    await expect(engine.lab()).rejects.toThrow('Not yet.');
    await expect(engine.study('LATE-01')).rejects.toThrow('Not yet.');
    await expect(engine.lab()).resolves.toMatchObject({ size: 0 });
    await expect(engine.study('LATE-01')).resolves.toMatchObject({ size: 0 });
  });
});
