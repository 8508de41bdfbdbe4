import { PAGES } from '../../src/console/pages.js';
import { serving, withAnimal } from '../http/test-server.js';
import type { Client } from '../support/people.js';
import { linksIn, mainOf, servingGolden, signedIn, type Served } from './console-server.js';

const MOST_BYTES = 150_000;

/** The pages of a study: every path of the catalogue with an animal and some records put in. */
function addressesOf(code: string, animals: readonly string[], records: readonly number[]): string[] {
  return PAGES.filter(({ of }) => of === 'study').flatMap(({ path }) => {
    const filled = path.replace(':code', code);
    if (filled.includes(':animal')) return animals.map((animal) => filled.replace(':animal', animal));
    if (filled.includes(':number')) return records.map((number) => filled.replace(':number', String(number)));
    return [filled];
  });
}

/** What a browser asks for before the page can be read: the page, and what is not put off until it is shown. */
function requestsFor(html: string): string[] {
  const tags = [...html.matchAll(/<(?:link|script|img|iframe|object|source)\b[^>]*>/g)].map(([tag]) => tag);
  // A module that adds to a page comes after it, but for the one of the frame.
  return [
    'page',
    ...tags.filter(
      (tag) =>
        !/rel="icon"/.test(tag) && !/<script type="module" src="[^"]*\/(?!frame\.)[a-z]+\.js"/.test(tag),
    ),
  ];
}

