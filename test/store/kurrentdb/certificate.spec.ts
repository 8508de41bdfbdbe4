import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createSecureServer, type Http2SecureServer } from 'node:http2';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { readKurrentDBAddress } from '../../../src/store/kurrentdb/address.js';
import { findCertificateError } from '../../../src/store/kurrentdb/certificate.js';
import { KurrentDBStore } from '../../../src/store/kurrentdb/kurrentdb.store.js';
import { freshFolder } from '../../support/folders.js';
import { failure } from '../test-records.js';

const folder = freshFolder('certificate');

/** A certificate that signs itself, so that it is its own authority. */
function makeCertificate(name: string): { key: string; cert: string } {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.pem`)];
  execFileSync(
    'openssl',
    `req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout ${key} -out ${cert} -days 2 -subj /CN=${name} -addext subjectAltName=DNS:${name}`.split(
      ' ',
    ),
    { stdio: 'ignore' },
  );
  return { key, cert };
}

describe('the certificates of a cluster', () => {
  const local = makeCertificate('localhost');
  const elsewhere = makeCertificate('elsewhere.example');
  const servers: Http2SecureServer[] = [];

  async function serve({ key, cert }: { key: string; cert: string }): Promise<string> {
    const server = createSecureServer({ key: readFileSync(key), cert: readFileSync(cert) });
    servers.push(server.listen(0, '127.0.0.1'));
    await once(server, 'listening');
    return `localhost:${(server.address() as AddressInfo).port}`;
  }
  afterEach(() => servers.splice(0).forEach((server) => server.close()));

  const addressOf = (hosts: string, ca?: string) =>
    readKurrentDBAddress(`kurrentdb://${hosts}${ca === undefined ? '' : `?tlsCaFile=${ca}`}`);

  it('are trusted by the authority that is named', async () => {
    const host = await serve(local);
    expect(await findCertificateError(addressOf(host, local.cert))).toBeUndefined();
    expect(await findCertificateError(addressOf(host))).toMatchObject({
      code: 'address',
      message: expect.stringMatching(/certificate of localhost:\d+ is not trusted: self-signed certificate/),
    });
  });

  it('must name the host', async () => {
    const host = await serve(elsewhere);
    expect(await findCertificateError(addressOf(host, elsewhere.cert))).toMatchObject({
      message: expect.stringMatching(/not trusted: .*altnames/),
    });
  });

  it('are no reason while one node is trusted, or none answers', async () => {
    const [one, other] = [await serve(local), await serve(elsewhere)];
    expect(await findCertificateError(addressOf(`${one},${other}`, local.cert))).toBeUndefined();
    expect(await findCertificateError(addressOf('localhost:1'))).toBeUndefined();
  });

  it('that are not trusted end the first call at once', async () => {
    const [one, other] = [await serve(local), await serve(local)];
    for (const hosts of [one, `${one},${other}`]) {
      const store = new KurrentDBStore(addressOf(hosts), { giveUpMs: 10 * 60_000 });
      expect(await failure(store.size('lab'))).toMatchObject({ code: 'address' });
      await store.close();
    }
  });
});
