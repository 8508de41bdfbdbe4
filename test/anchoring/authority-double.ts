import { execFileSync } from 'node:child_process';
import { constants, createPrivateKey, sign } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { der, derInteger, derOid } from '../../src/rfc3161/write-der.js';
import { TAG, inside, parseDer } from '../../src/rfc3161/read-der.js';
import { freshFolder } from '../support/folders.js';

const EXTENSIONS = `
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
[tsa]
basicConstraints = critical,CA:FALSE
extendedKeyUsage = critical,timeStamping
[lax]
basicConstraints = critical,CA:FALSE
extendedKeyUsage = timeStamping
[wide]
basicConstraints = critical,CA:FALSE
extendedKeyUsage = critical,timeStamping,serverAuth
[many]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature,keyEncipherment
extendedKeyUsage = critical,timeStamping
`;

const SERVICE = `
[tsa]
default_tsa = service
[service]
serial = serial
signer_digest = sha256
default_policy = 1.2.3.4.1
other_policies = 1.2.3.4.2
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = ALGORITHM
`;

/** An RFC 3161 authority that is `openssl ts`, with a certificate authority of its own. */
export class AuthorityDouble {
  readonly folder = freshFolder('tsa');
  url = '';
  /** SHA-1 is the form of RFC 3161 alone, which is refused. */
  essAlgorithm: 'sha256' | 'sha1' = 'sha256';
  instead: { status: number; body?: Buffer } | undefined;
  /** Answers this request, whatever is asked. */
  replay: Buffer | undefined;
  requests = 0;
  #server: Server | undefined;

  constructor(readonly algorithm: 'rsa' | 'ec' = 'rsa') {
    mkdirSync(this.folder, { recursive: true });
    this.#write('extensions.cnf', EXTENSIONS);
    this.#key('root');
    this.#openssl(
      'req -x509 -new -key root.key -subj /CN=Test-root -days 30 -out root.pem -config request.cnf -extensions root',
    );
    for (const usage of ['tsa', 'lax', 'wide', 'many']) {
      this.#key(usage);
      this.#openssl(
        `req -new -key ${usage}.key -subj /CN=Test-${usage} -out ${usage}.csr -config request.cnf`,
      );
      this.#openssl(
        `x509 -req -in ${usage}.csr -CA root.pem -CAkey root.key -CAcreateserial -days 20 -extfile extensions.cnf -extensions ${usage} -out ${usage}.pem`,
      );
    }
    this.#write('serial', '01\n');
  }

  get caFile(): string {
    return join(this.folder, 'root.pem');
  }

  async start(): Promise<this> {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        this.requests++;
        if (this.instead) return response.writeHead(this.instead.status).end(this.instead.body);
        if (request.headers['content-type'] !== 'application/timestamp-query')
          return response.writeHead(415).end();
        return response
          .writeHead(200, { 'Content-Type': 'application/timestamp-reply' })
          .end(this.stamp(this.replay ?? Buffer.concat(chunks)));
      });
    });
    await new Promise<void>((resolve) => this.#server?.listen(0, '127.0.0.1', resolve));
    this.url = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/tsa`;
    return this;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve) ?? resolve(undefined));
  }

  stamp(request: Buffer): Buffer {
    this.#write('request.tsq', request);
    this.#write('service.cnf', SERVICE.replace('ALGORITHM', this.essAlgorithm));
    this.#openssl(
      'ts -reply -config service.cnf -queryfile request.tsq -signer tsa.pem -inkey tsa.key -out response.tsr',
    );
    return readFileSync(join(this.folder, 'response.tsr'));
  }

  /** A token over the same content by another certificate: what an authority signs that takes no care. */
  signAgain(response: Buffer, usage: 'tsa' | 'lax' | 'wide' | 'many'): Buffer {
    const [, token] = inside(parseDer(response));
    const [data] = inside(inside(token!)[1]!);
    const [octets] = inside(inside(inside(data!)[2]!)[1]!);
    this.#write('content.der', octets!.content);
    this.#openssl(
      `cms -sign -binary -nodetach -in content.der -econtent_type 1.2.840.113549.1.9.16.1.4 -signer ${usage}.pem -inkey ${usage}.key -md sha256 -cades -outform DER -out token.der`,
    );
    const granted = der(TAG.sequence, derInteger(0));
    return der(TAG.sequence, granted, readFileSync(join(this.folder, 'token.der')));
  }

  /** The same token, signed with the same key by RSASSA-PSS (RFC 4056) and with its digest, or another, in the parameters. */
  signWithPss(response: Buffer, named = '2.16.840.1.101.3.4.2.1'): Buffer {
    const [status, token] = inside(parseDer(response));
    const [type, wrapped] = inside(token!);
    const data = inside(inside(wrapped!)[0]!);
    const signer = inside(inside(data.at(-1)!)[0]!);
    const signed = Buffer.concat([Uint8Array.of(TAG.set), signer[3]!.bytes.subarray(1)]);
    const key = createPrivateKey(readFileSync(join(this.folder, 'tsa.key')));
    const padding = constants.RSA_PKCS1_PSS_PADDING;
    const signature = sign('sha256', signed, { key, padding, saltLength: 32 });
    const digest = der(TAG.sequence, derOid(named), der(TAG.null));
    const mask = der(TAG.sequence, derOid('1.2.840.113549.1.1.8'), digest);
    const parameters = [der(0xa0, digest), der(0xa1, mask), der(0xa2, derInteger(32))];
    const algorithm = der(TAG.sequence, derOid('1.2.840.113549.1.1.10'), der(TAG.sequence, ...parameters));
    const again = der(
      TAG.sequence,
      ...signer.slice(0, 4).map(({ bytes }) => bytes),
      algorithm,
      der(TAG.octets, signature),
    );
    const parts = [...data.slice(0, -1).map(({ bytes }) => bytes), der(TAG.set, again)];
    const whole = der(TAG.sequence, type!.bytes, der(0xa0, der(TAG.sequence, ...parts)));
    return der(TAG.sequence, status!.bytes, whole);
  }

  /** What openssl says of a request and its response. */
  verifies(request: string, response: string): string {
    return execFileSync(
      'openssl',
      ['ts', '-verify', '-queryfile', request, '-in', response, '-CAfile', this.caFile],
      { stdio: 'pipe' },
    ).toString();
  }

  #key(name: string): void {
    const kind =
      this.algorithm === 'rsa'
        ? '-algorithm RSA -pkeyopt rsa_keygen_bits:2048'
        : '-algorithm EC -pkeyopt ec_paramgen_curve:P-256';
    this.#write('request.cnf', `[req]\ndistinguished_name = dn\nprompt = no\n[dn]\nCN = test\n${EXTENSIONS}`);
    this.#openssl(`genpkey ${kind} -out ${name}.key`);
  }

  #write(name: string, content: string | Buffer): void {
    writeFileSync(join(this.folder, name), content);
  }

  #openssl(args: string): void {
    execFileSync('openssl', args.split(' '), { cwd: this.folder, stdio: 'pipe' });
  }
}
