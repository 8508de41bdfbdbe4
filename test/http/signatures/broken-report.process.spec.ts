/** What pages and reports say of signatures that do not check, and of keys that were revoked since. */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import request from 'supertest';
import { freshFolder } from '../../support/folders.js';
import { serving } from '../test-server.js';
import { Client, hire, ok } from '../../support/people.js';
import {
  OpenToAll,
  STUDY,
  attest,
  prepared,
  send,
  sign,
  signingStudy,
  type SigningStudy,
} from './signing.js';

const store = new OpenToAll();
let all: SigningStudy;
let second: Client;

/** Given: the protocol #1 is signed by its director in #3, the animal #2 by the technician in #4, all of it by a reviewer in #5. */
beforeAll(async () => {
  all = await signingStudy({ store, http: { attemptsAMinute: 1000 } });
  second = await hire(all.admin, 'rev-1', ['statistician'], all.manager);
  ok(await attest(second));
  ok(await sign(all.director, { meaning: 'approved', records: [1] }));
  ok(await sign(all.technician, { meaning: 'performed', records: [2] }));
  ok(await sign(second, { meaning: 'reviewed', range: { from: 0, to: 2 } }));
}, 60_000);
afterAll(async () => {
  for (const close of onClose) await close();
  await all.server.close();
});

const hasPoppler = spawnSync('pdftotext', ['-v']).status === 0;
const PAPER = hasPoppler ? ['report.pdf'] : [];
const onClose: (() => Promise<void>)[] = [];

/** The words of a page or file; a file for paper as its text. */
async function words(path: string): Promise<string> {
  const { director, server } = all;
  if (!path.endsWith('.pdf')) {
    const place = path.includes('/files/') ? `/api/v1/studies/${path}` : `/studies/${path}`;
    const { text } = ok(await director.get(place, { Accept: 'text/html' }));
    return plain(text);
  }
  const { body } = await request(server.url)
    .get(`/api/v1/studies/${path}`)
    .set({ Host: new URL(director.origin).host, Cookie: director.cookie })
    .responseType('blob');
  const file = join(freshFolder('report'), 'report.pdf');
  writeFileSync(file, body as Buffer);
  return spawnSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' }).stdout;
}

function plain(html: string): string {
  return html.replace(/<style.*?<\/style>|<[^>]+>/gs, ' ').replace(/\s+/g, ' ');
}

/** The row of a signature in the list of a report. */
function said(text: string, record: number): string {
  const from = text.lastIndexOf('Signatures');
  const at = text.indexOf(`#${record} `, from);
  return text.slice(at, at + 400).replace(/\s+/g, ' ');
}

it('says that signatures are valid before anything is changed', async () => {
  for (const name of ['report.html', 'data-pack.html', ...PAPER])
    expect([name, await words(`${STUDY}/files/${name}`)]).toEqual([
      name,
      expect.not.stringMatching(/broken/i),
    ]);
});

describe('where the stored bytes of a signed record were changed', () => {
  beforeAll(() => {
    store.altered = (text) => text.replace('after partial sciatic', 'after total sciatic');
  });
  afterAll(() => {
    store.altered = (text) => text;
  });

  it('the reports say broken, take no name from them, and leave the others valid [R24]', async () => {
    for (const name of ['report.html', ...PAPER]) {
      const text = await words(`${STUDY}/files/${name}`);
      expect(said(text, 3)).toMatch(/^#3 – \(–\) – – – #1 BROKEN: it does not check/);
      expect(said(text, 5)).toMatch(/^#5 – \(–\) – – – #0 to #2 BROKEN: it does not check/);
      expect(said(text, 4)).toMatch(/^#4 Name of tech-1 \(tech-1\) technician performed .* #2 valid/);
      expect(text).not.toContain('Name of rev-1');
    }
    const pack = await words(`${STUDY}/files/data-pack.html`);
    expect(pack.match(/BROKEN.{0,40}/g)).toEqual([
      expect.stringContaining('BROKEN: it does not check; over #1 (#1 #3)'),
      expect.stringContaining('BROKEN: it does not check; over #0 to #2'),
    ]);
  });

  it('the pages of a server that reads them again say broken, and why [R24]', async () => {
    const again = await serving({ store, simulated: false });
    onClose.push(() => again.close());
    const reader = Object.assign(new Client(again.url, 'sd-01'), { passkey: all.director.passkey });
    ok(await reader.signIn());
    for (const page of ['records/1', 'records/3']) {
      const { text } = ok(await reader.get(`/studies/${STUDY}/${page}`, { Accept: 'text/html' }));
      expect(plain(text)).toContain('#3 – – – #1 ✕ broken: The records are not those that were signed.');
      expect(plain(text)).not.toMatch(/#3 Name of/);
    }
  });
});

it('of a key that was revoked between preparing and signing there is no signature; of one revoked later it stays valid', async () => {
  const review = { meaning: 'reviewed', range: { from: 0, to: 2 } };
  const shown = await prepared(second, review);
  ok(await all.admin.lab('RevokeCredential', { credential: second.credential, cause: 'stolen' }));
  expect((await send(second, shown)).status).toBe(401);
  for (const name of ['report.html', ...PAPER]) {
    const text = await words(`${STUDY}/files/${name}`);
    expect(said(text, 5)).toMatch(/^#5 Name of rev-1 \(rev-1\) statistician reviewed .* #0 to #2 valid/);
    expect(text).not.toMatch(/#6 /);
  }
});
