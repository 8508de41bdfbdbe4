import request from 'supertest';

import { servingGolden } from '../console/console-server.js';
import { pairsOf } from '../console/form-pairs.js';
import { serving, withAnimal, type Serving } from './test-server.js';

const MOST_BYTES = 150_000;

type Fields = Readonly<Record<string, string>>;

/** What a browser sends of the form of a page, as it was served. */
function formIn(html: string, marked: string): URLSearchParams {
  const form = new RegExp(`<form[^>]*${marked}.*?</form>`, 's').exec(html)?.[0];
  if (form === undefined) throw new Error(`no form ${marked} in ${html.slice(0, 2000)}`);
  return pairsOf(form);
}

function withFields(pairs: URLSearchParams, fields: Fields): string {
  for (const [name, value] of Object.entries(fields)) pairs.set(name, value);
  return pairs.toString();
}

let server: Serving;
beforeAll(async () => {
  server = await serving();
});
afterAll(() => server.close());

const get = (path: string) => request(server.url).get(path).set('Accept', 'text/html');
const post = (path: string, form: string, accept = 'text/html') =>
  request(server.url).post(path).set('Accept', accept).type('form').send(form);
const sizeOf = async (study: string): Promise<number> =>
  ((await server.get(`/api/v1/studies/${study}`)).body as { treeSize: number }).treeSize;

async function register(code: string, fields: Fields = {}) {
  const { text } = await get('/studies/new');
  return post(
    '/studies/new',
    withFields(formIn(text, 'data-enter'), {
      study: code,
      'data.title': 'A study',
      'data.director': 'sd-01',
      'data.ethicsApproval': 'DEC-7',
      from: 'reference-example',
      ...fields,
    }),
  );
}

const PROTOCOL = '/studies/HAND-01/protocol';

describe('a study that is started by hand', () => {
  it('is registered, and leads on to its protocol', async () => {
    const { status, headers } = await register('HAND-01');
    expect([status, headers['location']]).toEqual([
      303,
      '/studies/HAND-01/protocol?from=reference-example&recorded=0',
    ]);
    const { text } = await get(headers['location']!);
    expect(text).toContain('value="A study"');
    expect(text).toContain('value="DEC-7"');
    expect(text).toContain('an example: decide it yourself');
  });

  it('is not registered where anything is wrong, with all of it said and what was typed kept', async () => {
    const { status, text } = await register('hand 02', { 'data.title': '', 'data.director': 'Dr. Who' });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(text).toContain('value="hand 02"');
    expect(text).toContain('value="Dr. Who"');
    const taken = await register('HAND-01');
    expect([taken.status, taken.text.includes('is registered')]).toEqual([409, true]);
    expect(taken.text).toContain('id="e-study"');
  });

  it('has a code in capitals, so that none is called new', async () => {
    expect((await register('new')).status).toBe(400);
    expect((await get('/studies/new')).text).toContain('<h1>Start a study</h1>');
    expect((await get('/studies/NEW')).status).toBe(404);
  });

  it('is approved once its examples are decided', async () => {
    const page = await get('/studies/HAND-01/protocol?from=reference-example');
    const pairs = formIn(page.text, 'data-protocol');
    const undecided = await post(PROTOCOL, pairs.toString());
    expect([undecided.status, await sizeOf('HAND-01')]).toEqual([422, 1]);
    expect(undecided.text).toContain('numbers are examples of the template');
    expect(undecided.text).toContain('data-posted');
    const sent = withFields(pairs, { decided: 'yes' });
    // A double tap is recorded once.
    for (const { status, headers } of [await post(PROTOCOL, sent), await post(PROTOCOL, sent)])
      expect([status, headers['location']]).toEqual([303, `${PROTOCOL}?recorded=1`]);
    expect(await sizeOf('HAND-01')).toBe(2);
    const { text } = await get('/studies/HAND-01/protocol?recorded=1');
    expect(text).toContain('Recorded as');
    expect(text).toContain('Amend the protocol');
  });
});

