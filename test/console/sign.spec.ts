import request from 'supertest';
import { v4 } from 'uuid';
import { ATTESTATION_SHA256 } from '../../src/lab/people/attestation.js';
import { LAB_CATALOGUE } from '../../src/lab/commands/catalogue.js';
import { PAGES } from '../../src/console/pages.js';
import type { Reader } from '../../src/console/page.js';
import { PageShow } from '../../src/http/pages/page-show.js';
import type { RoutedRequest } from '../../src/http/routes/routed-request.js';
import { Engine } from '../../src/recording/engine.js';
import { sha256 } from '../../src/shared/sha256.js';
import { MemoryStore } from '../../src/store/memory.store.js';
import { parseCommand } from '../../src/study/parse.js';
import { Refusal } from '../../src/study/refusal.js';
import { canonical } from '../../src/tlog/canonical.js';
import { leafHash } from '../../src/tlog/merkle.js';
import { peopleLines, type LabLine } from '../../tools/simulation/people.js';
import { exampleOf, serving, type Serving } from '../http/test-server.js';
import { Client, ok } from '../support/people.js';
import { mainOf } from './console-server.js';
import { pairsOf } from './form-pairs.js';
import { rowsIn } from './render-main.js';

const STUDY = 'KET-01';
const ORIGIN = 'http://localhost:3000';
const base = `/studies/${STUDY}`;
const textOf = (html: string): string => html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');

/** A simulated ledger with the people of the demo, and their pages as a browser without a script has them. */
class SignedPages {
  private constructor(
    readonly server: Serving,
    private readonly clients: ReadonlyMap<string, Client>,
  ) {}

  /** #0 opened, to be governed by signatures; #1 protocol, not signed yet; the director and a technician are signed in. */
  static async open(): Promise<SignedPages> {
    const server = await serving();
    for (const line of peopleLines(1)) await inLab(server.engine, line);
    const clients = new Map<string, Client>();
    for (const person of ['sd-01', 'tech-1', 'mgr-1', 'qa-1']) {
      const client = new Client(server.url, person, ORIGIN);
      ok(await client.post('/api/v1/sign-in/simulated', { person }));
      clients.set(person, client);
    }
    const pages = new SignedPages(server, clients);
    const director = pages.as('sd-01');
    const { data } = exampleOf('RegisterStudy') as { data: object };
    ok(await director.send('RegisterStudy', { data: { ...data, director: 'sd-01', governance: 'signed' } }));
    ok(await director.send('ApproveProtocol'));
    return pages;
  }

  as(person: string): Client {
    return this.clients.get(person)!;
  }

  async main(person: string, path: string): Promise<string> {
    const { status, text } = await this.as(person).get(path, { Accept: 'text/html' });
    expect([path, status]).toEqual([path, 200]);
    return mainOf(text);
  }

  attest(actor: string): Promise<void> {
    return inLab(this.server.engine, {
      command: 'GiveAttestation',
      id: v4(),
      actor,
      role: '',
      at: new Date(this.server.time.ms).toISOString(),
      data: { text: ATTESTATION_SHA256 },
    });
  }

  /** Sends the form of a page of signing, as it is. */
  async post(person: string, path: string, pairs: URLSearchParams) {
    const { cookie } = this.as(person);
    return request(this.server.url)
      .post(path)
      .set({ Host: new URL(ORIGIN).host, Origin: ORIGIN, Cookie: cookie, Accept: 'text/html' })
      .type('form')
      .send(pairs.toString());
  }

  async size(): Promise<number> {
    return (await this.server.engine.study(STUDY)).size;
  }
}

async function inLab(engine: Engine, line: LabLine): Promise<void> {
  const { command: name, data, at, ...submission } = line;
  const definition = LAB_CATALOGUE.find((one) => one.name === name)!;
  const command = parseCommand(definition, { data }, { ...submission, study: '', clock: at });
  if (command instanceof Refusal) throw new Error(command.message);
  const answer = await engine.executeInLab(definition, command);
  if (answer instanceof Refusal) throw new Error(answer.message);
}

const formOf = (main: string): URLSearchParams => {
  const form = /<form[^>]*data-sign=.*?<\/form>/s.exec(main)?.[0];
  if (form === undefined) throw new Error('no form to sign in the page');
  return pairsOf(form);
};

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
    expect(main).toContain('<a href="/me#attestation">');
    expect(main).not.toContain('data-sign');
    const refused = await pages.post('sd-01', APPROVE, new URLSearchParams({ id: v4() }));
    expect([refused.status, await pages.size()]).toEqual([409, 2]);
    expect(mainOf(refused.text)).toContain('has not stated yet');
    const me = await pages.main('sd-01', '/me');
    expect(me).toContain(ATTESTATION_SHA256);
    ok(await pages.as('sd-01').lab('GiveAttestation', { text: ATTESTATION_SHA256 }));
    expect(textOf(await pages.main('sd-01', '/me'))).toMatch(/You stated this on .* \(lab record # ?\d+\)/);
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
  expect(textOf(main)).toContain('Waits for a signature or an act: 2');
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
  const store = new MemoryStore();
  for (const log of ['lab', `study-${STUDY}`]) {
    let from = 0;
    for await (const records of engine.store.read(log)) {
      const altered = records
        .map(({ text }) => alter(text))
        .map((text) => ({ text, leaf: leafHash(sha256, text) }));
      await store.append(log, from, altered);
      from += records.length;
    }
  }
  const page = PAGES.find((one) => one.path === '/studies/:code/records/:number');
  if (page?.of !== 'study') throw new Error('no such page');
  const params = { code: STUDY, number: path.replace(/.*\//, '') };
  const asked = { url: path, params, headers: { accept: 'text/html' } } as unknown as RoutedRequest;
  return mainOf(
    (await new PageShow(new Engine(store, () => Date.now()), page).reply(asked, NOBODY)).body as string,
  );
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
