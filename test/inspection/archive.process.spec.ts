/** What an inspector asks of the archive and of retention (21 CFR 58.190, 58.195). */
import request from 'supertest';
import { CATALOGUE } from '../../src/study/catalogue.js';
import { LAB_CATALOGUE } from '../../src/lab/commands/catalogue.js';
import { studyLedger } from '../support/cli.js';
import { ok } from '../support/people.js';
import { because, corrected, day, enrolled, voided, weighed } from '../study/bench.js';
import { archiving, closing } from '../study/governed.js';
import { by, signs } from '../study/signing.js';
import { sent } from '../study/specification.js';
import { Laboratory, begunSigned, codeOf } from './inspected.js';

const WHY = 'Ten years by the rules of the facility, the longest of those that hold';

let lab: Laboratory;
/** Given: a study that was reviewed, closed and archived in March 2026, until the end of 2036; and then ten years. */
beforeAll(async () => {
  lab = await Laboratory.open();
  await lab.play(
    ...begunSigned,
    enrolled('R01'),
    weighed(day(1)),
    by('stat-1', sent('ReviewTrail', { data: { from: 0, to: 4, findings: 'Nothing to remark' } }, day(2))),
    signs('stat-1', 'reviewed', 5),
    closing,
    signs('sd-01', 'closed', 7),
    by('mgr-1', because(WHY, archiving())),
    signs('mgr-1', 'archived', 9),
  );
  for (let year = 2027; year <= 2036; year++) {
    lab.goTo(`${year}-02-20T09:00:00Z`);
    await lab.as('inspector-1');
  }
}, 60_000);
afterAll(() => lab.close());

describe('an inspector who names a study of ten years ago', () => {
  it('finds it in the index by a word, and reads it in the next step: where the rest is, and every record [R41]', async () => {
    const client = await lab.as('inspector-1');
    const { text } = ok(await client.get('/archive?find=ketamine', { Accept: 'text/html' }));
    const [, link] = /<a href="(\/studies\/[^"/]+)">/.exec(text.slice(text.indexOf('<main')))!;
    expect(text).toContain('Archive room 2');
    const study = await lab.page('inspector-1', link!);
    expect(study).toMatch(/archived/i);
    expect(await lab.page('inspector-1', `${link}/records/4`)).toContain('R01 weighed 243.70 g');
    expect(await lab.file('inspector-1', 'table.csv')).toContain('243.7');
    expect(await lab.page('inspector-1', '/archive?find=nothing-like-it')).not.toContain('KET-01');
  });

  it('finds that nothing was recorded in it since, and that nobody can [R41]', async () => {
    for (const command of [
      weighed(day(3)),
      by('sd-01', voided(4)),
      by('sd-01', corrected(4, { corrected: { comment: 'x' } })),
    ])
      expect(codeOf(await lab.attempt({ ...command, clock: '2036-02-20T09:01:00Z' }))).toBe('study-archived');
    const records = await lab.records();
    expect(records).toHaveLength(11);
    expect(records.at(-1)!.recordedtime.slice(0, 10)).toBe('2026-03-04');
    expect((await lab.verified()).wrong).toEqual([]);
  });

  it('reads in the access log who took what out of the archive, and a stranger takes nothing [R41]', async () => {
    await lab.file('inspector-1', 'report.html');
    await lab.server.engine.accessNotes.flush(true);
    const { records } = ok(await (await lab.as('inspector-1')).get('/api/v1/access/records?limit=500'))
      .body as unknown as { records: { record: object }[] };
    expect(records.map(({ record }) => record)).toContainEqual(
      expect.objectContaining({
        actor: 'inspector-1',
        type: 'FileMade',
        data: expect.objectContaining({ study: 'KET-01', file: 'report.html' }) as object,
      }),
    );
    const stranger = request(lab.server.url).get('/api/v1/studies/KET-01/files/report.html');
    expect((await stranger.set('Host', 'ledger.lab.example')).status).toBe(401);
  });
});

describe('an inspector who asks to purge', () => {
  it('finds no command that deletes, on the server or the command line, and every record there afterwards [R42]', async () => {
    const names = [...CATALOGUE, ...LAB_CATALOGUE].map(({ name }) => name);
    expect(names.filter((name) => /delete|purge|destroy|dispose|truncate/i.test(name))).toEqual([]);
    for (const person of ['mgr-1', 'sd-01', 'admin-1'] as const) {
      const { cookie } = await lab.as(person);
      for (const path of ['/api/v1/studies/KET-01', '/api/v1/studies/KET-01/records/4', '/api/v1/studies'])
        for (const method of ['delete', 'put', 'patch'] as const) {
          const asked = request(lab.server.url)[method](path);
          const headers = {
            Host: 'ledger.lab.example',
            Origin: 'https://ledger.lab.example',
            Cookie: cookie,
          };
          const { status } = await asked.set(headers);
          expect([method, path, status]).toEqual([method, path, status === 404 ? 404 : 405]);
        }
    }
    const { out } = await studyLedger('--help');
    expect(out).toContain('backup');
    expect(out).not.toMatch(/^ {2}(delete|purge|remove|truncate|prune)\b/m);
    expect(await lab.records()).toHaveLength(11);
  });

  it('is told why it is kept until that day, in the index and in the record, and finds it there after that day [R42]', async () => {
    expect(await lab.page('inspector-1', '/archive')).toMatch(
      /Kept at least until .* Wed 31 Dec 2036 “Ten years by the rules of the facility, the longest of those that hold”/,
    );
    expect((await lab.records())[9]).toMatchObject({
      type: 'StudyArchived',
      actor: 'mgr-1',
      reason: WHY,
      data: { retainUntil: '2036-12-31', location: 'Archive room 2' },
    });
    lab.goTo('2037-01-02T09:00:00Z');
    expect(await lab.page('inspector-1', '/archive')).toMatch(/KET-01 .* over/);
    expect(await lab.records()).toHaveLength(11);
  });
});
