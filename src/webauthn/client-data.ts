/** What a browser says of a ceremony: CollectedClientData of WebAuthn Level 3, section 5.8.1. */
import { utf8Text } from '../tlog/encoding.js';

/** Browsers write about 200 bytes. */
const MAX_BYTES = 4096;
/** In JSON that has been parsed: strings, and what opens, closes or separates. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;

export interface ClientData {
  readonly type: string;
  /** Base64url without padding. */
  readonly challenge: string;
  readonly origin: string;
  /** In a frame of another origin, or below one. */
  readonly isCrossOrigin: boolean;
}

export interface ExpectedClientData {
  readonly type: 'webauthn.create' | 'webauthn.get';
  /** Base64url without padding. */
  readonly challenge: string;
  readonly origin: string;
}

export type ClientDataFault = 'client-data' | 'type' | 'challenge' | 'origin' | 'cross-origin';

/** Undefined where it is what was expected; else what is not. */
export function clientDataFault(
  clientDataJSON: Uint8Array,
  expected: ExpectedClientData,
): ClientDataFault | undefined {
  const clientData = parseClientData(clientDataJSON);
  if (!clientData) return 'client-data';
  if (clientData.type !== expected.type) return 'type';
  if (clientData.challenge !== expected.challenge) return 'challenge';
  if (clientData.origin !== expected.origin) return 'origin';
  return clientData.isCrossOrigin ? 'cross-origin' : undefined;
}

/**
 * Undefined for what is not a JSON object in UTF-8 with these members, each once: of two members with one name, the
 * signer and the checker could each read another. Members that are not known are ignored, as the specification asks.
 */
function parseClientData(clientDataJSON: Uint8Array): ClientData | undefined {
  if (clientDataJSON.length > MAX_BYTES) return undefined;
  let text: string;
  let parsed: unknown;
  try {
    text = utf8Text(clientDataJSON);
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  if (hasRepeatedMember(text)) return undefined;
  const { type, challenge, origin, crossOrigin = false, topOrigin } = parsed as Record<string, unknown>;
  if (typeof type !== 'string' || typeof challenge !== 'string' || typeof origin !== 'string')
    return undefined;
  if (typeof crossOrigin !== 'boolean') return undefined;
  return { type, challenge, origin, isCrossOrigin: crossOrigin || topOrigin !== undefined };
}

/** Whether the outermost object of a valid JSON text has a name twice, however its characters are escaped. */
function hasRepeatedMember(text: string): boolean {
  const names = new Set<string>();
  let depth = 0;
  let last = '';
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    else if (token === ':' && depth === 1) {
      const name = JSON.parse(last) as string;
      if (names.has(name)) return true;
      names.add(name);
    }
    last = token;
  }
  return false;
}
