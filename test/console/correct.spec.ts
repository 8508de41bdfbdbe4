import request from 'supertest';
import { FOLLOWED } from '../../src/study/commands/correct-record.command.js';
import { offsetMinutesIn } from '../../src/lab/people/zone-offset.js';
import { timeZone } from '../../src/recording/time-zone.js';
import { localInstant } from '../../src/study/instant.js';
import { exampleOf, serving, START, withAnimal, type Serving } from '../http/test-server.js';
import { mainOf, servingGolden, type Served } from './console-server.js';
import { pairsOf } from './form-pairs.js';

const textOf = (html: string) => html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
const formOf = (html: string): URLSearchParams => {
  const form = /<form class="enter".*?<\/form>/s.exec(mainOf(html))?.[0];
  if (form === undefined) throw new Error('no form in the page');
  return pairsOf(form);
};

/** Corrections and voids by their pages, as a browser without a script sends them. */
describe('a record that is put right by its page', () => {
  let server: Serving;
  const base = '/studies/KET-01/records';
  const get = (path: string) => request(server.url).get(path).set('Accept', 'text/html');
  const post = (path: string, pairs: URLSearchParams) =>
    request(server.url).post(path).set('Accept', 'text/html').type('form').send(pairs.toString());
  const size = async () =>
    ((await server.get('/api/v1/studies/KET-01')).body as { treeSize: number }).treeSize;
  const recordOf = async (number: number) =>
    ((await server.get(`/api/v1/studies/KET-01/records/${number}`)).body as { record: { data: object } })
      .record;

  beforeEach(async () => {
    server = await serving({ clock: { ms: START } });
    await withAnimal(server);
    const data = { weight: { value: '243.70', unit: 'g' }, comment: 'Calm' };
    expect((await server.send('RecordBodyWeight', { ...exampleOf('RecordBodyWeight'), data })).status).toBe(
      201,
    );
  });
  afterEach(() => server.close());

  it('keeps its time, which a browser writes without zeros at the end', async () => {
    const occurredAt = localInstant(START + 58_810, offsetMinutesIn(timeZone(), START));
    expect(occurredAt).toContain(':58.810');
    const weighed = await server.send('RecordBodyWeight', { ...exampleOf('RecordBodyWeight'), occurredAt });
    expect(weighed.status).toBe(201);
    const page = `${base}/${(await size()) - 1}/correct`;
    const pairs = formOf((await get(page)).text);
    expect(pairs.get('occurredAt')).toMatch(/T\d\d:15:58\.81$/);
    pairs.set('data.weight.value', '234.70');
    pairs.set('reason', 'Digits swapped');
    const shown = textOf(mainOf((await post(page, pairs)).text));
    expect(shown).toMatch(/What changes .*weight .* 234\.70 g/);
    expect(/What changes(.*)Record the correction/.exec(shown)![1]).not.toContain(':15:58');
  });

  it('is linked from the record, filled with what holds, and shown before and after', async () => {
    const number = (await size()) - 1;
    const record = await get(`${base}/${number}`);
    expect(record.text).toContain(`href="${base}/${number}/correct"`);
    const page = await get(`${base}/${number}/correct`);
    const pairs = formOf(page.text);
    expect(pairs.get('data.weight.value')).toBe('243.70');
    pairs.set('data.weight.value', '234.70');
    pairs.set('reason', 'Digits swapped');
    const shown = await post(`${base}/${number}/correct`, pairs);
    expect(shown.status).toBe(200);
    expect(textOf(mainOf(shown.text))).toMatch(/What changes .*weight 243\.70 g 234\.70 g/);
    expect(await size()).toBe(number + 1);
    const again = formOf(shown.text);
    again.set('confirm', 'true');
    const [first, second] = [
      await post(`${base}/${number}/correct`, again),
      await post(`${base}/${number}/correct`, again),
    ];
    expect([first.status, first.headers['location']]).toEqual([303, `${base}/${number + 1}`]);
    const { data } = await recordOf(number + 1);
    expect(data).toMatchObject({
      target: { number },
      corrected: { weight: { value: '234.70', unit: 'g' }, comment: 'Calm' },
    });
    // Sent twice, it is recorded once.
    expect(await size()).toBe(number + 2);
    expect([second.status, second.headers['location']]).toEqual([303, first.headers['location']]);
    expect(textOf(mainOf((await get(`${base}/${number + 1}`)).text))).toMatch(
      /What it changed .*243\.70 g 234\.70 g/,
    );
    // The way back to the animal in the hand.
    expect(mainOf((await get(`${base}/${number + 1}`)).text)).toMatch(
      /<a href="[^"]*\/bench\/animals\/R01">R01 at the bench<\/a>/,
    );
  });

  it('says before it is recorded which humane endpoint it reaches, and which no longer', async () => {
    const number = (await size()) - 1;
    const asked = async (grams: string) => {
      const pairs = formOf((await get(`${base}/${number}/correct`)).text);
      pairs.set('data.weight.value', grams);
      pairs.set('reason', 'A digit is missing');
      return post(`${base}/${number}/correct`, pairs);
    };
    const endpoint = 'R01, humane endpoint (Body weight a fifth below its maximum):';
    const shown = await asked('143.70');
    expect(textOf(mainOf(shown.text))).toContain(`${endpoint} not reached reached`);
    const confirmed = formOf(shown.text);
    confirmed.set('confirm', 'true');
    await post(`${base}/${number}/correct`, confirmed);
    expect(textOf(mainOf((await asked('243.70')).text))).toContain(`${endpoint} reached not reached`);
    expect(textOf(mainOf((await asked('142.70')).text))).toContain('no humane endpoint changes');
  });

  it('leaves out what is emptied, and nothing else', async () => {
    const number = (await size()) - 1;
    const pairs = formOf((await get(`${base}/${number}/correct`)).text);
    pairs.set('data.comment', '');
    pairs.set('reason', 'Of another animal');
    const again = formOf((await post(`${base}/${number}/correct`, pairs)).text);
    again.set('confirm', 'true');
    expect((await post(`${base}/${number}/correct`, again)).status).toBe(303);
    const { data } = (await recordOf(number + 1)) as { data: { corrected: object } };
    expect(data.corrected).toEqual({ weight: { value: '243.70', unit: 'g' } });
  });

  it('is not recorded as anything that was not shown', async () => {
    const number = (await size()) - 1;
    const pairs = formOf((await get(`${base}/${number}/correct`)).text);
    pairs.set('data.weight.value', '234.70');
    pairs.set('reason', 'Digits swapped');
    const again = formOf((await post(`${base}/${number}/correct`, pairs)).text);
    again.set('confirm', 'true');
    again.set('data.weight.value', '334.70');
    const shown = await post(`${base}/${number}/correct`, again);
    expect([shown.status, await size()]).toEqual([200, number + 1]);
    expect(textOf(shown.text)).toMatch(/243\.70 g 334\.70 g/);
  });

  it('is told what is wrong at its fields, and that nothing would change', async () => {
    const number = (await size()) - 1;
    const pairs = formOf((await get(`${base}/${number}/correct`)).text);
    const unchanged = await post(`${base}/${number}/correct`, pairs);
    expect(textOf(unchanged.text)).toContain('names nothing');
    pairs.set('data.weight.value', 'heavy');
    pairs.set('subject', 'R99');
    const wrong = (await post(`${base}/${number}/correct`, pairs)).text;
    for (const name of ['data.weight.value', 'reason'])
      expect(wrong).toMatch(new RegExp(`id="f-${name.replaceAll('.', '\\.')}"[^>]* aria-invalid="true"`));
    expect(wrong).not.toContain('Record the correction');
  });

  it('tells whoever began on an older state what others changed, and goes on from what holds', async () => {
    const number = (await size()) - 1;
    const pairs = formOf((await get(`${base}/${number}/correct`)).text);
    const other = {
      reason: 'Weighed anew',
      data: { target: { number }, corrected: { weight: { value: '250.0' } } },
    };
    expect((await server.send('CorrectRecord', other)).status).toBe(201);
    pairs.set('data.comment', 'Restless');
    pairs.set('reason', 'Of another animal');
    const shown = await post(`${base}/${number}/correct`, pairs);
    expect(textOf(shown.text)).toMatch(/Corrected meanwhile .*243\.70 g 250\.0 g/);
    const again = formOf(shown.text);
    expect(again.get('data.weight.value')).toBe('250.0');
    expect(again.get('data.comment')).toBe('Restless');
    again.set('confirm', 'true');
    expect((await post(`${base}/${number}/correct`, again)).status).toBe(303);
    const { data } = (await recordOf(number + 2)) as { data: { corrected: object } };
    expect(data.corrected).toEqual({ weight: { value: '250.0', unit: 'g' }, comment: 'Restless' });
  });

  it('is withdrawn with a reason, and says what rests on it', async () => {
    const number = (await size()) - 1;
    const page = await get(`${base}/${number}/void`);
    expect(textOf(page.text)).toContain('No verdict and no later record rests on it.');
    const pairs = formOf(page.text);
    const unexplained = await post(`${base}/${number}/void`, pairs);
    expect([unexplained.status, await size()]).toEqual([422, number + 1]);
    pairs.set('reason', 'Entered for the wrong animal');
    const { status, headers } = await post(`${base}/${number}/void`, pairs);
    expect([status, headers['location']]).toEqual([303, `${base}/${number + 1}`]);
    expect((await get(`${base}/${number}/void`)).status).toBe(409);
    expect((await get(`${base}/${number}/correct`)).status).toBe(409);
    const record = (await get(`${base}/${number}`)).text;
    expect(record).not.toContain('/correct"');
  });

  it('has no way to a correction of what is followed by another record, and says by which', async () => {
    const protocol = await get(`${base}/1`);
    expect(protocol.text).not.toContain(`${base}/1/correct`);
    expect(textOf(protocol.text)).toContain('Not corrected: amend the protocol.');
    const { status, text } = await get(`${base}/1/correct`);
    expect([status, textOf(text)]).toEqual([422, expect.stringContaining('amend the protocol')]);
    expect(await get(`${base}/999/correct`)).toMatchObject({ status: 404 });
  });
});