describe('an amendment by hand', () => {
  beforeAll(() => withAnimal(server));
  const AMEND = '/studies/KET-01/protocol';
  const amendment = async (fields: Fields): Promise<string> =>
    withFields(formIn((await get(`${AMEND}?amend=yes`)).text, 'data-protocol'), fields);

  it('shows what it would change, and records nothing before it is sent', async () => {
    const before = await sizeOf('KET-01');
    const { status, text } = await post(
      AMEND,
      await amendment({ preview: 'words', 'data.protocol.hypersensitivity.limit': '0.31' }),
    );
    expect([status, await sizeOf('KET-01')]).toEqual([200, before]);
    expect(text).toMatch(/<del>a fall of at least 0\.2 log units.*<ins>a fall of at least 0\.31 log units/s);
    expect(text).toContain('value="0.31"');
  });

  it('needs a reason, says all that is wrong at once, and keeps what was typed', async () => {
    const { status, text } = await post(
      AMEND,
      await amendment({ 'data.protocol.titration.washoutHours': '48' }),
    );
    expect([status, text.includes('id="e-reason"'), text.includes('value="48"')]).toEqual([422, true, true]);
    const wrong = await post(
      AMEND,
      await amendment({
        'data.protocol.titration.washoutHours': 'two days',
        'data.protocol.lateAfterMinutes': '-1',
        'data.protocol.welfare.items[1].label': '',
        'data.protocol.welfare.items[1].max': 'x',
      }),
    );
    expect(wrong.status).toBe(422);
    for (const name of [
      'titration.washoutHours',
      'lateAfterMinutes',
      'welfare.items[1].label',
      'welfare.items[1].max',
    ])
      expect([name, wrong.text.includes(`id="e-data.protocol.${name}"`)]).toEqual([name, true]);
    expect(wrong.text).toContain('washout hours is “two days”: must be a decimal number');
  });

  it('changes what was changed, and nothing else', async () => {
    const { status, headers } = await post(
      AMEND,
      await amendment({ reason: 'Advice of the welfare body', 'data.protocol.titration.washoutHours': '48' }),
    );
    const number = /recorded=(\d+)$/.exec(headers['location'] ?? '')?.[1];
    expect([status, number]).toEqual([303, expect.any(String)]);
    const records = ['1', number!].map((one) => server.get(`/api/v1/studies/KET-01/records/${one}`));
    const [approved, amended] = (await Promise.all(records)).map(
      ({ body }) =>
        (body as { record: { data: { protocol: Record<string, unknown> } } }).record.data.protocol,
    );
    const { titration, ...rest } = amended!;
    const { titration: before, ...others } = approved!;
    expect(rest).toEqual(others);
    expect(titration).toEqual({ ...(before as object), washoutHours: '48' });
    const { text } = await get(AMEND);
    expect(text).toContain('Advice of the welfare body');
    expect(text).toContain('Version 1');
  });

  it('is shown again where another version came in between', async () => {
    const first = await amendment({ reason: 'First reason', 'data.protocol.titration.washoutHours': '50' });
    const second = await amendment({ reason: 'Second reason', 'data.protocol.titration.washoutHours': '52' });
    expect((await post(AMEND, first)).status).toBe(303);
    const late = await post(AMEND, second);
    expect([late.status, late.text.includes('came into force while this was written')]).toEqual([409, true]);
    expect(late.text).toMatch(/<del>[^<]*at least 50 h apart[^<]*<\/del>.*<ins>[^<]*at least 52 h apart/s);
    const again = withFields(formIn(late.text, 'data-protocol'), {});
    expect((await post(AMEND, again)).status).toBe(303);
  });

  it('is a list with a row more where that is asked for', async () => {
    const { text } = await post(AMEND, await amendment({ longer: 'data.protocol.welfare.items' }));
    expect(text).toContain('name="data.protocol.welfare.items[3].code"');
    expect(text).toMatch(/<details class="part" id="part-welfare" open/);
  });
});

describe('a protocol that is there as a file', () => {
  const bring = (file: string) => post(PROTOCOL, new URLSearchParams({ file, bring: 'yes' }).toString());

  it('is brought in as the form of it', async () => {
    const { status, text } = await bring(
      '// mine\n{ "title": "From a file", "lateAfterMinutes": 77, "reading": 2, }',
    );
    expect(status).toBe(200);
    expect(text).toContain('value="From a file"');
    expect(text).toContain('value="77"');
    expect(text).toContain('&quot;title&quot;: &quot;From a file&quot;');
    expect(text).toContain('&quot;sheet&quot;: &quot;REQUIRED&quot;');
  });

  it('is refused with the line, and says what the form has no field for', async () => {
    const broken = await bring('{ "title": "x",\n  "welfare": }');
    expect(broken.text).toContain('line 2, column');
    expect((await bring('{ "title": "x", "colour": "red" }')).text).toContain('colour');
    for (const odd of [
      '[]',
      '7',
      '{"welfare": 3, "titration": "x", "assays": [4]}',
      '{"__proto__": {"a": 1}}',
      '',
    ])
      expect([odd, (await bring(odd)).status < 500]).toEqual([odd, true]);
  });
});

it('the form of a protocol is within its size, also of a study with everything', async () => {
  const served = await servingGolden('every-kind');
  for (const code of ['EVERY-01', 'EVERY-02']) {
    const { text } = await served.get(`/studies/${code}/protocol?amend=yes`);
    expect([code, Buffer.byteLength(text), Buffer.byteLength(text) <= MOST_BYTES]).toEqual([
      code,
      expect.any(Number),
      true,
    ]);
    const ids = [...text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect([code, ids.filter((id, index) => ids.indexOf(id) < index)]).toEqual([code, []]);
  }
  await served.close();
});
