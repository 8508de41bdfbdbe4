import { readFileSync } from 'node:fs';
import { decodeText } from '../shared/decode-text.js';
import { JsonError, parseJsonWithComments } from '../shared/json-with-comments.js';
import { Failure } from './output/failure.js';

/** Reads a protocol from a file of JSON with comments. @throws Failure */
export function readProtocolFile(file: string): unknown {
  let text: string;
  try {
    text = decodeText(readFileSync(file));
  } catch {
    throw new Failure(
      `${file} cannot be read.`,
      'Name a file that holds a protocol, such as one made by: protocol template.',
      'protocol-file-unreadable',
    );
  }
  try {
    return parseJsonWithComments(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new Failure(
      `${file} is not JSON with comments: ${error.message}.`,
      'Correct that line, and try again.',
      'protocol-file-invalid',
    );
  }
}
