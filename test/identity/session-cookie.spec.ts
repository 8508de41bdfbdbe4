import fc from 'fast-check';
import {
  endedSessionCookie,
  readSession,
  sessionCookie,
  sessionEndsMs,
  type Session,
} from '../../src/identity/session-cookie.js';
import { SessionKey } from '../../src/identity/session-key.js';
import { issueTicket } from '../../src/identity/tickets.js';
import { runs } from '../support/effort.js';

const KEY = new SessionKey(Buffer.alloc(32, 1));
const SITE = { origin: 'https://ledger.example.org', labDigits: '0a1b2c3d' };
const LOCAL = { origin: 'http://localhost:3000', labDigits: '0a1b2c3d' };
const MINUTE = 60_000;
const START = Date.parse('2026-03-02T09:00:00.000Z');
const SESSION: Session = {
  id: '4bb06f8e-4e3a-8715-9201-d573d0aa4237',
  startedMs: START,
  activeMs: START,
  isBench: false,
};

/** What the browser sends back. */
const pair = (setCookie: string): string => setCookie.split(';')[0]!;
const cookieOf = (session: Partial<Session> = {}) =>
  pair(sessionCookie(KEY, SITE, { ...SESSION, ...session }));
const read = (header: string | undefined, nowMs = START, rules = {}) =>
  readSession(KEY, SITE, header, nowMs, rules);

describe('the session cookie', () => {
  it('has the attributes of its site', () => {
    expect(sessionCookie(KEY, SITE, SESSION)).toMatch(
      /^__Host-session=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax; Secure$/,
    );
    expect(sessionCookie(KEY, LOCAL, SESSION)).toMatch(
      /^session-0a1b2c3d=[\w.-]+; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    expect(endedSessionCookie(SITE)).toBe(
      '__Host-session=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure',
    );
  });

  it('comes back as it was, among others', () => {
    expect(read(`theme=dark; ${cookieOf()};a=b`)).toEqual(SESSION);
    expect(read(cookieOf({ isBench: true }))).toEqual({ ...SESSION, isBench: true });
  });

  it('is absent where there is none of its name', () => {
    for (const header of [
      undefined,
      '',
      'a=b',
      'session=x',
      '__Host-session2=x',
      'x__Host-session=x',
      cookieOf().replace('__Host-', ''),
    ])
      expect(read(header)).toBe('absent');
  });

  it('ends after 15 minutes without a request, at the bench after 60', () => {
    expect(read(cookieOf(), START + 15 * MINUTE - 1)).toEqual(SESSION);
    expect(read(cookieOf(), START + 15 * MINUTE)).toBe('expired');
    const bench = cookieOf({ isBench: true });
    expect(read(bench, START + 60 * MINUTE - 1)).toHaveProperty('isBench', true);
    expect(read(bench, START + 60 * MINUTE)).toBe('expired');
  });

  it('ends after 15 minutes also at the bench, where people, tokens or signatures are asked for', () => {
    const rules = { isBenchTimeRefused: true };
    const bench = cookieOf({ isBench: true });
    expect(read(bench, START + 15 * MINUTE - 1, rules)).toHaveProperty('isBench', true);
    expect(read(bench, START + 15 * MINUTE, rules)).toBe('expired');
  });

  it('ends after 12 hours, however often there was a request', () => {
    const end = START + 12 * 60 * MINUTE;
    const active = { activeMs: end - MINUTE, isBench: true };
    expect(read(cookieOf(active), end - 1)).toHaveProperty('startedMs', START);
    expect(read(cookieOf(active), end)).toBe('expired');
    expect(sessionEndsMs({ ...SESSION, ...active })).toBe(end);
    expect(sessionEndsMs(SESSION)).toBe(START + 15 * MINUTE);
  });

  it('is not good for longer because it was written by a clock far ahead', () => {
    const ahead = START + 10 * 60 * MINUTE;
    expect(read(cookieOf({ startedMs: ahead, activeMs: ahead }))).toBe('expired');
    expect(read(cookieOf({ startedMs: START + 1000, activeMs: START + 1000 }))).toHaveProperty('id');
  });

  it('is invalid where it is there twice, also twice the same', () => {
    expect(read(`${cookieOf()}; ${cookieOf()}`)).toBe('invalid');
    expect(read(`${cookieOf()}; __Host-session=`)).toBe('invalid');
    expect(read(`__Host-session; ${cookieOf()}`)).toBe('invalid');
  });

  it('is invalid where it is empty, quoted, too large, of another key or a text sealed for something else', () => {
    const value = cookieOf().slice('__Host-session='.length);
    const { text } = issueTicket(KEY, { purpose: 'sign-in', origin: SITE.origin }, {}, START);
    for (const wrong of [
      '',
      `"${value}"`,
      `${value}${'a'.repeat(9000)}`,
      text,
      KEY.seal('session', 'a.1.1.desk'),
    ])
      expect(read(`__Host-session=${wrong}`)).toBe('invalid');
    expect(readSession(new SessionKey(Buffer.alloc(32, 2)), SITE, cookieOf(), START)).toBe('invalid');
    expect(read(`${cookieOf()}; a=${'a'.repeat(9000)}`)).toBe('invalid');
  });

  it('is invalid whichever character is another one, or missing', () => {
    const cookie = cookieOf();
    const from = '__Host-session='.length;
    const character = fc.constantFrom(...'ghijABCDEF012345_-.=+/"\u00e9');
    fc.assert(
      fc.property(fc.integer({ min: from, max: cookie.length - 1 }), character, (at, other) => {
        fc.pre(cookie[at] !== other);
        expect(read(cookie.slice(0, at) + other + cookie.slice(at + 1))).toBe('invalid');
        expect(read(cookie.slice(0, at))).toBe('invalid');
        expect(read(cookie.slice(0, at) + cookie.slice(at + 1))).toBe('invalid');
      }),
      runs(1000),
    );
  });
});
