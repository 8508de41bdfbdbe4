import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { StoreError } from '../store-error.js';

/** The address of a cluster, and the credentials for it. */
export interface KurrentDBAddress {
  /** For the client. It contains the credentials: never print it. */
  readonly connectionString: string;
  /** The address without credentials, for messages and logs. */
  readonly shown: string;
  /** `host` or `host:port` of each node, or the DNS name by which they are found. */
  readonly hosts: readonly string[];
  /** False without TLS. */
  readonly secure: boolean;
  /** Undefined without TLS, and where a certificate identifies the user. */
  readonly credentials: Credentials | undefined;
  readonly caFile: string | undefined;
  /** Put in front of every stream's name, so that several ledgers can share a cluster. Empty by default. */
  readonly prefix: string;
  /** For the owner of the ledger, at each start. */
  readonly warnings: readonly string[];
}

export type Credentials = readonly [user: string, password: string];

const SHAPE = /^(kurrentdb(?:\+discover)?):\/\/(?:([^@/?]*)@)?([^@/?]+)\/?(?:\?(.*))?$/;
const HOST = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?$/;
const PREFIX = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;
const CREDENTIALS = /^([^:\s]+):([^\r\n]+)\n?$/;

/** Container platforms mount secrets here and choose the mode themselves; only the container sees the file. */
const SECRET_MOUNT = /^(\/var)?\/run\/secrets\//;

const PARAMETERS = [
  'tls',
  'insecure',
  'tlsCaFile',
  'userCertFile',
  'userKeyFile',
  'credentialsFile',
  'prefix',
] as const;
type Parameter = (typeof PARAMETERS)[number];
type Parameters = Partial<Record<Parameter, string>>;

export const INSECURE =
  'NOT ENCRYPTED: this connection to KurrentDB has neither TLS nor a password. Anybody on that network can read, ' +
  'change and delete the ledger. Use it for tests on one machine only.';

/** Whether the address is one of KurrentDB, right or wrong in its details. */
export function isKurrentDBAddress(text: string): boolean {
  return /^kurrentdb(\+discover)?:/.test(text);
}

/**
 * Parses `kurrentdb://host:port,host:port?…` and reads the files that it names. `as` replaces its credentials.
 * @throws StoreError `address`, with what to write instead.
 */
export function readKurrentDBAddress(text: string, as?: Credentials): KurrentDBAddress {
  const [, scheme, userInfo, hosts = '', query = ''] = SHAPE.exec(text) ?? [];
  if (scheme === undefined || !hosts.split(',').every((host) => HOST.test(host)))
    throw addressError(
      'Write kurrentdb://host:2113,host:2113?tlsCaFile=ca.pem&credentialsFile=ledger.secret.',
    );
  const parameters = parseParameters(query);
  const secure = isSecure(parameters);
  const credentials = as ?? chooseCredentials(userInfo, parameters.credentialsFile);
  if (!secure && credentials)
    throw addressError(
      'Credentials are not sent without TLS, since anybody on that network could read them. Leave out tls=false.',
    );
  const shown = `${scheme}://${hosts}`;
  const prefix = parameters.prefix ?? '';
  if (prefix !== '' && !PREFIX.test(prefix))
    throw addressError(
      `The prefix “${prefix.slice(0, 60)}” is not 1 to 40 letters, digits, dots, dashes and underscores, such as prefix=site-a.`,
    );
  return {
    connectionString: buildConnectionString(`${scheme}://`, hosts, parameters, secure, credentials),
    shown,
    hosts: hosts.split(','),
    secure,
    credentials,
    caFile: parameters.tlsCaFile,
    prefix,
    warnings: [
      ...(secure ? [] : [INSECURE]),
      ...(userInfo === undefined
        ? []
        : [
            'The address contains the password, and every user of this machine can see it in the list of processes. ' +
              'Write user:password into a file that only you can read, and name it with credentialsFile=.',
          ]),
    ],
  };
}