describe('the form of a correction', () => {
  let served: Served;
  beforeAll(async () => {
    served = await servingGolden('every-kind');
  });
  afterAll(() => served.close());

  it('sent as it is shown changes nothing, whatever kind of record it is of', async () => {
    const api = await served
      .get('/api/v1/studies/EVERY-01/records?limit=200')
      .set('Accept', 'application/json');
    const { records } = api.body as { records: { number: number; record: { type: string } }[] };
    const seen = new Set<string>();
    for (const { number, record } of records) {
      if (seen.has(record.type) || record.type in FOLLOWED || /^Record(Corrected|Voided)$/.test(record.type))
        continue;
      const address = `/studies/EVERY-01/records/${number}/correct`;
      const page = await served.get(address);
      if (page.status === 409) continue;
      seen.add(record.type);
      expect([record.type, page.status]).toEqual([record.type, 200]);
      const pairs = formOf(page.text);
      pairs.set('reason', 'Looked at');
      const answer = await request(served.url)
        .post(address)
        .set('Accept', 'text/html')
        .type('form')
        .send(pairs.toString());
      expect([record.type, textOf(answer.text)]).toEqual([
        record.type,
        expect.stringContaining('names nothing'),
      ]);
    }
    expect(seen.size).toBeGreaterThan(15);
  });
});
