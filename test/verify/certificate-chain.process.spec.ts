import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { requireIssuedBy } from '../../src/rfc3161/certificate-chain.js';
import { checkTimestamp, timestampRequest } from '../../src/rfc3161/timestamp-request.js';
import { openToken } from '../../src/rfc3161/token.js';
import { AuthorityDouble } from '../anchoring/authority-double.js';
import { freshFolder } from './real-ledger.js';

const IMPRINT = '11'.repeat(32);
const request = timestampRequest(IMPRINT);

/** Certificates, each issued by the one before it; the first one is the authority, the last one stamps. */
class Chain {
  private readonly folder = freshFolder();

  constructor(private readonly extensions: readonly string[]) {
    const sections = extensions.map((lines, i) => `[c${i}]\n${lines.replaceAll('; ', '\n')}\n`);
    this.write(
      'all.cnf',
      `[req]\ndistinguished_name = dn\nprompt = no\n[dn]\nCN = test\n${sections.join('')}
[tsa]\ndefault_tsa = service\n[service]\nserial = serial\nsigner_digest = sha256\ndefault_policy = 1.2.3\ndigests = sha256
ess_cert_id_chain = no\ness_cert_id_alg = sha256\n`,
    );
    this.write('serial', '01\n');
    for (const i of extensions.keys()) this.issue(i);
  }

  get authority(): string {
    return this.read('c0.pem').toString();
  }

  stamp(): Buffer {
    const last = this.extensions.length - 1;
    this.write('request.tsq', request);
    this.write(
      'chain.pem',
      Buffer.concat([...this.extensions.keys()].slice(0, -1).map((i) => this.read(`c${i}.pem`))),
    );
    this.openssl(
      `ts -reply -config all.cnf -queryfile request.tsq -signer c${last}.pem -inkey c${last}.key -chain chain.pem -out response.tsr`,
    );
    return this.read('response.tsr');
  }

  /** Whether openssl itself believes the stamp. */
  get passesOpenssl(): boolean {
    try {
      this.openssl('ts -verify -queryfile request.tsq -in response.tsr -CAfile c0.pem -untrusted chain.pem');
      return true;
    } catch {
      return false;
    }
  }

  private issue(i: number): void {
    const subject = `-subj /CN=c${i} -config all.cnf`;
    this.openssl(`genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out c${i}.key`);
    if (i === 0)
      return this.openssl(`req -x509 -new -key c0.key ${subject} -days 30 -out c0.pem -extensions c0`);
    this.openssl(`req -new -key c${i}.key ${subject} -out c${i}.csr`);
    this.openssl(
      `x509 -req -in c${i}.csr -CA c${i - 1}.pem -CAkey c${i - 1}.key -CAcreateserial -days 20 -extfile all.cnf -extensions c${i} -out c${i}.pem`,
    );
  }

  private read(name: string): Buffer {
    return readFileSync(join(this.folder, name));
  }

  private write(name: string, content: string | Buffer): void {
    writeFileSync(join(this.folder, name), content);
  }

  private openssl(args: string): void {
    execFileSync('openssl', args.split(' '), { cwd: this.folder, stdio: 'pipe' });
  }
}

const CA = 'basicConstraints = critical,CA:TRUE; keyUsage = critical,keyCertSign';
const LIMITED = (length: number): string =>
  `basicConstraints = critical,CA:TRUE,pathlen:${length}; keyUsage = critical,keyCertSign`;
const TSA = 'basicConstraints = critical,CA:FALSE; extendedKeyUsage = critical,timeStamping';

function check(extensions: readonly string[]): { ours: string; openssl: boolean } {
  const chain = new Chain(extensions);
  const response = chain.stamp();
  const openssl = chain.passesOpenssl;
  try {
    requireIssuedBy(openToken(response), chain.authority);
    return { ours: 'accepted', openssl };
  } catch (error) {
    return { ours: (error as Error).message, openssl };
  }
}

describe('the chain of a time stamp', () => {
  it.each([
    ['one authority', [CA, TSA]],
    ['intermediates without a limit', [CA, CA, CA, TSA]],
    ['a path length that is just enough', [LIMITED(1), LIMITED(0), TSA]],
    ['a key usage of signing alone', [CA, `${TSA}; keyUsage = critical,digitalSignature,nonRepudiation`]],
  ])('is accepted with %s, as openssl accepts it', (_, extensions) => {
    expect(check(extensions)).toEqual({ ours: 'accepted', openssl: true });
  });

  it.each([
    ['a path length of the authority that is too short', [LIMITED(0), CA, TSA], /pathLenConstraint/],
    ['a path length of an intermediate that is too short', [CA, LIMITED(0), CA, TSA], /pathLenConstraint/],
    [
      'an intermediate that may not sign certificates',
      [CA, 'basicConstraints = critical,CA:TRUE; keyUsage = critical,digitalSignature', TSA],
      /not issued by an authority/,
    ],
  ])('is refused with %s, as openssl refuses it', (_, extensions, reason) => {
    const { ours, openssl } = check(extensions);
    expect({ ours, openssl }).toEqual({ ours: expect.stringMatching(reason) as string, openssl: false });
  });
});

describe('a stamp by a certificate whose key usage is more than signing', () => {
  it('is refused: openssl ts would not make one', () => {
    const authority = new AuthorityDouble('rsa');
    const response = authority.stamp(request);
    expect(() => openToken(authority.signAgain(response, 'tsa'))).not.toThrow();
    expect(() => openToken(authority.signAgain(response, 'many'))).toThrow(/key usage .* not signing alone/);
  });
});

describe('a stamp by RSASSA-PSS', () => {
  it('is refused when it arrives, since openssl ts cannot check it; one that was recorded is still read', () => {
    const authority = new AuthorityDouble('rsa');
    const response = authority.signWithPss(authority.stamp(request));
    const now = Date.now();
    const authorities = readFileSync(authority.caFile, 'utf8');
    expect(() =>
      checkTimestamp(request, response, { imprint: IMPRINT, sent: now, received: now, authorities }),
    ).toThrow(/RSASSA-PSS/);
    expect(openToken(response)).toMatchObject({ imprint: IMPRINT, isPss: true });
  });
});
