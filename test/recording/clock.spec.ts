import { readFileSync } from 'node:fs';
import { v4 } from 'uuid';
import { proposeClockConfirmation } from '../../src/anchoring/anchor-facts.js';
import { createServer } from '../../src/http/platform/server.js';
import { EMPTY_LAB } from '../../src/lab/lab.js';
import { ClockGuard } from '../../src/recording/clock-guard.js';
import { studyLedger } from '../support/cli.js';
import { confirmClock } from '../../src/cli/commands/clock.js';
import { Refusal } from '../../src/study/refusal.js';
import type { Receipt } from '../../src/recording/open-stream.js';
import { tokenFileOf } from '../support/director.js';
import { freshFolder } from '../support/folders.js';
import { codeOf, failures, openedReal, START, type TestLedger } from './test-ledger.js';

const DAY = 86_400_000;
const HOUR = 3_600_000;

/** A study at START; the clock of the next process is `ahead`. */
async function openedAhead(ahead: number, data = freshFolder('clock')) {
  const first = await openedReal(data);
  await first.study();
  const token = readFileSync(await tokenFileOf(first.engine), 'utf8').trim();
  await first.engine.close();
  const clock = { ms: START + ahead };
  const ledger = await openedReal(data, { clock: () => clock.ms });
  return { data, clock, ledger, token };
}

async function recordOf({ engine }: TestLedger, answer: Receipt | Refusal) {
  if (answer instanceof Refusal) throw new Error(answer.message);
  return (await engine.study('NP-001')).state.records.at(answer.records[0]!.number)!.record;
}

describe('a clock that is ten years ahead', () => {
  it('records nothing, neither commands nor anchors; once it is right, all goes on as if nothing had been [R22]', async () => {
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

  it('is believed once a person has confirmed it, with the cause in the lab [R22]', async () => {
    const data = freshFolder('clock-confirmed');
    const first = await openedReal(data, { clock: () => Date.parse('2020-01-06T09:00:00Z') });
    await first.study();
    await first.engine.close();
    const stopped = await openedReal(data, { clock: () => Date.now() });
    expect(codeOf(await stopped.send('RecordBodyWeight'))).toBe('clock-leap');
    await stopped.engine.close();
    expect(await confirmClock({ data, cause: 'Taken from the shelf' })).toMatch(
      /Recorded in the lab \(record 9\)/,
    );
    const ledger = await openedReal(data, { clock: () => Date.now() });
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
  const ledger = await openedReal(freshFolder('leap'), {
    store: undefined,
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

describe('records whose time is in doubt', () => {
  const trail = async (data: string) => {
    const { out } = await studyLedger('show', 'audit-trail', '--study', 'NP-001', '--data', data, '--json');
    const { records, timeInDoubt = [] } = JSON.parse(out) as {
      records: { record: number; flags: string[] }[];
      timeInDoubt?: object[];
    };
    const flagged = records
      .filter(({ flags }) => flags.includes('time-in-doubt'))
      .map(({ record }) => record);
    return { flagged, timeInDoubt };
  };

  it('are those that were recorded before the clock came back, and those that bear their recorded time', async () => {
    const { data, clock, ledger, token } = await openedAhead(300 * DAY);
    const reason = 'The wrong clock says so';
    await ledger.send('RecordBodyWeight', { reason });
    await ledger.send('RecordBodyWeight', { reason });
    clock.ms = START + HOUR;
    await ledger.anchoring.anchor();
    await ledger.send('RecordBodyWeight');
    const server = await createServer(ledger.engine, { port: 0, logger: false });
    const headers = { Authorization: `Bearer ${token}` };
    const health = async () =>
      (await (await fetch(`${server.url}/health`, { headers })).json()) as { timeInDoubt?: object[] };
    const doubt = { from: 3, to: 5, labRecord: 10, endedBy: 10 };
    expect((await health()).timeInDoubt).toEqual([{ study: 'NP-001', ...doubt }]);
    await server.close();
    expect(await trail(data)).toEqual({ flagged: [3, 4, 5], timeInDoubt: [doubt] });
    const { out } = await studyLedger('show', 'study-flow', '--study', 'NP-001', '--data', data);
    expect(out.split('\n')[1]).toMatch(
      /^TIME IN DOUBT: records #3 to #5 were recorded while the clock was wrong/,
    );
    expect(
      (await studyLedger('show', 'study-flow', '--study', 'NP-001', '--data', data, '--at', '3')).out,
    ).not.toContain('DOUBT');

    // Once the true time has passed what was recorded, records are sound again.
    clock.ms = START + 301 * DAY;
    const later = await openedReal(data, { clock: () => clock.ms });
    await later.send('RecordBodyWeight', { reason });
    await later.engine.close();
    expect((await trail(data)).flagged).toEqual([3, 4, 5]);
    expect(await failures(data)).toEqual([]);
  });

  it('are those since a leap of two minutes to a day, until a person confirms the clock or it comes back', async () => {
    const data = freshFolder('small-leap');
    const clock = { ms: START, steady: 0 };
    const steady = { monotonic: () => clock.steady, boot: () => clock.steady };
    const open = () => openedReal(data, { clock: () => clock.ms, steady });
    const ledger = await open();
    await ledger.study();
    clock.ms += HOUR;
    await ledger.send('RecordBodyWeight');
    await ledger.anchoring.anchor();
    await ledger.send('RecordBodyWeight');
    await ledger.engine.close();
    const since = { from: 3, labRecord: 9 };
    expect(await trail(data)).toEqual({ flagged: [3, 4], timeInDoubt: [{ ...since, to: 4 }] });

    const confirmed = await open();
    const { recordedMs } = await confirmed.engine.lab();
    await confirmed.engine.recordInLab(
      proposeClockConfirmation(confirmed.engine, recordedMs, {
        cause: 'By the radio clock',
        commandId: v4(),
      }),
    );
    await confirmed.send('RecordBodyWeight');
    await confirmed.anchoring.anchor();
    await confirmed.engine.close();
    const end = { to: 4, endedBy: 12, confirmed: 'By the radio clock' };
    expect(await trail(data)).toEqual({ flagged: [3, 4], timeInDoubt: [{ ...since, ...end }] });
    expect(await failures(data)).toEqual([]);
  });

  it('there are none where the clock was right', async () => {
    const { data, ledger } = await openedAhead(HOUR);
    await ledger.send('RecordBodyWeight');
    await ledger.anchoring.anchor();
    await ledger.engine.close();
    expect(await trail(data)).toEqual({ flagged: [], timeInDoubt: [] });
  });
});

it('a clock that was confirmed in one process is not doubted a day later in it', () => {
  const clock = { wall: START, steady: 0 };
  const steady = { monotonic: () => clock.steady, boot: () => clock.steady };
  const guard = new ClockGuard(() => clock.wall, steady);
  const lab = { ...EMPTY_LAB, size: 1, recordedMs: START };
  const refusal = (clockConfirmedMs: number) => guard.refusal({ ...lab, clockConfirmedMs }, START)?.code;
  expect(refusal(0)).toBeUndefined();
  clock.wall += 25 * HOUR;
  expect(refusal(0)).toBe('clock-leap');
  expect(refusal(clock.wall)).toBeUndefined();
  clock.steady += 30 * HOUR;
  const confirmedMs = clock.wall;
  clock.wall += 30 * HOUR;
  expect(refusal(confirmedMs)).toBeUndefined();
  clock.wall += 25 * HOUR;
  expect(refusal(confirmedMs)).toBe('clock-leap');
});
