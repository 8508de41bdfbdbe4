import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { UNWITNESSED } from '../../src/anchoring/watch-status.js';
import type { WatchStatus } from '../../src/shared/watch-status.js';
import { Watched } from '../../src/console/parts/watched.js';
import { serving } from '../http/test-server.js';
import { mainOf, servingGolden } from './console-server.js';

function textOf(html: string): string {
  return html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
}

describe('the page of the laboratory', () => {
  it('has the master schedule now, and as it was recorded by the end of a day [R28]', async () => {
    const served = await servingGolden('demo');
    const schedule = async (query = '') =>
      textOf(
        /<section id="schedule">.*?<\/section>/s.exec((await served.get(`/lab${query}`)).text)?.[0] ?? '',
      );
    const now = await schedule();
    expect(now).toContain('Master schedule');
    expect(now).toMatch(
      /KET-01 .* Crl:CD\(SD\) \(Rattus norvegicus\) ketamine sd-01 Mon 23 Feb 2026 open 26 1,602 /,
    );
    expect(await schedule('?on=2026-02-24')).toMatch(/as of 2026-02-24 .* open 26 28 /);
    expect(await schedule('?on=2026-02-22')).toContain('No study was registered by the end of that day.');
    expect((await served.get('/lab?on=yesterday')).status).toBe(400);
    await served.close();
  });

  it('tells anchors, self-check and what is not known, and begins with a ledger without a study', async () => {
    const server = await serving();
    const page = async () => textOf(mainOf((await server.get('/lab').set('Accept', 'text/html')).text));
    expect(await page()).toContain('No study is registered yet.');
    expect(await page()).toContain('– Not made since the server started.');
    server.engine.selfChecked = { atMs: server.time.ms, findings: [] };
    expect(await page()).toContain(
      '✓ Every log was verified from its bytes; no fault was found Mon 2 Mar 2026, 09:15 (UTC)',
    );
    server.engine.selfChecked = { atMs: server.time.ms, findings: ['study-KET-01: record 3 was changed'] };
    expect(await page()).toContain('✕ study-KET-01: record 3 was changed');
    expect(await page()).toContain('The server does not know which backups exist.');
    await server.close();
  });
});

describe('who watches from outside', () => {
  const status: WatchStatus = {
    state: 'witnessed',
    labTreeSize: 12,
    published: { size: 10, at: '2026-03-02T09:00:00.000Z' },
    quorum: { size: 10, at: '2026-03-02T09:01:00.000Z' },
    witnesses: [
      { name: 'North', url: 'https://north.example', size: 10, at: '2026-03-02T09:01:00.000Z', failures: 0 },
      { name: 'South', url: 'https://south.example', size: 8, failures: 2, problem: 'status 503' },
      {
        name: 'East',
        url: 'https://east.example',
        size: 9,
        failures: 1,
        problem: 'It says 14.',
        disputed: true,
      },
      { name: 'West', url: 'https://west.example', size: 0, failures: 0 },
    ],
    authority: {
      name: 'Stamps',
      url: 'https://tsa.example',
      size: 10,
      failures: 0,
      genTime: '2026-03-02T09:02:00Z',
    },
    policyAsInitialised: true,
  };
  const told = (changes: Partial<WatchStatus> = {}): string =>
    textOf(renderToString(h(Watched, { status: { ...status, ...changes }, unwitnessed: UNWITNESSED })));

  it('is told by name, in words, with what each has said', () => {
    const text = told();
    expect(text).toContain('12 records, 10 under a published signed state; 2 wait for the next.');
    expect(text).toContain('North witness ✓ Answers 10 Mon 2 Mar 2026, 09:01 (UTC)');
    expect(text).toContain('South witness ✕ Failed 2 times since: status 503');
    expect(text).toContain(
      'East witness ✕ Disputed: it claims to remember another log of this laboratory, without proof. It says 14.',
    );
    expect(text).toContain('West witness – Has not answered yet');
    expect(text).toContain('Stamps time-stamp authority ✓ Answers');
    expect(text).toContain('The last time stamp says Mon 2 Mar 2026, 09:02 (UTC)');
  });

  it('has alarms and problems first, and says what it means where nobody watches', () => {
    const alarm = { code: 'store-inconsistent', message: 'A witness shows another log.' };
    expect(told({ alarm })).toMatch(/^ ?Alarm\. A witness shows another log\./);
    expect(told({ problems: { 'study-KET-01': 'no seed' } })).toContain(
      'Could not be anchored: study-KET-01 no seed',
    );
    expect(told({ state: 'unwitnessed', witnesses: [] })).toContain('Unwitnessed: no outside witness');
  });
});