/** Without the tree size in links and forms. */
function withoutPlace(html: string): string {
  return html
    .replaceAll(/(\?|&amp;)at=\d+(?=["#])/g, '')
    .replaceAll(/<input type="hidden" name="at" value="\d+"\/>/g, '');
}

function pagesOf(reader: Client): Get {
  return (address) => reader.get(address, { Accept: 'text/html' });
}

type Get = (address: string) => PromiseLike<{ readonly status: number; readonly text: string }>;

/** At a tree size a page of the whole ledger is that of the ledger that was cut there. */
async function expectTheSame(address: string, size: number, whole: Get, cut: Get): Promise<void> {
  const [now, then] = [await whole(`${address}?at=${size}`), await cut(`${address}?at=${size}`)];
  expect([address, now.status, then.status]).toEqual([address, 200, 200]);
  expect(mainOf(now.text)).toBe(mainOf(then.text));
  // Without the tree size in the address only the links are other ones.
  expect(withoutPlace(mainOf(then.text))).toBe(withoutPlace(mainOf((await cut(address)).text)));
}

describe('the pages of a ledger with every kind of record', () => {
  let served: Served;
  beforeAll(async () => {
    served = await servingGolden('every-kind');
  });
  afterAll(() => served.close());

  it('lead only to addresses that answer, each within its size, script and style from files alone', async () => {
    const [seen, waiting] = [new Set<string>(), ['/']];
    const paths = new Set<string>();
    for (let address = waiting.pop(); address !== undefined; address = waiting.pop()) {
      // A form is filled by its address: it is looked at once.
      const place = address.includes('/bench/') ? address.replace(/\?.*/, '') : address;
      if (seen.has(place)) continue;
      seen.add(place);
      const { status, headers, text } = await served.get(address);
      // A ledger in memory signs nothing, so its proofs are refused.
      if (address.endsWith('/proof')) continue;
      expect([address, status]).toEqual([address, 200]);
      // What the interface for programs sends is no page.
      if (headers['content-type'] !== 'text/html; charset=utf-8' || /^\/api(\/|$)/.test(address)) continue;
      expect([address, Buffer.byteLength(text) <= MOST_BYTES]).toEqual([address, true]);
      expect([
        address,
        /<style|\sstyle=|\son[a-z]+=|<script(?! type="module" src="\/)/.exec(text)?.[0],
      ]).toEqual([address, undefined]);
      expect([address, requestsFor(text)]).toEqual([address, requestsFor(text).slice(0, 3)]);
      const ids = [...text.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
      expect([address, ids.length]).toEqual([address, new Set(ids).size]);
      paths.add(address.replace(/\?.*/, ''));
      // The pages of an earlier tree size are looked at, and not gone through.
      if (!address.includes('at=')) waiting.push(...linksIn(text));
    }
    // Each page of the catalogue was reached from the first one, but for those that only somebody who is signed in reaches.
    for (const { path } of PAGES) {
      if (
        ['/people/:person', '/me', '/enrol', '/studies/:code/findings/:number'].includes(path) ||
        path.includes('/bench/')
      )
        continue;
      const pattern = new RegExp(`^${path.replace(/:[a-z]+/g, '[^/]+')}$`);
      expect([path, [...paths].some((reached) => pattern.test(reached))]).toEqual([path, true]);
    }
  });

  it('say the same at a tree size, whatever was recorded later [R50]', async () => {
    for (const [code, size, animals] of [
      ['EVERY-01', 60, ['R01', 'R02']],
      ['EVERY-01', 97, ['R01', 'R06']],
      ['EVERY-02', 11, ['M01']],
    ] as const) {
      const cut = await servingGolden('every-kind', { code, size });
      const records = [0, 1, Math.floor(size / 2), size - 1];
      for (const address of addressesOf(code, animals, records))
        await expectTheSame(address, size, served.get, cut.get);
      await cut.close();
    }
  });

  it('say where in the records they are, and lead to the latest', async () => {
    const { text } = await served.get('/studies/EVERY-01?at=60');
    expect(text).toContain('<body class="past">');
    expect(text).toMatch(/As recorded at 60 of \d+/);
    expect(text).toContain('<a href="/studies/EVERY-01">Latest</a>');
    expect((await served.get('/studies/EVERY-01')).text).not.toContain('class="past"');
  });

  it('find a record or an animal, and a day', async () => {
    const found = async (query: string) => {
      const { status, headers } = await served.get(`/studies/EVERY-01${query}`);
      return [status, headers['location']];
    };
    expect(await found('/find?q=%2312')).toEqual([303, '/studies/EVERY-01/records/12']);
    expect(await found('/find?q=r06&at=97')).toEqual([303, '/studies/EVERY-01/animals/R06?at=97']);
    expect(await found('/find?q=nobody')).toEqual([404, undefined]);
    // Then there was no record to show.
    expect(await found('?on=2000-01-01')).toEqual([400, undefined]);
    expect(await found('?on=2026-03-02&at=5')).toEqual([400, undefined]);
    expect(await found('?on=yesterday')).toEqual([400, undefined]);
  });

  it('are refused as a page for a person, and as a problem document that names the new address for a program', async () => {
    const page = await served.get('/studies/NONE');
    expect([page.status, page.headers['content-type']]).toEqual([404, 'text/html; charset=utf-8']);
    expect(mainOf(page.text)).toContain('There is no study NONE.');
    for (const wrong of ['?at=9999', '?at=x', '?colour=red', '/records/9999', '/animals/R99'])
      expect([wrong, (await served.get(`/studies/EVERY-01${wrong}`)).status >= 400]).toEqual([wrong, true]);
    const lost = await served.get('/studies/EVERY-01/records/9999');
    expect(mainOf(lost.text)).toContain('<a href="/studies/EVERY-01">EVERY-01, latest</a>');
    expect(mainOf(lost.text)).not.toContain('There from');
    const program = await served.get('/studies/EVERY-01').set('Accept', 'application/json');
    expect([program.status, program.body.code]).toEqual([404, 'route-unknown']);
    expect(program.body.detail).toContain('/api/v1/studies/EVERY-01');
  });

  it('keep the banner, the search and the place of the reader where there is no page', async () => {
    const demo = await servingGolden('demo');
    const { status, text } = await demo.get('/studies/KET-01/records/60?at=20');
    expect(status).toBe(404);
    expect(text).toContain('<strong>Simulated data.</strong>');
    expect(text).toContain('action="/studies/KET-01/find"><input type="hidden" name="at" value="20"/>');
    expect(text).toContain('<a href="/studies/KET-01/animals?at=20">Animals</a>');
    expect((await demo.get('/nowhere')).text).toContain('<strong>Simulated data.</strong>');
    // What is wrong with the address is not kept.
    expect((await demo.get('/studies/KET-01?at=9999')).text).not.toContain('value="9999"');
    await demo.close();
  });

  it('lead to where a record or an animal is there', async () => {
    const thereFrom = async (path: string) =>
      /<a href="([^"]+)">There from tree size/.exec((await served.get(`/studies/EVERY-01${path}`)).text)?.[1];
    expect(await thereFrom('/records/60?at=20')).toBe('/studies/EVERY-01/records/60?at=61');
    expect(await thereFrom('/find?q=%2360&at=20')).toBe('/studies/EVERY-01/records/60?at=61');
    const animal = (await thereFrom('/animals/R06?at=3'))!;
    expect((await served.get(animal)).status).toBe(200);
    const before = animal.replace(/\d+$/, (size) => String(Number(size) - 1));
    expect((await served.get(before)).status).toBe(422);
    expect(await thereFrom('/animals/R99?at=3')).toBeUndefined();
  });

  it('are found with a slash too many, and name no address that is not there', async () => {
    const { status, headers } = await served.get('/studies/EVERY-01/animals/?at=20');
    expect([status, headers['location']]).toEqual([308, '/studies/EVERY-01/animals?at=20']);
    for (const nowhere of ['//elsewhere.example/', '/studies/EVERY-01/nothing', '/studies/'])
      expect([nowhere, (await served.get(nowhere)).status, mainOf((await served.get(nowhere)).text)]).toEqual(
        [nowhere, 404, expect.not.stringContaining('/api/v1') as string],
      );
  });

  it('tell of a correction when what it corrects happened, and when it was made', async () => {
    const demo = await servingGolden('demo');
    const text = mainOf((await demo.get('/studies/KET-01/records/834')).text);
    expect(text).toMatch(/Happened<\/h2><p><time datetime="2026-03-23T09:21:00\+01:00"/);
    expect(text).toMatch(/Corrected <time datetime="2026-03-23T09:19:33.000Z"/);
    await demo.close();
  });

  it('say who amended the protocol, when and why [R31]', async () => {
    const demo = await servingGolden('demo');
    const text = mainOf((await demo.get('/studies/KET-01')).text).replaceAll(/<[^>]+>/g, '');
    expect(text).toContain('Amended by sd-01, study-director, Mon 9 Mar 2026, 15:10 (UTC) “Paper sheets');
    await demo.close();
  });

  it('come with a policy that lets nothing in from elsewhere', async () => {
    const { headers, text } = await served.get('/');
    expect(headers['content-security-policy']).toBe(
      "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    );
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'cross-origin-resource-policy': 'same-origin',
      'referrer-policy': 'same-origin',
      'x-content-type-options': 'nosniff',
    });
    const style = /href="(\/assets\/[^"]+\.css)"/.exec(text)?.[1] ?? '';
    const sheet = await served.get(style);
    expect([sheet.status, sheet.headers['content-type']]).toEqual([200, 'text/css; charset=utf-8']);
    expect(sheet.text).not.toMatch(/url\(|@import/);
    expect((await served.get('/assets/0000000000000000/style.css')).status).toBe(404);
  });
});

it('the pages of a governed study say the same at a tree size, whatever was signed, reviewed or archived later [R50]', async () => {
  const whole = await servingGolden('governed');
  const reader = await signedIn(whole.url, 'sd-01');
  for (const size of [9, 23, 28, 34]) {
    const cut = await servingGolden('governed', { code: 'GOV-01', size });
    const then = await signedIn(cut.url, 'sd-01');
    const records = [1, 5, 7, 17, 20, 22, 26].filter((number) => number < size);
    for (const address of addressesOf('GOV-01', ['R01', 'R02'], records))
      await expectTheSame(address, size, pagesOf(reader), pagesOf(then));
    await cut.close();
  }
  await whole.close();
});

it('a ledger without a study says what to do first', async () => {
  const server = await serving();
  const { text } = await server.get('/').set('Accept', 'text/html');
  expect(mainOf(text)).toContain('holds no study yet');
  await server.close();
});

it('what people wrote is shown as text, wherever it is shown', async () => {
  const server = await serving();
  const hostile = '<img src=x onerror=alert(1)>"\'&amp;';
  await withAnimal(server);
  const sent = await server.send('ReportAdverseEvent', {
    subject: 'R01',
    reason: hostile,
    data: { description: hostile, expected: true, severity: 'mild', action: hostile },
  });
  expect(sent.status).toBe(201);
  for (const path of ['', '/animals/R01', '/records/3']) {
    const { text } = await server.get(`/studies/KET-01${path}`).set('Accept', 'text/html');
    expect(text).toContain('&lt;img src=x onerror=alert(1)');
    expect(text).not.toContain('<img');
  }
  await server.close();
});
