import { confirmClock } from '../../src/cli/commands/clock.js';
import { Refusal } from '../../src/study/refusal.js';
import type { Receipt } from '../../src/recording/open-stream.js';
import { freshFolder } from '../support/folders.js';
import { codeOf, failures, opened, START, type TestLedger } from './test-ledger.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** A study at START; the clock of the next process is `ahead`. */
async function openedAhead(ahead: number, data = freshFolder('clock')) {
  const first = await opened(data);
  await first.study();
  await first.engine.close();
  const clock = { ms: START + ahead };
  const ledger = await opened(data, { clock: () => clock.ms });
  return { data, clock, ledger };
}

async function recordOf({ engine }: TestLedger, answer: Receipt | Refusal) {
  if (answer instanceof Refusal) throw new Error(answer.message);
  return (await engine.study('NP-001')).state.records.at(answer.records[0]!.number)!.record;
}

describe('a clock that is ten years ahead', () => {
  it('records nothing, neither commands nor anchors; once it is right, all goes on as if nothing had been', async () => {
    const { data, clock, ledger } = await openedAhead(3650 * DAY);
    const sizes = async () => [
      await ledger.engine.store.size('lab'),
      await ledger.engine.store.size('study-NP-001'),
    ];
    const before = await sizes();
    expect(codeOf(await ledger.send('RecordBodyWeight'))).toBe('clock-leap');
    await ledger.anchoring.anchor();
    expect(await sizes()).toEqual(before);
    expect(ledger.anchoring.status().problems).toMatchObject({
      lab: expect.stringContaining('clock confirm'),
    });
    clock.ms = START + HOUR;
    const record = await recordOf(ledger, await ledger.send('RecordBodyWeight'));
    expect(record.recordedtime).toBe(new Date(clock.ms).toISOString());
    expect(record.data.flags).toBeUndefined();
    await ledger.engine.close();
    expect(await failures(data)).toEqual([]);
  });

  it('is believed once a person has confirmed it, with the cause in the lab', async () => {
    const data = freshFolder('clock-confirmed');
    const first = await opened(data, { clock: () => Date.parse('2020-01-06T09:00:00Z') });
    await first.study();
    await first.engine.close();
    const stopped = await opened(data, { clock: () => Date.now() });
    expect(codeOf(await stopped.send('RecordBodyWeight'))).toBe('clock-leap');
    await stopped.engine.close();
    expect(await confirmClock({ data, cause: 'Taken from the shelf' })).toMatch(
      /Recorded in the lab \(record 2\)/,
    );
    const ledger = await opened(data, { clock: () => Date.now() });
    const answer = await ledger.send('RecordBodyWeight', { reason: 'Taken from the shelf' });
    expect(codeOf(answer)).toBe('recorded');
    expect(ledger.engine.labNow.clockConfirmedMs).toBeGreaterThan(START - 400 * DAY);
    await ledger.engine.close();
    expect(await failures(data)).toEqual([]);
  });
});

it('a clock that was 300 days ahead and is right again: the true time counts, recorded times do not go back', async () => {
  const { data, clock, ledger } = await openedAhead(300 * DAY);
  const ahead = await recordOf(
    ledger,
    await ledger.send('RecordBodyWeight', { reason: 'The wrong clock says so' }),
  );
  clock.ms = START + HOUR;
  const right = await recordOf(ledger, await ledger.send('RecordBodyWeight'));
  expect(Date.parse(right.time)).toBe(clock.ms);
  expect(right.recordedtime).toBe(ahead.recordedtime);
  expect(right.data.flags).toBeUndefined();
  const tomorrow = { occurredAt: new Date(clock.ms + DAY).toISOString() };
  expect(codeOf(await ledger.send('RecordBodyWeight', tomorrow))).toBe('time-in-future');
  await ledger.engine.close();
  expect(await failures(data)).toEqual([]);
});

it('within one process the clock is compared with those that nobody sets', async () => {
  const passed = { monotonic: 0, boot: 0 };
  const clock = { ms: START };
  const said: string[] = [];
  const ledger = await opened(freshFolder('leap'), {
    clock: () => clock.ms,
    steady: { monotonic: () => passed.monotonic, boot: () => passed.boot },
    report: (message) => said.push(message),
  });
  await ledger.study();
  const weigh = async (ms: number) => {
    clock.ms = START + ms;
    return codeOf(await ledger.send('RecordBodyWeight'));
  };
  expect(await weigh(HOUR)).toBe('recorded');
  expect(said).toEqual([expect.stringContaining('leapt ahead by 3600 s')]);
  expect(await weigh(25 * HOUR)).toBe('clock-leap');
  // The machine slept: one of the two clocks went on.
  passed.boot = 30 * HOUR;
  expect(await weigh(30 * HOUR)).toBe('recorded');
  expect(await weigh(2 * HOUR)).toBe('recorded');
  await ledger.engine.close();
});
