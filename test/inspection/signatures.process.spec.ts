/** What an inspector tries with signatures (21 CFR 11.50, 11.70, 11.100, 11.200). */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { attest, send, sign } from '../http/signatures/signing.js';
import { freshFolder } from '../support/folders.js';
import { Client, ok } from '../support/people.js';
import { corrected, day, enrolled, weighed } from '../study/bench.js';
import { by, signs } from '../study/signing.js';
import { Laboratory, begunSigned, codeOf } from './inspected.js';

let lab: Laboratory;
/** Given: #1 a protocol, #2 signed by its director; #3 an animal, #4 and #5 weights, #6 signed by the technician. */
beforeAll(async () => {
  lab = await Laboratory.open();
  await lab.play(
    ...begunSigned,
    enrolled('R01'),
    weighed(day(1), '243.70'),
    weighed(day(2), '244.10'),
    signs('tech-1', 'performed', 4),
  );
}, 60_000);
afterAll(() => lab.close());

const onPaper = spawnSync('pdftotext', ['-v']).status === 0 ? it : it.skip; // only without poppler

describe('an inspector who prints a page', () => {
  /** Printed name, date and time, meaning: 11.50(a)(1) to (3). */
  const [NAME, TIME, MEANING] = ['Name of tech-1 (tech-1', /2026-03-04 11:01|4 Mar 2026, 11:01/, 'performed'];

  it('finds name, time and meaning of a signature on the page of the record that was signed [R23]', async () => {
    const page = await lab.studyPage('inspector-1', '/records/4');
    for (const part of [NAME, MEANING]) expect(page).toContain(part);
    expect(page).toMatch(TIME);
  });

  it('finds all three in the report, and in the data for the final report [R23]', async () => {
    for (const name of ['report.html', 'data-pack.html']) {
      const text = await lab.file('inspector-1', name);
      for (const part of [NAME, MEANING]) expect([name, text]).toEqual([name, expect.stringContaining(part)]);
      expect(text).toMatch(TIME);
    }
  });

  onPaper('finds all three on paper', async () => {
    const file = join(freshFolder('inspection'), 'report.pdf');
    writeFileSync(file, await lab.bytes('inspector-1', 'report.pdf'));
    const { stdout } = spawnSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });
    expect(stdout).toMatch(/Name of tech-1\s.*performed\s+2026-03-04 11:01/);
  });
});

describe('an inspector who copies a signature', () => {
  it('onto another record has it refused [R24]', async () => {
    const client = await lab.as('tech-1');
    const { data } = (await lab.records()).at(6)! as never as { data: SignatureData };
    const other = await lab.prepared(client, { meaning: 'performed', records: [5] });
    const copied = await client.post('/api/v1/studies/KET-01/signatures', {
      payload: data.envelope.payload,
      ticket: other.ticket,
      credential: client.passkey.get(other.options.challenge),
    });
    expect(codeOf(copied)).toBe('payload-invalid');
    // The bytes of the other record under the old answer of the passkey.
    const { clientDataJSON, authenticatorData, signature, credentialId } = data.webauthn;
    const response = { clientDataJSON, authenticatorData, signature };
    const credential = {
      ...client.passkey.get(other.options.challenge),
      id: credentialId,
      rawId: credentialId,
      response,
    };
    const { payload, ticket } = other;
    const replayed = await client.post('/api/v1/studies/KET-01/signatures', { payload, ticket, credential });
    expect(codeOf(replayed)).toBe('assertion-invalid');
    expect(await lab.studyPage('inspector-1', '/records/5')).not.toContain('✓ valid');
  });
});

interface SignatureData {
  readonly envelope: { readonly payload: string };
  readonly webauthn: Record<'credentialId' | 'authenticatorData' | 'clientDataJSON' | 'signature', string>;
}

describe('an inspector who wants a click to sign', () => {
  const asked = { meaning: 'performed', records: [5] };

  it('is asked for the passkey again for each signature, also in one session [R25]', async () => {
    const client = await lab.as('tech-1');
    ok(await send(client, await lab.prepared(client, asked)));
    const { payload, ticket } = await lab.prepared(client, asked);
    for (const credential of [undefined, {}])
      expect(
        codeOf(await client.post('/api/v1/studies/KET-01/signatures', { payload, ticket, credential })),
      ).not.toBe('taken');
    const shown = await lab.prepared(client, asked);
    expect(codeOf(await send(client, shown, { wrong: { isUserVerified: false } }))).toBe('assertion-invalid');
  });

  it('signs nothing with a session that was idle for longer than 15 minutes [R25]', async () => {
    const client = await lab.as('tech-1');
    const shown = await lab.prepared(client, asked);
    lab.server.time.ms += 15 * 60_000 + 1;
    expect(codeOf(await send(client, shown))).toBe('session-expired');
    expect(codeOf(await client.post('/api/v1/studies/KET-01/signatures/prepare', asked))).toBe(
      'sign-in-required',
    );
    expect(codeOf(await lab.attempt(signs('tech-1', 'performed', 5)))).toBe('taken');
  });
});

