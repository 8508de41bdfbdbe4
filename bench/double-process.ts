import { KurrentDBDouble } from '../test/store/kurrentdb/server-double.js';

/** The double in a process of its own, so that it does not take the time of whoever is measured. Says where it listens. */
process.send?.((await KurrentDBDouble.start()).url);
process.once('disconnect', () => process.exit());
