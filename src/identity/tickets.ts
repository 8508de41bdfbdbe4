import { randomBytes } from 'node:crypto';
import { sha256Hex } from '../shared/sha256.js';
import { uuid8 } from '../shared/uuid8.js';
import { canonical } from '../tlog/canonical.js';
import { fromBase64url, toBase64url, utf8, utf8Text } from '../tlog/encoding.js';
import type { SessionKey } from './session-key.js';

const LIFETIME_MS = 5 * 60_000;
const NONCE_BYTES = 32;
const MAX_CHARACTERS = 4096;

/** What a passkey is asked for. A ticket for one is none for another. */
export type TicketPurpose = 'sign-in' | 'enrol' | 'sign';

/** What a ticket is about, besides its purpose and the origin of the page. */
export interface TicketSubject {
  readonly person?: string;
  /** Lab record of the offer that is taken up. */
  readonly offer?: number;
  readonly session?: string;
  readonly study?: string;
  /** SHA-256 of the bytes to be signed, hex. */
  readonly payload?: string;
}

export interface Ticket extends TicketSubject {
  readonly purpose: TicketPurpose;
  readonly origin: string;
  /** 32 random bytes, base64url. The challenge of the passkey, but for `sign`; the command's id derives from it. */
  readonly nonce: string;
  /** UTC with milliseconds. */
  readonly expires: string;
}

export interface TicketAsked {
  readonly purpose: TicketPurpose;
  readonly origin: string;
}

/**
 * Challenges that the server does not remember: it gives them out as signed texts, base64url of the canonical JSON, a dot,
 * and an HMAC under a key of the purpose. A ticket is spent once a record has the command id of its nonce.
 */
export function issueTicket(
  key: SessionKey,
  { purpose, origin }: TicketAsked,
  subject: TicketSubject,
  nowMs: number,
): { ticket: Ticket; text: string } {
  const nonce = randomBytes(NONCE_BYTES).toString('base64url');
  const ticket = { ...subject, purpose, origin, nonce, expires: new Date(nowMs + LIFETIME_MS).toISOString() };
  return { ticket, text: key.seal(sealOf(purpose), toBase64url(utf8(canonical(ticket)))) };
}

/** A ticket that was issued for this purpose and origin within the last five minutes. */
export function readTicket(
  key: SessionKey,
  { purpose, origin }: TicketAsked,
  text: string,
  nowMs: number,
): Ticket | 'invalid' | 'expired' {
  if (text.length > MAX_CHARACTERS) return 'invalid';
  const body = key.unseal(sealOf(purpose), text);
  if (body === undefined) return 'invalid';
  // Its form needs no check: nobody else can seal.
  const ticket = JSON.parse(utf8Text(fromBase64url(body))) as Ticket;
  if (ticket.origin !== origin) return 'invalid';
  return nowMs < Date.parse(ticket.expires) ? ticket : 'expired';
}

/** The id of the command that a ticket is for, so that it is carried out once: UUID v8 of SHA-256 over the nonce's bytes. */
export function commandIdOf(nonce: string): string {
  return uuid8(sha256Hex(fromBase64url(nonce)));
}

function sealOf(purpose: TicketPurpose): string {
  return `ticket/${purpose}`;
}
