import { v4 } from 'uuid';
import { Engine } from '../../src/engine/engine.js';
import { streamsOf } from '../../src/engine/ledger-streams.js';
import { MemoryStore } from '../../src/store/memory.store.js';
import { record } from '../store/helpers.js';
import { START, sender } from './ledger.js';

describe('the streams of a ledger', () => {
  it('are those that its register names and that hold a record', async () => {
    const store = new MemoryStore();
    expect(await streamsOf(store)).toEqual([]);
    const engine = new Engine(store, () => START);
    await engine.initialise('lab.example', false, v4());
    expect(await streamsOf(store)).toEqual(['lab']);
    await sender(engine, 'NP-002')('RegisterStudy');
    await sender(engine, 'NP-001')('RegisterStudy');
    await store.append('study-STRAY', 0, [record('{}')]);
    expect(await streamsOf(store)).toEqual(['lab', 'study-NP-002', 'study-NP-001']);
    await engine.close();
  });
});