describe('an administrator who takes over the account of another', () => {
  it('signs nothing as that person, and confirms nothing: it takes somebody else [R26]', async () => {
    const admin = await lab.as('admin-1');
    const offered = ok(await admin.lab('OfferEnrolment', { person: 'tech-2', recovery: true }));
    const intruder = new Client(admin.url, 'tech-2', admin.origin);
    ok(await intruder.enrol((offered.body as unknown as { secret: string }).secret));
    await intruder.signIn();
    const asked = { meaning: 'reviewed', range: { from: 0, to: 2 } };
    const path = '/api/v1/studies/KET-01/signatures/prepare';
    expect(codeOf(await intruder.post(path, asked))).toBe('credential-pending');
    const confirm = { credential: intruder.credential, identity: 'in-person' };
    expect(codeOf(await admin.lab('ConfirmCredential', confirm))).toBe('second-person');
    expect(codeOf(await intruder.lab('ConfirmCredential', confirm))).not.toBe('taken');
    // The genuine owner signs as before.
    expect(codeOf(await lab.attempt(signs('tech-2', 'reviewed', { from: 0, to: 2 })))).toBe('taken');
  });
});

describe('an account whose holder nobody has checked', () => {
  it('signs nothing before somebody says how they checked, nor before its holder states that a signature binds [R17 R27]', async () => {
    const admin = await lab.as('admin-1');
    const person = 'stat-2';
    ok(await admin.lab('RegisterPerson', { person, name: 'Newly arrived' }));
    ok(await admin.lab('GrantRole', { person, role: 'statistician' }));
    const offered = ok(await admin.lab('OfferEnrolment', { person }));
    const client = new Client(admin.url, person, admin.origin);
    ok(await client.enrol((offered.body as unknown as { secret: string }).secret));
    ok(await client.signIn());
    const asked = { meaning: 'reviewed', range: { from: 0, to: 2 } };
    const path = '/api/v1/studies/KET-01/signatures/prepare';
    expect(codeOf(await client.post(path, asked))).toBe('credential-pending');
    const confirmed = { credential: client.credential, identity: 'document' };
    ok(await (await lab.as('mgr-1')).lab('ConfirmCredential', confirmed));
    expect(codeOf(await client.post(path, asked))).toBe('attestation-missing');
    ok(await attest(client));
    ok(await sign(client, asked));
    const { records } = ok(await (await lab.as('inspector-1')).get('/api/v1/lab/records?limit=500'))
      .body as unknown as { records: { record: { type: string; actor: string; data: object } }[] };
    expect(
      records.map(({ record }) => record).findLast(({ type }) => type === 'CredentialConfirmed'),
    ).toMatchObject({ actor: 'mgr-1', data: confirmed });
  });
});

describe('an inspector who signs, corrects a value and opens it again', () => {
  /** Last, since it changes what the others look at. */
  it('is told that the signature is superseded by the correction, on the screen, in print and by verify [R24]', async () => {
    expect(await lab.studyPage('inspector-1', '/records/4')).toContain('✓ valid');
    const [correction] = await lab.play(
      by('sd-01', corrected(4, { corrected: { weight: { value: '234.70', unit: 'g' } } })),
    );
    const superseded = `superseded by #${correction}`;
    expect(await lab.studyPage('inspector-1', '/records/4')).toContain(superseded);
    expect(await lab.file('inspector-1', 'report.html')).toContain(superseded);
    const { wrong, signatures } = await lab.verified();
    expect(wrong).toEqual([]);
    expect(signatures.find(({ record }) => record === 6)).toMatchObject({
      status: 'superseded',
      by: correction,
    });
  });

  it('finds a signature broken that somebody pasted into the store, and verify names it [R24]', async () => {
    const forged = await lab.pasted(6, (statement) =>
      statement.replace('KET-01/records/4"', 'KET-01/records/5"'),
    );
    expect(await lab.studyPage('inspector-1', `/records/${forged}`)).toContain('✕ broken');
    const { signatures } = await lab.verified();
    expect(signatures.find(({ record }) => record === forged)).toMatchObject({ status: 'failed' });
  });
});
