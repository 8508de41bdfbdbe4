import request from 'supertest';
import { v7 } from 'uuid';
import { exampleOf, serving, withAnimal } from './test-server.js';

const ENTER = '/studies/KET-01/bench/enter/record-body-weight';
const form = (fields: Record<string, string>): string =>
  new URLSearchParams({ id: v7(), ...fields }).toString();
const WEIGHT = { subject: 'R01', 'data.weight.value': '243.70', 'data.weight.unit': 'g' };

describe('a form at the bench', () => {
  let server: Awaited<ReturnType<typeof serving>>;
  beforeAll(async () => {
    server = await serving();
    await withAnimal(server);
  });
  afterAll(() => server.close());
  const post = (fields: Record<string, string>, accept = 'text/html') =>
    request(server.url).post(ENTER).set('Accept', accept).type('form').send(form(fields));
  const size = async (): Promise<number> =>
    ((await request(server.url).get('/api/v1/studies/KET-01')).body as { treeSize: number }).treeSize;

  it('warns before the operation of an animal whose baseline is not complete', async () => {
    const { text } = await request(server.url)
      .get('/studies/KET-01/bench/enter/ligate-nerve?animal=R01')
      .set('Accept', 'text/html');
    expect(text).toContain('The baseline of R01 is not complete: Baseline 1 of 2 is due first.');
  });

  it('is recorded and answered by another page, once however often it is sent', async () => {
    const before = await size();
    const id = v7();
    const first = await post({ ...WEIGHT, id });
    const again = await post({ ...WEIGHT, id });
    expect([first.status, again.status]).toEqual([303, 303]);
    expect(first.headers['location']).toBe(`/studies/KET-01/bench/animals/R01?recorded=${before}`);
    expect(again.headers['location']).toBe(first.headers['location']);
    expect(await size()).toBe(before + 1);
  });

  it('leads on to a page of its own study only', async () => {
    for (const next of [
      '//elsewhere.example',
      'https://elsewhere.example',
      '/studies/OTHER',
      '/studies/KET-01/\\..',
      '/studies/KET-01/../../\t/evil.example/',
      '/studies/KET-01/../OTHER/bench',
    ]) {
      const { headers } = await post({ ...WEIGHT, reason: 'weighed again', next });
      expect(headers['location']).toMatch(/^\/studies\/KET-01\/bench\/animals\/R01\?recorded=\d+$/);
    }
    const { headers } = await post({ ...WEIGHT, reason: 'weighed again', next: '/studies/KET-01/animals' });
    expect(headers['location']).toMatch(/^\/studies\/KET-01\/animals\?recorded=\d+$/);
  });

  it('shows everything that is wrong at its field, and keeps what was typed', async () => {
    const { status, text } = await post({
      subject: 'R 01<',
      'data.weight.value': 'heavy',
      'data.weight.unit': 'g',
    });
    expect(status).toBe(422);
    expect(text).toContain('value="heavy"');
    expect(text).toContain('value="R 01&lt;"');
    for (const name of ['subject', 'data.weight.value'])
      expect(text).toMatch(new RegExp(`id="f-${name}"[^>]* aria-invalid="true"`));
  });

  it('names what does not fit together with what cannot be true, as a page and as a problem', async () => {
    const fields = {
      subject: 'R99',
      occurredAt: '2031-01-05T10:00:00Z',
      'data.weight.value': 'heavy',
      'data.weight.unit': 'g',
    };
    const { status, text } = await post(fields);
    expect(status).toBe(422);
    for (const name of ['subject', 'occurredAt', 'data.weight.value'])
      expect(text).toMatch(new RegExp(`id="f-${name}"[^>]* aria-invalid="true"`));
    const { body } = await post(fields, 'application/json');
    expect(body).toMatchObject({
      code: 'field-invalid',
      errors: [
        { field: 'data.weight.value', code: 'field-invalid', detail: expect.stringContaining('“heavy”') },
        { field: 'occurredAt', code: 'time-in-future', detail: expect.stringContaining('2031-01-05') },
        { field: 'subject', code: 'subject-unknown', detail: expect.stringContaining('R99') },
      ],
    });
  });

  it('answers a script as the interface does', async () => {
    const before = await size();
    const dry = await post({ ...WEIGHT, reason: 'weighed again', dryRun: 'true' }, 'application/json');
    expect([dry.status, dry.body]).toEqual([200, expect.objectContaining({ number: before, known: false })]);
    expect(await size()).toBe(before);
    const made = await post({ ...WEIGHT, reason: 'weighed again' }, 'application/json');
    expect([made.status, made.body]).toEqual([
      201,
      expect.objectContaining({
        treeSize: before + 1,
        next: `/studies/KET-01/bench/animals/R01?recorded=${before}`,
      }),
    ]);
    const wrong = await post({ ...WEIGHT, subject: '' }, 'application/json');
    expect([wrong.status, wrong.body]).toEqual([
      422,
      expect.objectContaining({ code: 'field-missing', field: 'subject' }),
    ]);
  });

  it('does not ask again for the animal of its address, and goes on with the next that has no such record today', async () => {
    const bench = '/studies/KET-01/bench/enter';
    const get = async (path: string): Promise<string> =>
      (await request(server.url).get(`${bench}/${path}`).set('Accept', 'text/html').expect(200)).text;
    for (const subject of ['R02', 'R03', 'R04'])
      await server.send('EnrolSubject', { ...exampleOf('EnrolSubject'), subject });
    await server.send('EuthaniseSubject', { ...exampleOf('EuthaniseSubject'), subject: 'R03' });
    const text = await get('score-welfare?animal=R02');
    expect(text).toMatch(/<h1>[^<]*: R02<\/h1>/);
    expect(text).toMatch(/<input type="hidden" name="subject" value="R02"/);
    expect(text).not.toContain('id="f-subject"');
    expect(text).toContain(`href="${bench}/score-welfare"`);
    expect(text).toContain('Record, and another animal: R04');
    expect(await get('record-body-weight?animal=R99')).toContain('id="f-subject"');
    const weigh = async (subject: string): Promise<string> => {
      const fields = { ...WEIGHT, subject, again: 'true', reason: 'weighed' };
      return String((await post(fields)).headers['location']);
    };
    const next = (animal: string) =>
      new RegExp(`^${bench}/record-body-weight\\?animal=${animal}&recorded=\\d+$`);
    expect(await weigh('R02')).toMatch(next('R04'));
    // R01 was weighed above: nobody is left.
    expect(await weigh('R04')).toMatch(/record-body-weight\?recorded=\d+$/);
  });

  it('begins an operation as the last one was, except for what differs from animal to animal', async () => {
    const ligation = '/studies/KET-01/bench/enter/ligate-nerve';
    const done = { 'data.side': 'left', 'data.nerve': 'sciatic', 'data.procedure': 'partial-ligation' };
    const fields = form({ subject: 'R01', ...done, 'data.surgeon': 'surg-1' });
    const { status } = await request(server.url).post(ligation).type('form').send(fields);
    expect(status).toBe(303);
    const { text } = await request(server.url).get(ligation).set('Accept', 'text/html');
    expect(text).toMatch(/name="data.nerve" value="sciatic"/);
    expect(text).toMatch(/value="surg-1"/);
    expect(text).not.toMatch(/value="(left|partial-ligation)" selected/);
  });

  it('refuses a field that comes twice with other words', async () => {
    const twice = `${form(WEIGHT)}&subject=R02`;
    const { status, text } = await request(server.url)
      .post(ENTER)
      .set('Accept', 'text/html')
      .type('form')
      .send(twice);
    expect(status).toBe(422);
    expect(text).toContain('R01, R02');
  });

  it('takes a label of another study for none of its own animals', async () => {
    const find = (q: string) =>
      request(server.url)
        .get(`/studies/KET-01/find?to=bench&q=${encodeURIComponent(q)}`)
        .set('Accept', 'text/html');
    const own = await find('https://ledger.example/studies/KET-01/bench/animals/R01');
    expect([own.status, own.headers['location']]).toEqual([303, '/studies/KET-01/bench/animals/R01']);
    for (const other of ['/studies/OTHER-02/bench/animals/R01', '/studies/KET-01/bench/animals/R0'])
      expect((await find(`https://ledger.example${other}`)).status).toBe(404);
  });

  it('answers a dose of nothing, and units of nothing, in words', async () => {
    for (const query of [
      'data.bodyWeight.value=0&data.bodyWeight.unit=g',
      'data.dose.value=1&data.dose.unit=__proto__',
    ]) {
      const { status } = await request(server.url)
        .get(`/studies/KET-01/bench/dose?animal=R01&substance=ketamine&${query}`)
        .set('Accept', 'text/html');
      expect([query, status]).toEqual([query, 200]);
    }
  });

  it('gets a row more in a list without recording', async () => {
    const before = await size();
    const { status, text } = await request(server.url)
      .post('/studies/KET-01/bench/enter/score-welfare')
      .set('Accept', 'text/html')
      .type('form')
      .send(
        form({
          subject: 'R01',
          'data.scores[0].item': 'posture',
          'data.scores[0].score': '1',
          longer: 'data.scores',
        }),
      );
    expect([status, await size()]).toEqual([200, before]);
    expect(text).toContain('name="data.scores[1].item"');
    expect(text).toMatch(/name="data.scores\[0\].score" value="1"/);
  });

  it('is refused from another site, and in another shape', async () => {
    const stranger = await post(WEIGHT).set('Origin', 'https://elsewhere.example');
    expect(stranger.status).toBe(403);
    const json = await request(server.url).post(ENTER).set('Accept', 'text/html').send(WEIGHT);
    expect(json.status).toBe(415);
  });

  it('is decided by the interface without recording, too', async () => {
    const before = await size();
    const address = '/api/v1/studies/KET-01/commands/record-body-weight?dryRun=true';
    const { status, body } = await request(server.url)
      .post(address)
      .send({
        subject: 'R01',
        data: { weight: { value: '900', unit: 'g' } },
        reason: 'as the balance shows',
      });
    expect([status, body]).toEqual([
      200,
      expect.objectContaining({ number: before, flags: expect.arrayContaining(['implausible']) }),
    ]);
    expect(await size()).toBe(before);
  });

  it('records nothing where it asks what it would become, in whatever words and place', async () => {
    const before = await size();
    const asked = (address: string, fields: Record<string, string> = {}) =>
      request(server.url)
        .post(address)
        .set('Accept', 'application/json')
        .type('form')
        .send(form({ ...WEIGHT, ...fields }));
    expect((await asked(`${ENTER}?dryRun=true`)).body).toMatchObject({ number: before, told: [] });
    for (const answer of [
      await asked(`${ENTER}?dryRun=1`),
      ...(await Promise.all(['1', 'TRUE', 'true ', ''].map((dryRun) => asked(ENTER, { dryRun })))),
    ])
      expect([answer.status, answer.body]).toEqual([
        400,
        expect.objectContaining({ code: 'parameter-invalid', field: 'dryRun' }),
      ]);
    expect(await size()).toBe(before);
  });

  it('foresees every command of a form of several, each on those before it', async () => {
    for (const subject of ['R21', 'R22'])
      await server.send('EnrolSubject', { ...exampleOf('EnrolSubject'), subject });
    const before = await size();
    const ids = { 'R21.id': v7(), 'R22.id': v7() };
    const foresee = async (fields: Record<string, string>) =>
      request(server.url)
        .post('/studies/KET-01/bench/weights')
        .set('Accept', 'application/json')
        .type('form')
        .send(new URLSearchParams({ ...ids, ...fields, dryRun: 'true' }).toString());
    const both = await foresee({ 'R21.weight': '250.0', 'R22.weight': '25.0' });
    expect([both.status, both.body]).toEqual([
      200,
      expect.objectContaining({
        number: before,
        commands: [
          expect.objectContaining({ id: ids['R21.id'], number: before, told: [] }),
          expect.objectContaining({
            id: ids['R22.id'],
            number: before + 1,
            flags: expect.arrayContaining(['implausible']) as string[],
          }),
        ],
      }),
    ]);
    expect((both.body as { told: string[] }).told.join()).toContain('plausible');
    // Of a round each weight stands for itself.
    const one = await foresee({ 'R21.weight': 'heavy', 'R22.weight': '250.0' });
    expect([one.status, one.body]).toMatchObject([
      200,
      { number: before, commands: [{ id: ids['R21.id'], code: 'field-invalid' }, { number: before }] },
    ]);
    const none = await foresee({ 'R21.weight': 'heavy', 'R22.weight': 'too' });
    expect([none.status, (none.body as { code: string }).code]).toEqual([422, 'field-invalid']);
    expect(await size()).toBe(before);
  });
});
