import { v4 } from 'uuid';
import { ATTESTATION_SHA256 } from '../../src/lab/people/attestation.js';
import { createServer } from '../../src/http/platform/server.js';
import { PAGES } from '../../src/console/pages.js';
import type { Reader } from '../../src/console/page.js';
import { PageShow } from '../../src/http/pages/page-show.js';
import type { RoutedRequest } from '../../src/http/routes/routed-request.js';
import { Engine } from '../../src/recording/engine.js';
import { sha256 } from '../../src/shared/sha256.js';
import { MemoryStore } from '../../src/store/memory.store.js';
import { canonical } from '../../src/tlog/canonical.js';
import { leafHash } from '../../src/tlog/merkle.js';
import { serving } from '../http/test-server.js';
import { Client, ok } from '../support/people.js';
import { linksIn, mainOf } from './console-server.js';
import { pairsOf } from './form-pairs.js';
import { rowsIn } from './render-main.js';
import { ORIGIN, STUDY, SignedPages, formOf } from './signed-pages.js';

const base = `/studies/${STUDY}`;
const textOf = (html: string): string => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');

const APPROVE = `${base}/sign?records=1&meaning=approved`;

describe('the page of signing', () => {
  let pages: SignedPages;
  beforeEach(async () => {
    pages = await SignedPages.open();
  });
  afterEach(() => pages.server.close());

  it('says that no record is named, where the address names none', async () => {
    await pages.attest('sd-01');
    const main = await pages.main('sd-01', `${base}/sign`);
    expect(main).toContain('No record is named');
    expect(main).not.toContain('data-sign');
  });

  it('leads to one’s own page before one has stated that a signature binds [R17]', async () => {
    const main = await pages.main('sd-01', APPROVE);
    const me = `/me?next=${encodeURIComponent(APPROVE)}`;
    expect(linksIn(main)).toContain(me);
    expect(main).not.toContain('data-sign');
    const refused = await pages.post('sd-01', APPROVE, new URLSearchParams({ id: v4() }));
    expect([refused.status, await pages.size()]).toEqual([409, 2]);
    expect(mainOf(refused.text)).toContain('has not stated yet');
    expect(await pages.main('sd-01', me)).toContain(ATTESTATION_SHA256);
    ok(await pages.as('sd-01').lab('GiveAttestation', { text: ATTESTATION_SHA256 }));
    const stated = await pages.main('sd-01', me);
    expect(textOf(stated)).toMatch(/You stated this on .* \(lab record # ?\d+\)/);
    expect(linksIn(stated)).toContain(APPROVE);
    expect(await pages.main('sd-01', APPROVE)).toContain('Sign with the simulated passkey');
  });

  it('lists the records as sentences, and signs them once however often it is sent', async () => {
    await pages.attest('sd-01');
    const main = await pages.main('sd-01', APPROVE);
    expect(textOf(main)).toContain('I, sd-01,');
    const [[number, sentence, by, digest]] = rowsIn(main) as [string[]];
    expect([number, sentence, by]).toEqual(['#1', expect.stringMatching(/protocol/i), 'sd-01']);
    expect(digest).toMatch(/^[0-9a-f]{16}…$/);
    const pairs = formOf(main);
    const [first, second] = [
      await pages.post('sd-01', APPROVE, pairs),
      await pages.post('sd-01', APPROVE, pairs),
    ];
    expect([first.status, first.headers['location']]).toEqual([303, `${base}/records/2`]);
    expect([second.status, second.headers['location']]).toEqual([303, `${base}/records/2`]);
    expect(await pages.size()).toBe(3);
  });

  it('says in words what keeps somebody from signing, and keeps the page', async () => {
    await pages.attest('tech-1');
    const refused = await pages.post('tech-1', APPROVE, formOf(await pages.main('tech-1', APPROVE)));
    expect([refused.status, await pages.size()]).toEqual([403, 2]);
    expect(mainOf(refused.text)).toContain('data-sign');
    const unknown = await pages.as('tech-1').get(`${base}/sign?records=99`, { Accept: 'text/html' });
    expect([unknown.status, textOf(mainOf(unknown.text))]).toEqual([
      404,
      expect.stringContaining('There is no record 99; the last one is 1.'),
    ]);
  });
});

describe('a signature on the pages', () => {
  let pages: SignedPages;
  beforeEach(async () => {
    pages = await SignedPages.open();
    await pages.attest('sd-01');
    await pages.post('sd-01', APPROVE, formOf(await pages.main('sd-01', APPROVE)));
  });
  afterEach(() => pages.server.close());

  it('stands valid at its record, and the act no longer waits on the page of the study [R23]', async () => {
    expect(textOf(await pages.main('sd-01', `${base}/records/1`))).toContain(
      'Simulated study director (sd-01, director) approved',
    );
    expect(textOf(await pages.main('sd-01', `${base}/records/1`))).toContain('✓ valid');
    expect(textOf(await pages.main('sd-01', base))).not.toContain('is in force once its director signs it');
  });

  it('is superseded by the correction of what was signed [R24]', async () => {
    ok(await pages.as('tech-1').send('EnrolSubject'));
    ok(await pages.as('tech-1').send('RecordBodyWeight'));
    await pages.attest('tech-1');
    const path = `${base}/sign?records=4&meaning=performed`;
    await pages.post('tech-1', path, formOf(await pages.main('tech-1', path)));
    const data = { target: { number: 4 }, corrected: { weight: { value: '250.00', unit: 'g' } } };
    ok(await pages.as('tech-1').send('CorrectRecord', { reason: 'Digits swapped', data }));
    expect(textOf(await pages.main('tech-1', `${base}/records/4`))).toMatch(/◐ superseded by #6/);
    expect(await pages.main('tech-1', `${base}/records/4`)).not.toContain('/sign?records=4');
    const gone = await pages.as('tech-1').get(path, { Accept: 'text/html' });
    expect([gone.status, textOf(mainOf(gone.text))]).toEqual([
      409,
      expect.stringContaining('Record 4 was changed by record 6'),
    ]);
  });

  it('is broken where its payload was altered, and neither name nor meaning is taken from it [R24]', async () => {
    for (const number of [1, 2]) {
      const text = textOf(await tampered(pages.server.engine, `${base}/records/${number}`));
      expect([number, text]).toEqual([number, expect.stringContaining('✕ broken')]);
      expect(text).not.toMatch(/Mallory|✓ valid|sd-01, director\) approved/);
    }
  });
});

it('the page of the study says what waits, for whom, and leads there', async () => {
  const pages = await SignedPages.open();
  const main = await pages.main('tech-1', base);
  expect(textOf(main)).toContain(
    'Version 1 of the protocol ( #1 ) waits for the signature of the study’s director',
  );
  expect(textOf(main)).not.toMatch(/No protocol is approved|Write the protocol|approves a protocol/);
  expect(await pages.main('sd-01', `${base}/protocol`)).toContain(
    '/sign?records=1&amp;meaning=approved&amp;next=',
  );
  expect(await pages.main('sd-01', `${base}/protocol`)).not.toContain('<form');
  expect(textOf(await pages.main('tech-1', `${base}/bench`))).toContain(
    'waits for the signature of the study’s director',
  );
  expect(textOf(main)).toContain('To be signed or recorded: 2');
  expect(textOf(main)).toContain(
    '(record 1) is in force once its director signs it as approved. Waits for sd-01.',
  );
  expect(main).toContain(`href="${base}/sign?records=1&amp;meaning=approved"`);
  await pages.server.close();
});

it('today says to each person what waits for them', async () => {
  const pages = await SignedPages.open();
  const today = async (person: string) => textOf(await pages.main(person, `${base}/bench`));
  expect(await today('sd-01')).toMatch(/1 act waits for you Version 1 of the protocol .* Sign as approved/);
  expect(await today('mgr-1')).toMatch(/1 act waits for you Nobody has reviewed records 0 to 1/);
  await pages.attest('sd-01');
  await pages.post('sd-01', APPROVE, formOf(await pages.main('sd-01', APPROVE)));
  expect(await today('sd-01')).not.toContain('for you');
  await pages.server.close();
});

it('a record of an animal leads whoever saw it to the form of a witness, but not who made it', async () => {
  const pages = await SignedPages.open();
  await pages.attest('sd-01');
  await pages.post('sd-01', APPROVE, formOf(await pages.main('sd-01', APPROVE)));
  ok(await pages.as('tech-1').send('EnrolSubject'));
  ok(await pages.as('tech-1').send('RecordBodyWeight'));
  const main = await pages.main('sd-01', `${base}/records/4`);
  expect(main).toContain(`href="${base}/bench/enter/witness-record?data.target.number=4"`);
  expect(textOf(main)).toContain('A second person witnesses it: anybody but tech-1.');
  expect(await pages.main('sd-01', `${base}/records/1`)).not.toContain('witness-record');
  await pages.server.close();
});

it('the page of quality assurance shows the signature over an inspection as it checks', async () => {
  const pages = await SignedPages.open();
  await pages.attest('qa-1');
  ok(await pages.as('qa-1').send('RecordInspection', { data: { phase: 'Protocol', on: '2026-03-01' } }));
  const path = `${base}/sign?records=2&meaning=inspected`;
  await pages.post('qa-1', path, formOf(await pages.main('qa-1', path)));
  expect(textOf(await pages.main('mgr-1', `${base}/quality`))).toMatch(
    /#3 Simulated quality assurance \(qa-1, quality\) inspected .* #2 ✓ valid/,
  );
  await pages.server.close();
});

it('what has just been recorded leads to signing it, and from there back', async () => {
  const pages = await SignedPages.open();
  await pages.attest('qa-1');
  const quality = `${base}/quality`;
  const form = linksIn(await pages.main('qa-1', quality)).find((link) => link.includes('record-inspection'))!;
  const pairs = pairsOf(await pages.main('qa-1', form));
  pairs.set('data.phase', 'Protocol');
  pairs.set('data.on', '2026-03-01');
  const { headers } = await pages.post('qa-1', form.replace(/\?.*/, ''), pairs);
  const signing = String(headers['location']);
  expect(signing).toBe(
    `${base}/sign?${new URLSearchParams({ records: '2', meaning: 'inspected', next: quality, recorded: '2' }).toString()}`,
  );
  const main = await pages.main('qa-1', signing);
  expect(textOf(main)).toContain('Recorded as #2');
  expect(linksIn(await pages.main('qa-1', quality))).toContain(
    `${base}/sign?records=2&meaning=inspected&next=${encodeURIComponent(quality)}`,
  );
  const signed = await pages.post('qa-1', signing, formOf(main));
  expect(signed.headers['location']).toBe(`${quality}?recorded=3`);
  expect(textOf(await pages.main('qa-1', `${quality}?recorded=3`))).toMatch(/Recorded as #3 .*#3 ✓ valid/);
  await pages.server.close();
});

it('a signature that does not check is broken on the pages of review and quality, and today says so', async () => {
  const pages = await SignedPages.open();
  ok(await pages.as('qa-1').send('RecordInspection', { data: { phase: 'Protocol', on: '2026-03-01' } }));
  ok(await pages.as('qa-1').send('ReviewTrail', { data: { from: 0, to: 1, findings: 'Nothing to remark' } }));
  await pages.attest('qa-1');
  for (const query of ['records=2&meaning=inspected', 'records=3&meaning=reviewed'])
    await pages.post(
      'qa-1',
      `${base}/sign?${query}`,
      formOf(await pages.main('qa-1', `${base}/sign?${query}`)),
    );
  for (const path of ['review', 'quality'])
    expect([path, textOf(await pages.main('qa-1', `${base}/${path}`))]).toEqual([
      path,
      expect.stringContaining('✓ valid'),
    ]);
  expect(await pages.main('qa-1', `${base}/bench`)).not.toContain('do not check');

  const engine = new Engine(await altered(pages.server.engine), () => pages.server.time.ms);
  const server = await createServer(engine, { port: 0, logger: false });
  const client = new Client(server.url, 'qa-1', ORIGIN);
  ok(await client.post('/api/v1/sign-in/simulated', { person: 'qa-1' }));
  const read = async (path: string): Promise<string> =>
    textOf(mainOf((await client.get(`${base}/${path}`, { Accept: 'text/html' })).text));
  expect(await read('review')).toMatch(/#5 ✕ broken/);
  expect(await read('quality')).toMatch(/#4 ✕ broken.* Signatures that do not check: #4/);
  expect(await read('bench')).toContain('Signatures that do not check: #4 #5');
  for (const path of ['review', 'quality']) expect(await read(path)).not.toMatch(/✓ valid|Mallory/);
  await server.close();
  await pages.server.close();
});

describe('the page to start a study', () => {
  it('proposes that acts are signed, where each part can be done by another person', async () => {
    const pages = await SignedPages.open();
    const main = await pages.main('sd-01', '/studies/new');
    expect(main).toMatch(/name="data.governance" value="signed" checked/);
    expect(textOf(main)).toMatch(/by another person: director sd-01, quality qa-1, management mgr-1,/);
    await pages.server.close();
  });

  it('proposes it not, and names the missing parts, where there are too few', async () => {
    const server = await serving();
    const main = mainOf((await server.get('/studies/new').set('Accept', 'text/html')).text);
    expect(main).toMatch(/name="data.governance" value="signed"\/>/);
    expect(textOf(main)).toContain(
      'nobody is left for director, quality, management, second recorder, reviewer.',
    );
    await server.close();
  });
});

const NOBODY: Reader = {
  person: undefined,
  session: undefined,
  by: undefined,
  mayRead: () => true,
};

/** A page of a ledger whose store was altered: every signature names Mallory. */
async function tampered(engine: Engine, path: string): Promise<string> {
  const store = await altered(engine);
  const page = PAGES.find((one) => one.path === '/studies/:code/records/:number');
  if (page?.of !== 'study') throw new Error('no such page');
  const params = { code: STUDY, number: path.replace(/.*\//, '') };
  const asked = { url: path, params, headers: { accept: 'text/html' } } as unknown as RoutedRequest;
  return mainOf(
    (await new PageShow(new Engine(store, () => Date.now()), page).reply(asked, NOBODY)).body as string,
  );
}

async function altered(engine: Engine): Promise<MemoryStore> {
  const store = new MemoryStore();
  for (const log of ['lab', `study-${STUDY}`]) {
    let from = 0;
    for await (const records of engine.store.read(log)) {
      const texts = records
        .map(({ text }) => alter(text))
        .map((text) => ({ text, leaf: leafHash(sha256, text) }));
      await store.append(log, from, texts);
      from += records.length;
    }
  }
  return store;
}

function alter(text: string): string {
  const record = JSON.parse(text) as { type: string; data: { envelope: { payload: string } } };
  if (record.type !== 'SignatureApplied') return text;
  const { envelope } = record.data;
  const statement = JSON.parse(Buffer.from(envelope.payload, 'base64').toString()) as {
    predicate: { printedName: string };
  };
  statement.predicate.printedName = 'Mallory';
  envelope.payload = Buffer.from(canonical(statement)).toString('base64');
  return canonical(record);
}
