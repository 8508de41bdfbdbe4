/** What an inspector asks of master schedule and study director (21 CFR 58.33, 58.35(b)(1)). */
import { ok } from '../support/people.js';
import { day, enrolled, exampleData, weighed, wide } from '../study/bench.js';
import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import { handedOver, replaced } from '../study/governed.js';
import { signs } from '../study/signing.js';
import { Laboratory, begunSigned, codeOf } from './inspected.js';

let lab: Laboratory;
/** Given: sd-01 hands over to sd-02 on 5 March, who signs on 7 March; on 11 March management names sd-03, and signs on 12 March. */
beforeAll(async () => {
  lab = await Laboratory.open();
  await lab.play(
    ...begunSigned,
    enrolled('R01'),
    weighed(day(1)),
    { ...handedOver('sd-02'), clock: day(3) },
    signs('sd-01', 'approved', 5, day(3, '10:30')),
    weighed(day(4), '244.00'),
    signs('sd-02', 'approved', 5, day(5)),
    weighed(day(6), '244.20'),
    { ...replaced('sd-03'), clock: day(9) },
    signs('mgr-1', 'approved', 10, day(10)),
  );
}, 60_000);
afterAll(() => lab.close());

const schedule = async (on?: string): Promise<string> => {
  const page = await lab.page('inspector-1', `/lab${on === undefined ? '' : `?on=${on}`}`);
  return page.slice(0, page.indexOf('Who watches from outside'));
};

describe('an inspector who asks for the master schedule', () => {
  it('reads test article, test system, nature, sponsor, director, start and state of each study, by test article [R28]', async () => {
    const director = await lab.as('sd-02');
    const { data } = { data: exampleData('RegisterStudy') };
    const other = { ...data, title: 'Nociception after a block', sponsor: 'A Sponsor', director: 'sd-02' };
    ok(await director.send('RegisterStudy', { data: other }, 'BUP-02'));
    const { titration: _, ...protocol } = exampleProtocol;
    const substances = [{ id: 'bupivacaine' }, ...wide.substances!.slice(2)];
    ok(await director.send('ApproveProtocol', { data: { protocol: { ...protocol, substances } } }, 'BUP-02'));
    const now = await schedule();
    expect(now).toMatch(
      /KET-01 SCS after sub-effective ketamine Crl:CD\(SD\) \(Rattus norvegicus\) ketamine sd-03 Mon 2 Mar 2026 open/,
    );
    expect(now).toMatch(
      /BUP-02 Nociception after a block Sponsor: A Sponsor bupivacaine, saline sd-02 .* open/,
    );
    expect(now.indexOf('BUP-02')).toBeLessThan(now.indexOf('KET-01'));
  });

  it('reads it as it was on an earlier day [R28]', async () => {
    expect(await schedule('2026-03-06')).toMatch(/KET-01 .* sd-01 .* open 1 8/);
    expect(await schedule('2026-03-01')).not.toContain('KET-01');
  });
});

describe('an inspector who asks who directed the study', () => {
  it('is told one person for each day, and finds no gap [R29]', async () => {
    const told: (string | undefined)[] = [];
    for (let date = 2; date <= 13; date++) {
      const line = /KET-01.*?open/.exec(await schedule(`2026-03-${String(date).padStart(2, '0')}`))?.[0];
      told.push(...(line?.match(/sd-\d\d/g) ?? [undefined]));
    }
    expect(told).toEqual([
      ...Array.from({ length: 5 }, () => 'sd-01'),
      ...Array.from({ length: 5 }, () => 'sd-02'),
      ...Array.from({ length: 2 }, () => 'sd-03'),
    ]);
  });

  it('is told one person at every record, who changes with the last signature that it takes [R29]', async () => {
    const told: string[] = [];
    for (let size = 1; size <= 12; size++)
      told.push((await lab.read<{ director: string }>('inspector-1', `?at=${size}`)).director);
    const [first, second] = [told.indexOf('sd-02'), told.indexOf('sd-03')];
    // #8 is the second signature over the hand-over, #11 that of management.
    expect([first, second]).toEqual([8, 11]);
    expect(new Set(told.slice(0, first))).toEqual(new Set(['sd-01']));
    expect(new Set(told.slice(first, second))).toEqual(new Set(['sd-02']));
    expect(new Set(told.slice(second))).toEqual(new Set(['sd-03']));
  });

  it('reads all of them with their days on the page of the study, each with the record that made it so [R29]', async () => {
    expect(await lab.studyPage('inspector-1')).toMatch(
      /sd-01: Mon 2 Mar 2026, 08:00 \(UTC\) \( ?#0 ?\) ?sd-02: Sat 7 Mar 2026, 10:00 \(UTC\) \( ?#8 ?\) ?sd-03: Thu 12 Mar 2026, 10:00 \(UTC\) \( ?#11 ?\)/,
    );
  });

  it('finds that nobody but the director of that moment could act as one [R29]', async () => {
    for (const person of ['sd-01', 'sd-02'] as const)
      expect(codeOf(await lab.attempt(handedOver('sd-01', person)))).toBe('not-permitted');
    const { wrong } = await lab.verified();
    expect(wrong).toEqual([]);
  });
});
