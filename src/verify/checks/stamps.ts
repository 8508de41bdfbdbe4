/** Time stamps beside records or in a bundle: whether each is what the lab recorded, and says what the lab says it says. */
import { sha256Hex } from '../runtime/crypto.js';
import { DerError } from '../../rfc3161/read-der.js';
import type { Findings } from './findings.js';
import type { RecordedToken } from './lab.js';
import { requireIssuedBy } from '../../rfc3161/certificate-chain.js';
import { TokenError } from '../../rfc3161/signed-data.js';
import { isRequestFor } from '../../rfc3161/timestamp-request.js';
import { nonceOf, openToken, type Token } from '../../rfc3161/token.js';

export interface Stamp {
  /** For people: where it lies. */
  readonly file: string;
  /** SHA-256 of the note that it is over, hex. */
  readonly imprint: string;
  readonly request: Buffer | undefined;
  readonly response: Buffer;
  /** What the lab recorded of it; undefined where it did not. */
  readonly recorded: RecordedToken | undefined;
}

export class Stamps {
  private readonly signers = new Map<string, string>();
  private right = 0;

  /**
   * @param brought certificates, in PEM, that tokens have to come from, by whoever checks
   * @param named the same by what is checked; it may name today's authority and have forgotten the one before
   */
  constructor(
    private readonly findings: Findings,
    private readonly brought: string | undefined,
    private readonly named?: string,
  ) {}

  check(stamp: Stamp): void {
    const { file, request, response, recorded, imprint } = stamp;
    const place = recorded ? { record: recorded.lab } : {};
    const fail = (message: string): void =>
      this.findings.fail('time-stamp', 'lab', `${file} ${message}`, place);
    if (recorded && sha256Hex(response) !== recorded.tokenSha256)
      return fail(`is not the token of lab record ${recorded.lab}`);
    try {
      const token = openToken(response);
      if (this.brought !== undefined) requireIssuedBy(token, this.brought);
      if (token.imprint !== imprint) return fail('is over something else');
      if (request && (token.nonce !== nonceOf(request) || !isRequestFor(imprint, request)))
        return fail('answers another request');
      if (recorded && token.genTimeMs !== recorded.genTimeMs)
        return fail(`is of ${token.genTime}, which is not what lab record ${recorded.lab} says`);
      this.signers.set(token.signer.fingerprint256, token.signer.subject.replaceAll('\n', ', '));
      this.right++;
      if (this.brought === undefined && this.named !== undefined) this.checkNamed(token, file, place);
    } catch (error) {
      if (!(error instanceof TokenError) && !(error instanceof DerError)) throw error;
      fail(`is not a time stamp to be believed: ${error.message}`);
    }
    if (!request) this.findings.incomplete('time-stamp', 'lab', `${file}: its request is not there`, place);
  }

  private checkNamed(token: Token, file: string, place: { record?: number }): void {
    try {
      requireIssuedBy(token, this.named!);
    } catch (error) {
      if (!(error instanceof TokenError)) throw error;
      this.findings.incomplete('time-stamp', 'lab', `${file}: ${error.message}, by ledger.json`, place);
    }
  }

  /** What was checked, and what was not. */
  tell(): void {
    if (this.right === 0) return;
    const by = [...this.signers].map(([fingerprint, subject]) => `${subject} (SHA-256 ${fingerprint})`);
    const whose =
      this.brought === undefined
        ? `${this.named === undefined ? 'which nobody vouches for' : 'from an authority that ledger.json names'}: give the authority’s certificates with --tsa-ca`
        : 'from an authority that you trust';
    this.findings.note(
      'time-stamp',
      'lab',
      `${this.right} time stamps, signed by ${by.join('; ')}, ${whose}; revocation is not checked here (openssl ts -verify can)`,
    );
  }
}
