import { SaxesParser } from 'saxes';
import { printable } from '../../study/schema.js';
import { ImportError } from '../import-error.js';
import { LIMITS } from '../reading/sheet.js';

export interface Handlers {
  readonly open?: (name: string, attributes: Readonly<Record<string, string>>) => void;
  readonly text?: (text: string) => void;
  readonly close?: (name: string) => void;
}

/** A part as it is unpacked, piece by piece. */
export type Bytes = AsyncGenerator<Uint8Array, void>;

/**
 * Reads one part piece by piece. A document type would be the way to entities that grow without end, and no
 * spreadsheet program writes one. @throws ImportError
 */
export async function readXml(part: string, bytes: Bytes, { open, text, close }: Handlers): Promise<void> {
  const parser = new SaxesParser();
  const fail = (message: string): never => {
    throw new ImportError(
      'xlsx-invalid',
      `${printable(part)} cannot be read: ${message}. Save the file anew.`,
    );
  };
  parser.on('error', ({ message }) => fail(message.slice(0, 200)));
  parser.on('doctype', () => {
    throw new ImportError(
      'xlsx-entities',
      `${printable(part)} declares a document type, which no spreadsheet needs.`,
    );
  });
  let [depth, unheard] = [0, 0];
  parser.on('opentag', ({ name, attributes }) => {
    unheard = 0;
    if (++depth > LIMITS.depth) fail(`its elements lie in one another more than ${LIMITS.depth} deep`);
    open?.(local(name), attributes);
  });
  parser.on('closetag', ({ name }) => {
    unheard = 0;
    depth--;
    close?.(local(name));
  });
  if (text) {
    parser.on('text', text);
    parser.on('cdata', text);
  }
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const piece of bytes) {
    let decoded = '';
    try {
      decoded = decoder.decode(piece, { stream: true });
    } catch {
      fail('it is not UTF-8');
    }
    parser.write(decoded);
    if ((unheard += decoded.length) > LIMITS.elementCharacters)
      fail(`one element or text in it has more than ${LIMITS.elementCharacters} characters`);
  }
  parser.close();
}

/** @throws ImportError where there is more of something than in any sheet that somebody filled in. */
export function mustFit(count: number, most: number, what: string): void {
  if (count > most)
    throw new ImportError(
      'xlsx-too-large',
      `The file holds more than ${most} ${what}, and no sheet that somebody filled in does. Save the sheet alone.`,
    );
}

/** Programs differ in the prefix that they give the names. */
export function local(name: string): string {
  return name.slice(name.indexOf(':') + 1);
}

/** `<strike/>`, and not `<strike val="0"/>`. */
export function isOn({ val = '1' }: Readonly<Record<string, string>>): boolean {
  return val !== '0' && val !== 'false';
}
