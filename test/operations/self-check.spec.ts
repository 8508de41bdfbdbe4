import { SelfChecks } from '../../src/operations/self-check.js';
import { StoreError } from '../../src/store/store-error.js';

const HOUR_MS = 3_600_000;

describe('the self-check', () => {
  const reported: string[] = [];
  const pauses: number[] = [];
  const setTimer = global.setTimeout;
  beforeEach(() => {
    reported.length = 0;
    pauses.length = 0;
    global.setTimeout = ((run: () => void, ms: number) => {
      pauses.push(ms);
      return setTimer(run, 2_147_483_647);
    }) as typeof setTimeout;
  });
  afterEach(() => {
    global.setTimeout = setTimer;
  });

  const runOnce = async (check: () => Promise<readonly string[]>): Promise<void> => {
    const checks = new SelfChecks({ data: 'ledger' }, (line) => reported.push(line), check);
    await checks.run();
    checks.stop();
  };

  it('reports what it finds, and is made again at night', async () => {
    await runOnce(async () => ['study-KET-01: record 3 was changed']);
    expect(reported).toEqual(['self-check: study-KET-01: record 3 was changed']);
    expect(pauses[0]).toBeGreaterThan(0);
    expect(pauses[0]).toBeLessThanOrEqual(25 * HOUR_MS);
  });

  it('is made again soon after an outage of the store', async () => {
    await runOnce(() => Promise.reject(new StoreError('unavailable', 'away')));
    expect([reported, pauses]).toEqual([['the self-check could not be made: away'], [300_000]]);
  });
});
