import { MemoryStore } from '../../src/store/memory.store.js';
import { describeStore } from './store-contract.js';

describeStore('memory', { open: async () => new MemoryStore() });
