import fc from 'fast-check';
import { SessionKey } from '../../src/identity/session-key.js';
import { commandIdOf, issueTicket, readTicket, type TicketSubject } from '../../src/identity/tickets.js';
import { checkCanonical } from '../../src/tlog/check-canonical.js';
import { runs } from '../support/effort.js';

const KEY = new SessionKey(Buffer.alloc(32, 1));
const NOW = Date.parse('2026-03-02T09:00:00.000Z');
const MINUTE = 60_000;
const SIGN_IN = { purpose: 'sign-in', origin: 'https://ledger.example.org' } as const;
const SUBJECT: TicketSubject = {
  person: 'anna',
  offer: 12,
  session: 's',
  study: 'NP-001',
  payload: 'ab'.repeat(32),
};

const issue = (subject: TicketSubject = {}) => issueTicket(KEY, SIGN_IN, subject, NOW);
const read = (text: string, nowMs = NOW, asked: Parameters<typeof readTicket>[1] = SIGN_IN) =>
  readTicket(KEY, asked, text, nowMs);

describe('a challenge ticket', () => {
  it('comes back as it was issued, in canonical JSON with a nonce of its own', () => {
    const { ticket, text } = issue(SUBJECT);
    expect(read(text)).toEqual(ticket);
    expect(ticket).toEqual({
      ...SIGN_IN,
      ...SUBJECT,
      nonce: ticket.nonce,
      expires: '2026-03-02T09:05:00.000Z',
    });
    expect(Buffer.from(ticket.nonce, 'base64url')).toHaveLength(32);
    expect(checkCanonical(Buffer.from(text.split('.')[0]!, 'base64url').toString())).toEqual(ticket);
    expect(issue(SUBJECT).ticket.nonce).not.toBe(ticket.nonce);
  });

  it('is good for five minutes', () => {
    const { ticket, text } = issue();
    expect(read(text, NOW + 5 * MINUTE - 1)).toEqual(ticket);
    expect(read(text, NOW + 5 * MINUTE)).toBe('expired');
  });

  it('is none for another purpose, for another origin and under another key', () => {
    const { text } = issue();
    expect(read(text, NOW, { ...SIGN_IN, purpose: 'sign' })).toBe('invalid');
    expect(read(text, NOW, { ...SIGN_IN, purpose: 'enrol' })).toBe('invalid');
    expect(read(text, NOW, { ...SIGN_IN, origin: 'https://evil.example' })).toBe('invalid');
    expect(readTicket(new SessionKey(Buffer.alloc(32, 2)), SIGN_IN, text, NOW)).toBe('invalid');
  });

  it('is none where its claim is changed and the seal is that of another', () => {
    const [, mac] = issue().text.split('.');
    const { ticket } = issue({ person: 'bert' });
    const forged = Buffer.from(JSON.stringify({ ...ticket, person: 'anna' })).toString('base64url');
    for (const text of [`${forged}.${mac}`, forged, '', '.', `${'a'.repeat(5000)}.${mac}`])
      expect(read(text)).toBe('invalid');
  });

  it('is refused whichever character is another one', () => {
    const { text } = issue(SUBJECT);
    const character = fc.constantFrom(...'ABCDEFabcdef012345_-.=+/ \u00e9\ud800');
    fc.assert(
      fc.property(fc.nat(text.length - 1), character, (at, other) => {
        fc.pre(text[at] !== other);
        expect(read(text.slice(0, at) + other + text.slice(at + 1))).toBe('invalid');
        expect(read(text.slice(0, at))).toBe('invalid');
        expect(read(text.slice(0, at) + other + text.slice(at))).toBe('invalid');
      }),
      runs(1000),
    );
  });
});

describe('the id of the command that a ticket is for', () => {
  it('is a UUID v8 that follows from the nonce', () => {
    // SHA-256 of 32 bytes 07.
    const nonce = Buffer.alloc(32, 7).toString('base64url');
    expect(commandIdOf(nonce)).toBe('4bb06f8e-4e3a-8715-9201-d573d0aa4237');
  });

  it('has version and variant whatever the nonce is, and is another for another nonce', () => {
    const nonce = fc.uint8Array({ minLength: 32, maxLength: 32 });
    fc.assert(
      fc.property(nonce, nonce, (one, other) => {
        const [a, b] = [one, other].map((bytes) => commandIdOf(Buffer.from(bytes).toString('base64url')));
        expect(a).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(a === b).toBe(Buffer.compare(one, other) === 0);
      }),
      runs(200),
    );
  });
});
