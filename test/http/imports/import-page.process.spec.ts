/** The page of an import as a browser without a script uses it: forms that follow one another. */
import { createHash, randomUUID } from 'node:crypto';
import { cpSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import request from 'supertest';
import { ImportDrafts } from '../../../src/http/imports/import-drafts.js';
import { timeZone } from '../../../src/recording/time-zone.js';
import { studyLedger } from '../../support/cli.js';
import { freshFolder } from '../../support/folders.js';
import { until } from '../../support/until.js';
import { STUDY, layout, serveFolder, studyFolder, type ImportServer } from './import-server.js';

const PAGE = `/studies/${STUDY}/import`;
const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex');
const SAID = { zone: 'Europe/Amsterdam', reason: 'Entered from the sheet of the room', paw: 'ipsilateral' };

let start: string;
let server: ImportServer;
beforeAll(async () => {
  start = await studyFolder();
});
beforeEach(async () => {
  const folder = join(freshFolder('imports'), 'ledger');
  cpSync(start, folder, { recursive: true });
  server = await serveFolder(folder);
});
afterEach(() => server.close());

const get = (address: string) => request(server.url).get(address).set('Accept', 'text/html');
/** Sends the file, and the mapping as a file where there is one. */
async function drop(name: string, bytes: Buffer | string, mapping?: string) {
  const asked = request(server.url)
    .post(PAGE)
    .set('Accept', 'text/html')
    .attach('file', Buffer.from(bytes), name);
  const { status, headers, text } = await (mapping === undefined
    ? asked
    : asked.attach('mapping', Buffer.from(mapping), 'room.json'));
  return { status, location: String(headers['location']), text };
}
async function post(fields: Record<string, string>) {
  const { status, headers, text } = await request(server.url)
    .post(`${PAGE}?file=${fields['file'] ?? ''}`)
    .set('Accept', 'text/html')
    .type('form')
    .send(new URLSearchParams(fields).toString());
  return { status, location: String(headers['location']), text };
}
/** The digest of what a page showed, which its form sends. */
const shownIn = (html: string): string => /name="shown" value="([0-9a-f]{64})"/.exec(html)?.[1] ?? '';
/** Presses the button of a page that was just looked at. */
async function record(location: string, fields: Record<string, string> = {}) {
  const { text } = await get(location);
  const file = /file=([0-9a-f]{64})/.exec(location)?.[1] ?? '';
  return post({ file, shown: shownIn(text), do: 'record', ...fields });
}
const plain = (html: string): string => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');

describe('the page of an import', () => {
  it('leads from a file over its columns and rows to records, once however often it is sent', async () => {
    const { bytes } = layout('one-run-a-row.csv');
    const before = await server.size();
    expect((await get(PAGE).expect(200)).text).toContain('type="file"');
    const { status, location } = await drop('runs.csv', bytes);
    const file = sha256(bytes);
    expect([status, location]).toEqual([303, `${PAGE}?file=${file}`]);
    const columns = (await get(location).expect(200)).text;
    expect(plain(columns)).toContain('to be said');
    expect(columns).toContain(`name="zone" value="${timeZone()}"`);
    expect(columns).toMatch(/name="m\.D"[^>]*>.*?<option value="weight" selected/s);
    expect(columns).not.toContain('value="record"');

    const matched = await post({ file, ...SAID, do: 'match' });
    expect([matched.status, matched.location]).toEqual([303, `${PAGE}?file=${file}#rows`]);
    const rows = (await get(location).expect(200)).text;
    expect(plain(rows)).toContain('R01 weighed 243.70 g.');
    expect(plain(rows)).toMatch(
      /R01 , ipsilateral paw: threshold 3\.09 g, run OXOXOX\.|R01, ipsilateral paw: threshold/,
    );
    expect(plain(rows)).toContain('7 rows would be recorded. 1 with only a note, 1 blank.');
    expect(await server.size()).toBe(before);

    const form = { file, do: 'record', saveAs: 'Room 4', shown: shownIn(rows) };
    const both = await Promise.all([post(form), post(form)]);
    const again = await post(form);
    expect([...both, again].map((one) => [one.status, one.location])).toEqual(
      Array.from({ length: 3 }, () => [303, `${PAGE}?recorded=${file}`]),
    );
    expect(await server.size()).toBe(before + 8);
    const told = (await get(again.location).expect(200)).text;
    expect(plain(told)).toContain(`7 records are from runs.csv: #${before + 1} to #${before + 7}`);
    const [, address = ''] = /href="(\/api\/v1\/studies\/IMP-01\/mappings\/[0-9a-f]{64})"/.exec(told) ?? [];
    const { text: mapping } = await server.get(address).expect(200);
    expect((await server.records()).at(-1)!.importmapping).toBe(sha256(mapping));
  });

  it('lists every row that is refused, and offers no button to record the others', async () => {
    const sheet =
      'Animal,Date,Time,Weight (g)\nR01,2026-01-12,09:40,heavy\nR09,2026-01-12,09:41,250\nR02,2026-01-12,09:42,251';
    const { location } = await drop('w.csv', sheet);
    await post({ file: sha256(sheet), zone: '+01:00', reason: 'From the sheet', do: 'match' });
    const { text } = await get(location);
    expect(plain(text)).toContain('2 rows are refused, so nothing can be recorded');
    expect(plain(text)).toContain('“heavy” is no number');
    expect(plain(text)).toContain('R09 is not enrolled');
    const [, enrolment = ''] = /href="([^"]*enrol-subject[^"]*)"/.exec(text) ?? [];
    await get(enrolment).expect(200);
    expect(text).not.toContain('value="record"');
    const before = await server.size();
    const forced = await record(location);
    expect([forced.status, await server.size()]).toEqual([422, before]);
    expect(plain(forced.text)).toContain('2 rows of 3 are refused');
  });

  it('says of a row when it was, what is urgent or implausible about it, and which record may be the same', async () => {
    const byHand = {
      subject: 'R01',
      occurredAt: '2026-01-12T09:40:23+01:00',
      reason: 'Entered by hand from the sheet',
      data: { weight: { value: '243.7', unit: 'g' } },
    };
    await request(server.url)
      .post(`/api/v1/studies/${STUDY}/commands/record-body-weight`)
      .set('Idempotency-Key', '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c01')
      .send(byHand)
      .expect(201);
    const before = (await server.size()) - 1;
    const sheet =
      'Animal,Date,Time,Weight (g)\nR01,2026-01-12,09:40,243.7\nR01,2026-01-13,09:41,25.4\nR01,2026-07-14,09:41:30,243';
    const { location } = await drop('w.csv', sheet);
    await post({ file: sha256(sheet), zone: 'Europe/Amsterdam', reason: 'From the sheet', do: 'match' });
    const text = plain((await get(location)).text);
    expect(text).toContain('Mon 12 Jan 2026, 09:40 +01:00');
    expect(text).toContain(
      `#${before} says the same within the same minute: is this row that very observation?`,
    );
    expect(text).toContain('89.6 % below the heaviest weight: a humane endpoint is reached');
    expect(text).toContain('states a weight that is far from the last one on record');
    expect(text).toContain('Tue 14 Jul 2026, 09:41:30 +02:00');
    // Nothing is recorded otherwise for that.
    await record(location);
    expect(
      (await server.records()).find(({ time }) => time.startsWith('2026-01-12T09:40:00'))!.data.flags,
    ).not.toContain('same-as');
  });

  it('tells with the receipt that a weight of the sheet reached a humane endpoint, wherever it is imported', async () => {
    const sheet = 'Animal,Date,Time,Weight (g)\nR01,2026-01-12,09:40,250\nR01,2026-01-20,09:40,190\n';
    const { location } = await drop('w.csv', sheet);
    await post({ file: sha256(sheet), zone: '+01:00', reason: 'From the sheet', do: 'match' });
    const shown = plain((await get(location)).text);
    expect(shown).toContain('R01: a humane endpoint is reached');
    const number = (await server.size()) + 2;
    const { location: recorded } = await record(location, { saveAs: 'Weights' });
    const told = (await get(recorded)).text;
    expect(plain(told)).toContain('1 humane endpoint of these animals waits for a decision');
    expect(plain(told)).toContain(`reached by #${number}, 24.0 % below the heaviest weight`);
    const [, decide = ''] = /href="([^"]*decide-endpoint[^"]*)"/.exec(told) ?? [];
    await get(decide.replaceAll('&amp;', '&')).expect(200);

    // A program, and the command line, by the mapping that was saved.
    const mapping = ((await server.records()).at(number - 2)!.data as { mapping: string }).mapping;
    const next = sheet.replaceAll('R01', 'R02');
    const answer = await server.send('/imports', { name: 'w2.csv', bytes: Buffer.from(next), mapping });
    expect(answer.body).toMatchObject({ endpoints: [{ subject: 'R02', record: number + 2 }] });
    const again = await server.send('/imports', { name: 'w2.csv', bytes: Buffer.from(next), mapping });
    expect(again.body).toMatchObject({ endpoints: [], summary: { known: 2 } });
    const place = freshFolder('sheets');
    const to = join(place, 'ledger');
    cpSync(start, to, { recursive: true });
    writeFileSync(join(place, 'w.csv'), sheet);
    writeFileSync(join(place, 'w.json'), mapping);
    const args = ['import', join(place, 'w.csv'), '--mapping', join(place, 'w.json')];
    const asked = [...args, '--study', STUDY, '--data', to];
    expect((await studyLedger(...asked, '--dry-run')).out).toContain('R01 would have reached the humane');
    expect((await studyLedger(...asked)).out.replace(/\s+/g, ' ')).toContain(
      'R01 has reached the humane endpoint',
    );
  });

  it('says in words what a reason is due for, and which of its fields takes it', async () => {
    const sheet = 'Animal,Date,Time,Weight (g)\nR01,2026-01-12,09:40,243.7\nR01,2026-01-12,09:40,243.7';
    const { location } = await drop('w.csv', sheet);
    await post({ file: sha256(sheet), zone: '+01:00', reason: '', do: 'match' });
    const late = plain((await get(location)).text);
    expect(late).toContain('Say why under “Why the rows are entered late”.');
    await post({ file: sha256(sheet), zone: '+01:00', reason: 'From the sheet', do: 'match' });
    const same = plain((await get(location)).text);
    expect(same).toContain(
      'Say why under “Why such rows stand all the same”, or tick “Leave out rows that state what is recorded already”.',
    );
    expect(same).not.toMatch(/--reason|in “reason”|same-as/);
    expect(same).toContain('Or leave it out below, with the reason.');
  });

  it('takes rows into a closed study as found after closing, once that is said, and keeps it in the mapping', async () => {
    const sheet = 'Animal,Date,Time,Weight (g)\nR01,2026-01-12,09:40,243.7';
    const close = { data: { outcome: 'completed' } };
    const path = `/api/v1/studies/${STUDY}/commands/close-study`;
    await request(server.url).post(path).set('Idempotency-Key', randomUUID()).send(close).expect(201);
    const { location } = await drop('w.csv', sheet);
    const file = sha256(sheet);
    await post({ file, zone: '+01:00', reason: 'The sheet lay behind the balance', do: 'match' });
    const open = (await get(location)).text;
    expect(plain(open)).toContain('The study is closed. Tick “The rows happened before the study was closed');
    expect(open).not.toContain('value="record"');
    await post({ file, foundLater: 'true', do: 'look' });
    const shown = (await get(location)).text;
    expect(plain(shown)).toContain('1 row would be recorded.');
    expect(shown).toMatch(/name="foundLater" value="true" checked/);
    await record(location, { foundLater: 'true', saveAs: 'Found later' });
    const [saved, weighed] = (await server.records()).slice(-2);
    expect(weighed!.data).toMatchObject({ flags: expect.arrayContaining(['after-close', 'imported']) });
    const { mapping } = saved!.data as { mapping: string };
    expect(JSON.parse(mapping)).toMatchObject({ afterClose: true });

    // A program and the command line take the same mapping.
    const more = { name: 'w2.csv', bytes: Buffer.from(sheet.replace('R01', 'R02')), mapping };
    expect((await server.send('/imports', more)).body).toMatchObject({ summary: { recorded: 1 } });
    const place = freshFolder('sheets');
    cpSync(start, join(place, 'ledger'), { recursive: true });
    writeFileSync(join(place, 'w.csv'), sheet);
    writeFileSync(join(place, 'w.json'), mapping);
    const asked = ['import', join(place, 'w.csv'), '--mapping', join(place, 'w.json'), '--dry-run', '--json'];
    const { out } = await studyLedger(...asked, '--study', STUDY, '--data', join(place, 'ledger'));
    expect(out).toContain('IMP-01 is not closed: leave out “afterClose”.');
  });

  it('keeps the sheet and all choices where a setting is wrong, and says so once, at its field', async () => {
    const sheet = 'Animal,Date,Time,Mass\nR01,2026-01-12,09:40,243.7';
    const { location } = await drop('w.csv', sheet);
    const chosen = { 'm.D': 'weight', 'u.D': 'kg', reason: 'From the sheet' };
    await post({ file: sha256(sheet), ...chosen, zone: 'Amsterdam', do: 'match' });
    const { text } = await get(location).expect(200);
    expect(text.match(/“Amsterdam” is no time zone/g)).toHaveLength(1);
    const [, field = ''] = /data-field="zone">(.*?)<\/div>/s.exec(text) ?? [];
    expect(field).toContain('value="Amsterdam"');
    expect(plain(field)).toContain('a place such as Europe/Amsterdam, or an offset such as +01:00');
    expect(text).toMatch(/name="m\.D"[^>]*>.*?<option value="weight" selected/s);
    expect(text).toMatch(/name="u\.D"[^>]*>.*?<option value="kg" selected/s);
    expect(text).toContain('value="From the sheet"');
    expect(text).not.toContain('value="record"');
    // What no question asks about: the mapping itself refuses it.
    const long = 'x'.repeat(5000);
    await post({ file: sha256(sheet), ...chosen, reason: long, zone: '+01:00', do: 'match' });
    const refused = (await get(location).expect(200)).text;
    expect(refused).toContain(`value="${long}"`);
    expect(refused).toContain('role="alert"');
    expect(refused).not.toContain('type="file"');
  });

  it('takes a mapping that was made by hand, and says everything that is wrong with one that is', async () => {
    const { bytes, mapping } = layout('one-touch-a-row.csv');
    const { location } = await drop('touches.csv', bytes, mapping);
    const { text } = await get(location).expect(200);
    expect(plain(text)).toContain('Read by the mapping “room”');
    expect(text).toContain('value="record"');
    await record(location, { saveAs: 'Touches' });
    expect((await server.records()).at(-1)!.importmapping).toBe(sha256(mapping));

    const wrong = await drop(
      'touches.csv',
      bytes,
      mapping.replace('Europe/Amsterdam', 'Mars').replace('RecordThreshold', 'RecordThreshhold'),
    );
    expect(wrong.status).toBe(422);
    expect(plain(wrong.text)).toContain('“Mars” is no offset');
    expect(plain(wrong.text)).toContain('“RecordThreshhold” is no command');
  });

  it('records nothing that another tab of the same person changed since it was shown', async () => {
    const sheet = 'Animal,Date,Time,Mass\nR01,2026-01-12,09:40,243.7';
    const file = sha256(sheet);
    const { location } = await drop('w.csv', sheet);
    const said = { file, zone: '+01:00', reason: 'From the sheet', 'm.D': 'weight', do: 'match' };
    await post({ ...said, 'u.D': 'g' });
    const shown = (await get(location)).text;
    expect(plain(shown)).toContain('R01 weighed 243.7 g.');
    const before = await server.size();
    const press = (more: Record<string, string> = {}) =>
      post({ file, shown: shownIn(shown), do: 'record', ...more });

    // The other tab says that it is kilograms, or another time zone; or this one another reason than was looked at.
    for (const other of [
      { ...said, 'u.D': 'kg' },
      { ...said, 'u.D': 'g', zone: '+02:00' },
    ]) {
      await post(other);
      const refused = await press();
      expect([refused.status, await server.size()]).toEqual([409, before]);
      expect(plain(refused.text)).toContain('not read any more as this page showed it');
      expect(shownIn(refused.text)).toMatch(/^[0-9a-f]{64}$/);
      expect(shownIn(refused.text)).not.toBe(shownIn(shown));
    }
    await post({ ...said, 'u.D': 'g' });
    for (const more of [
      { rowReason: 'Weighed twice' },
      { skipKnown: 'true' },
      { shown: '' },
      { shown: 'f'.repeat(64) },
    ])
      expect([(await press(more)).status, await server.size()]).toEqual([409, before]);

    expect([(await press()).status, await server.size()]).toEqual([303, before + 1]);
    // The same page again has the same answer. The file as another page showed it was not recorded, and is not said to be.
    expect((await press()).location).toBe(`${PAGE}?recorded=${file}`);
    const other = await press({ shown: 'f'.repeat(64) });
    expect([other.status, plain(other.text).includes('Choose it again')]).toEqual([422, true]);
    expect(await server.size()).toBe(before + 1);
    expect((await server.records()).at(-1)!.data).toMatchObject({ weight: { value: '243.7', unit: 'g' } });
  });

  it('leaves out rows that a person names, and keeps which and why', async () => {
    const sheet = [
      'Animal,Date,Time,Weight (g)',
      'R01,2026-01-12,09:40,243.7',
      'R09,2026-01-12,09:41,250',
      'R02,2026-01-12,09:42,heavy',
      'R02,2026-01-13,09:42,251',
    ].join('\n');
    const file = sha256(sheet);
    const { location } = await drop('w.csv', sheet);
    await post({ file, zone: '+01:00', reason: 'From the sheet', do: 'match' });
    const refused = (await get(location)).text;
    expect(plain(refused)).toContain('2 rows are refused');

    const out = { file, do: 'leave-out', outReason: 'Of another study' };
    for (const rows of ['', 'x', '0', '4-3', '1-99999'])
      expect([rows, (await post({ ...out, rows })).status]).toEqual([rows, 422]);
    expect((await post({ ...out, rows: '3', outReason: '' })).status).toBe(422);
    await post({ ...out, rows: '3' });
    await post({ ...out, rows: '4 - 4', outReason: 'No number was written' });
    await post({ ...out, rows: '2', outReason: 'By mistake' });
    await post({ file, do: 'take-back:2' });
    const { text } = await get(location);
    expect(plain(text)).toContain('2 rows would be recorded. 2 left out with a reason.');
    expect(plain(text)).toMatch(/Left out Row Why 3 Of another study 4 No number was written/);

    // Of a page that was loaded before the rows were left out.
    const before = await server.size();
    expect((await post({ file, do: 'record', shown: shownIn(refused), saveAs: 'W' })).status).toBe(409);
    const unnamed = await record(location, { saveAs: '' });
    expect([unnamed.status, await server.size()]).toEqual([422, before]);
    expect(plain(unnamed.text)).toContain('Give the mapping a name');

    expect((await record(location, { saveAs: 'Weights' })).status).toBe(303);
    const [saved, ...rows] = (await server.records()).slice(before);
    expect(rows.map(({ importrow }) => importrow)).toEqual([2, 5]);
    const { mapping } = saved!.data as { mapping: string };
    expect(rows.map(({ importmapping }) => importmapping)).toEqual([sha256(mapping), sha256(mapping)]);
    expect(JSON.parse(mapping)).toMatchObject({
      leaveOut: [
        { file, rows: [3], reason: 'Of another study' },
        { file, rows: [4], reason: 'No number was written' },
      ],
    });
  });

  it('works on two sheets of one person at once, also where they are only looked at', async () => {
    const { bytes } = layout('one-run-a-row.csv');
    const { location } = await drop('runs.csv', bytes);
    await post({ file: sha256(bytes), ...SAID, do: 'match' });
    // Two uploads that do not end.
    const uploads = [1, 2].map(() => {
      const headers = { 'Content-Type': 'multipart/form-data; boundary=x', 'Content-Length': 1000 };
      const upload = httpRequest(`${server.url}${PAGE}`, { method: 'POST', headers });
      upload.on('error', () => undefined).write('--x\r\n');
      return upload;
    });
    await until(async () => (await get(location)).status === 429);
    const { headers, text } = await get(location);
    expect([headers['retry-after'], plain(text)]).toEqual(['5', expect.stringContaining('try again')]);
    for (const upload of uploads) upload.destroy();
    await until(async () => (await get(location)).status === 200);
  });

  it('offers a saved mapping to a sheet that has its columns', async () => {
    const { bytes, mapping } = layout('one-run-a-row.csv');
    await server.send('/imports', { name: 'runs.csv', bytes, mapping }, { saveAs: 'Room 4' }).expect(201);
    const next = bytes.toString().replaceAll('.01.2026', '.02.2026');
    const { location } = await drop('february.csv', next);
    expect(plain((await get(location)).text)).toContain('Use the mapping “Room 4”');
    await post({ file: sha256(next), do: `saved:${sha256(mapping)}` });
    const { text } = await get(location);
    expect(plain(text)).toContain('The study keeps this mapping as “Room 4”');
    // What was true of the first sheet need not be of the next one.
    expect(plain(text)).toContain(
      'Check that it is true of this one: Times without a zone are in Europe/Amsterdam.',
    );
    const before = await server.size();
    await record(location);
    expect(await server.size()).toBe(before + 7);
    await post({ file: sha256(next), do: 'columns' });
    const other = await drop('w.csv', 'Animal,Weight (g)\nR01,250');
    expect(plain((await get(other.location)).text)).not.toContain('Use the mapping');
  });

  it('shows hostile text as text, wherever it stands in the sheet', async () => {
    const evil = '<img src=x onerror=alert(1)>';
    const sheet = `Animal,Date,Time,Weight (g),${evil}\n${evil},2026-01-12,09:40,250,"${evil}"`;
    const { location } = await drop(`a${evil.replace('/', '')}.csv`, sheet);
    await post({ file: sha256(sheet), zone: '+01:00', reason: evil, do: 'match', [`w.A.${evil}`]: evil });
    const { text } = await get(location).expect(200);
    expect(text).toContain('&lt;img');
    expect(text).not.toContain('<img');
  });

  it('says on itself what is wrong with a file, and asks for one that is gone', async () => {
    const ods = await drop('a.ods', 'x');
    expect([ods.status, plain(ods.text).includes('read as .csv or .xlsx')]).toEqual([422, true]);
    const empty = await drop('a.csv', 'one cell');
    expect([(await get(empty.location)).status, plain((await get(empty.location)).text)]).toEqual([
      200,
      expect.stringContaining('no row with headers') as string,
    ]);
    const lost = await get(`${PAGE}?file=${sha256('never sent')}`).expect(200);
    expect(plain(lost.text)).toContain('The file is not here any more');
    expect((await post({ file: 'x', do: 'match' })).status).toBe(422);
    await get(`${PAGE}?colour=red`).expect(400);
    const none = await request(server.url).post(PAGE).set('Accept', 'text/html').field('file', '');
    expect(none.status).toBe(422);
  });
});

describe('files on their way', () => {
  const at = { ms: 0 };
  const drafts = () => new ImportDrafts({ clock: () => at.ms } as never);
  const file = (bytes: number, name = 'a.csv') => ({ name, bytes: Buffer.alloc(bytes, name) });

  it('are one a person and study, and nobody else’s', () => {
    const kept = drafts();
    const { sha256: digest } = kept.keep('tech-1', 'S-1', file(3));
    expect(kept.find('tech-1', 'S-1', digest)?.file.name).toBe('a.csv');
    expect(kept.find('tech-2', 'S-1', digest)).toBeUndefined();
    expect(kept.find('tech-1', 'S-2', digest)).toBeUndefined();
    kept.keep('tech-1', 'S-1', file(4));
    expect(kept.find('tech-1', 'S-1', digest)).toBeUndefined();
  });

  it('go after half an hour without a look, and when there are too many or too much of them', () => {
    const kept = drafts();
    const { sha256: digest } = kept.keep('tech-1', 'S-1', file(3));
    at.ms = 29 * 60_000;
    expect(kept.find('tech-1', 'S-1', digest)).toBeDefined();
    at.ms = 60 * 60_000;
    expect(kept.find('tech-1', 'S-1', digest)).toBeUndefined();

    const many = Array.from({ length: 25 }, (_, i) => {
      at.ms++;
      return kept.keep(`tech-${i}`, 'S-1', file(10, `${i}.csv`)).sha256;
    });
    expect(many.filter((one, i) => kept.find(`tech-${i}`, 'S-1', one)).length).toBe(20);
    const large = Array.from({ length: 4 }, (_, i) => {
      at.ms++;
      return kept.keep(`stat-${i}`, 'S-1', file(31 * 1024 * 1024, `${i}.xlsx`)).sha256;
    });
    expect(large.map((one, i) => kept.find(`stat-${i}`, 'S-1', one) !== undefined)).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });
});
