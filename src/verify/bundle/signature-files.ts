import { fromBase64url } from '../../tlog/encoding.js';
import type { Files } from '../runtime/files.js';
import type { Findings } from '../checks/findings.js';
import type { Lab } from '../checks/lab.js';
import type { Signed } from '../checks/signatures/statement.js';

/** A signature as files that openssl reads, below `signatures/<record>/`. What they hold stands in study and lab as well. */
export function signatureFiles(
  { envelope, payload, webauthn }: Pick<Signed, 'envelope' | 'payload' | 'webauthn'>,
  publicKey: string,
): ReadonlyMap<string, string | Uint8Array> {
  const key = Buffer.from(fromBase64url(publicKey)).toString('base64');
  const lines = key.match(/.{1,64}/g) ?? [];
  return new Map<string, string | Uint8Array>([
    ['envelope.json', `${JSON.stringify(envelope)}\n`],
    ['statement.json', payload],
    ['authenticatorData', fromBase64url(webauthn.authenticatorData)],
    ['clientDataJSON', fromBase64url(webauthn.clientDataJSON)],
    ['signature', fromBase64url(webauthn.signature)],
    ['credential.pem', `-----BEGIN PUBLIC KEY-----\n${lines.join('\n')}\n-----END PUBLIC KEY-----\n`],
  ]);
}

/** Whether the files of signatures are what the records say: whoever checks by hand reads these. */
export function checkSignatureFiles(
  files: Files,
  signatures: readonly Signed[],
  lab: Lab,
  findings: Findings,
): void {
  const expected = new Set<string>();
  for (const signed of signatures) {
    const { record, statement } = signed;
    const credential = statement.predicate.authentication.credential;
    const publicKey = lab.people.registry.credentials.get(credential)?.publicKey;
    // That there is no such credential is told with the signature.
    if (publicKey === undefined) continue;
    for (const [name, content] of attemptFiles(signed, publicKey)) {
      const path = `signatures/${record}/${name}`;
      expected.add(`${record}/${name}`);
      const source = name === 'credential.pem' ? `lab record ${credential}` : `record ${record}`;
      if (files.holds(path, content)) continue;
      if (!files.isFile(path)) findings.fail('layout', 'bundle', `${path} is not there`);
      else findings.fail('signature', 'bundle', `${path} is not what ${source} says`, { record });
    }
  }
  for (const name of files.list('signatures'))
    if (!expected.has(name)) findings.fail('layout', 'bundle', `signatures/${name} belongs to no signature`);
}

/** None where the bytes cannot be decoded, which is told with the signature. */
function attemptFiles(signed: Signed, publicKey: string): ReadonlyMap<string, string | Uint8Array> {
  try {
    return signatureFiles(signed, publicKey);
  } catch {
    return new Map<string, string>();
  }
}