function parseParameters(query: string): Parameters {
  const parameters: Parameters = {};
  for (const part of query === '' ? [] : query.split('&')) {
    const [key = '', ...rest] = part.split('=');
    const name = PARAMETERS.find((known) => known.toLowerCase() === key.toLowerCase());
    if (/^tlsVerifyCert$/i.test(key))
      throw addressError(
        'Certificates are always verified. Name the file of the authority that issued them with tlsCaFile=.',
      );
    if (name === undefined)
      throw addressError(
        `There is no parameter “${key.slice(0, 40)}”. The parameters are ${PARAMETERS.join(', ')}.`,
      );
    if (parameters[name] !== undefined) throw addressError(`${name} is given twice.`);
    const value = decodePercent(rest.join('='));
    if (value === '') throw addressError(`${name} has no value.`);
    parameters[name] = value;
  }
  return parameters;
}

function isSecure({ tls = 'true', insecure }: Parameters): boolean {
  if (!['true', 'false'].includes(tls))
    throw addressError(`tls must be true or false, not “${tls.slice(0, 40)}”.`);
  if (insecure !== undefined && insecure !== 'true')
    throw addressError(`insecure must be true or left out, not “${insecure.slice(0, 40)}”.`);
  if (tls === 'true' && insecure === undefined) return true;
  if (tls === 'false' && insecure === 'true') return false;
  throw addressError(
    'A connection without TLS needs both tls=false and insecure=true: anybody on that network can read, change and ' +
      'delete the ledger.',
  );
}

function chooseCredentials(userInfo: string | undefined, file: string | undefined): Credentials | undefined {
  if (userInfo !== undefined && file !== undefined)
    throw addressError('Credentials are given twice, in the address and in a file. Leave out one of them.');
  if (file !== undefined) return readCredentialsFile(resolve(file));
  if (userInfo === undefined) return undefined;
  const [user = '', ...rest] = userInfo.split(':');
  if (user === '' || rest.join(':') === '')
    throw addressError('Credentials in the address must be written user:password.');
  return [decodePercent(user), decodePercent(rest.join(':'))];
}

/**
 * Trust: whoever can read this file can append to the ledger, in any name.
 * @throws StoreError `address`
 */
export function readCredentialsFile(path: string): Credentials {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    throw addressError(
      `The credentials file ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? ''}).`,
    );
  }
  try {
    if ((fstatSync(descriptor).mode & 0o077) !== 0 && !SECRET_MOUNT.test(path))
      throw addressError(
        `Other users can read the credentials file ${path}. Run chmod 600 on it, and change the password.`,
      );
    const [, user, password] = CREDENTIALS.exec(readFileSync(descriptor, 'utf8')) ?? [];
    if (user === undefined || password === undefined)
      throw addressError(`The credentials file ${path} must hold one line, user:password.`);
    return [user, password];
  } finally {
    closeSync(descriptor);
  }
}

function buildConnectionString(
  scheme: string,
  hosts: string,
  { tlsCaFile, userCertFile, userKeyFile }: Parameters,
  secure: boolean,
  credentials: Credentials | undefined,
): string {
  if ((userCertFile === undefined) !== (userKeyFile === undefined))
    throw addressError('A user certificate and its key go together: name both userCertFile and userKeyFile.');
  const files = Object.entries({ tlsCaFile, userCertFile, userKeyFile }).flatMap(([name, file]) =>
    file === undefined ? [] : [[name, checkReadable(resolve(file))] as const],
  );
  if (!secure && files.length > 0)
    throw addressError('Certificates have no use without TLS. Leave out tls=false.');
  const query = [['tls', String(secure)] as const, ...files];
  const user = credentials ? `${credentials.map(encodeURIComponent).join(':')}@` : '';
  return `${scheme}${user}${hosts}?${query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
}

function checkReadable(file: string): string {
  try {
    readFileSync(file);
    return file;
  } catch (error) {
    throw addressError(
      `The certificate file ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? ''}).`,
    );
  }
}

function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw addressError(
      'It contains a % that is not followed by two hexadecimal digits of a character. Write %25 for a %.',
    );
  }
}

/** Does not repeat the address, since it may contain a password. */
function addressError(sentence: string): StoreError {
  return new StoreError('address', `The address of the store is wrong. ${sentence}`);
}
