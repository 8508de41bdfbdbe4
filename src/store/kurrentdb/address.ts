import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { StoreError } from '../store-error.js';

/** Where a cluster is, and as whom it is spoken to. */
export interface KurrentDBAddress {
  /** For the client, with the credentials in it: never printed. */
  readonly connectionString: string;
  /** For people and logs. */
  readonly shown: string;
  /** Of the nodes, or of the name that they are found by. */
  readonly hosts: readonly string[];
  /** Undefined where there is no TLS and so no user, or where a certificate says who it is. */
  readonly credentials: Credentials | undefined;
  readonly caFile: string | undefined;
  /** In front of every stream's name, so that several ledgers share a cluster; mostly nothing. */
  readonly prefix: string;
  /** What the owner of the ledger should hear at each start. */
  readonly warnings: readonly string[];
}

export type Credentials = readonly [user: string, password: string];

const SHAPE = /^(kurrentdb(?:\+discover)?):\/\/(?:([^@/?]*)@)?([^@/?]+)\/?(?:\?(.*))?$/;
const HOST = /^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5})?$/;
const PREFIX = /^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/;
const CREDENTIALS = /^([^:\s]+):([^\r\n]+)\n?$/;

/** Where container platforms mount secrets: they choose the mode there, and only the container sees the file. */
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
  'NOT ENCRYPTED: this connection to KurrentDB has neither TLS nor a password. Whoever reaches that network reads, ' +
  'changes and deletes the ledger. For tests on one machine only.';

/** Whether an address names KurrentDB at all. */
export function isKurrentDBAddress(text: string): boolean {
  return /^kurrentdb(\+discover)?:/.test(text);
}

/**
 * Reads `kurrentdb://host:port,host:port?…`, with the files that it names. `as` takes the place of its credentials.
 * @throws StoreError `address`, with what to write instead.
 */
export function readKurrentDBAddress(text: string, as?: Credentials): KurrentDBAddress {
  const [, scheme, userInfo, hosts = '', query = ''] = SHAPE.exec(text) ?? [];
  if (scheme === undefined || !hosts.split(',').every((host) => HOST.test(host)))
    throw wrong(
      'It is written kurrentdb://host:2113,host:2113?tlsCaFile=ca.pem&credentialsFile=ledger.secret.',
    );
  const parameters = parametersOf(query);
  const secure = isSecure(parameters);
  const credentials = as ?? credentialsFrom(userInfo, parameters.credentialsFile);
  if (!secure && credentials)
    throw wrong(
      'Credentials are not sent without TLS, where anybody on the way could read them. Leave out tls=false.',
    );
  const shown = `${scheme}://${hosts}`;
  const prefix = parameters.prefix ?? '';
  if (prefix !== '' && !PREFIX.test(prefix))
    throw wrong('A prefix is of letters, digits, dots and dashes, such as prefix=site-a.');
  return {
    connectionString: connectionString(`${scheme}://`, hosts, parameters, secure, credentials),
    shown,
    hosts: hosts.split(','),
    credentials,
    caFile: parameters.tlsCaFile,
    prefix,
    warnings: [
      ...(secure ? [] : [INSECURE]),
      ...(userInfo === undefined
        ? []
        : [
            'The password stands in the address, where every user of this machine sees it in the list of processes. ' +
              'Put user:password into a file that only you read, and name it with credentialsFile=.',
          ]),
    ],
  };
}

function parametersOf(query: string): Parameters {
  const parameters: Parameters = {};
  for (const part of query === '' ? [] : query.split('&')) {
    const [key = '', ...rest] = part.split('=');
    const name = PARAMETERS.find((known) => known.toLowerCase() === key.toLowerCase());
    if (/^tlsVerifyCert$/i.test(key))
      throw wrong('A certificate is always verified: name the authority that it comes from with tlsCaFile=.');
    if (name === undefined)
      throw wrong(`There is no parameter “${key.slice(0, 40)}”; known are ${PARAMETERS.join(', ')}.`);
    if (parameters[name] !== undefined) throw wrong(`${name} is given twice.`);
    const value = decoded(rest.join('='));
    if (value === '') throw wrong(`${name} has no value.`);
    parameters[name] = value;
  }
  return parameters;
}

function isSecure({ tls = 'true', insecure }: Parameters): boolean {
  if (!['true', 'false'].includes(tls)) throw wrong('tls is true or false.');
  if (insecure !== undefined && insecure !== 'true') throw wrong('insecure is true, or is left out.');
  if (tls === 'true' && insecure === undefined) return true;
  if (tls === 'false' && insecure === 'true') return false;
  throw wrong(
    'A connection without TLS has to be asked for by name, with both tls=false and insecure=true: whoever reaches that ' +
      'network reads, changes and deletes the ledger.',
  );
}

function credentialsFrom(userInfo: string | undefined, file: string | undefined): Credentials | undefined {
  if (userInfo !== undefined && file !== undefined)
    throw wrong('Credentials stand in the address or in a file: leave out one of them.');
  if (file !== undefined) return credentialsIn(resolve(file));
  if (userInfo === undefined) return undefined;
  const [user = '', ...rest] = userInfo.split(':');
  if (user === '' || rest.join(':') === '') throw wrong('Credentials are written user:password.');
  return [decoded(user), decoded(rest.join(':'))];
}

/** Trust: whoever reads this file can append to the ledger, in any name. */
export function credentialsIn(path: string): Credentials {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    throw wrong(
      `The credentials in ${path} cannot be read (${(error as NodeJS.ErrnoException).code ?? ''}).`,
    );
  }
  try {
    if ((fstatSync(descriptor).mode & 0o077) !== 0 && !SECRET_MOUNT.test(path))
      throw wrong(
        `Others may read the credentials in ${path}. Run chmod 600 on it, and change the password.`,
      );
    const [, user, password] = CREDENTIALS.exec(readFileSync(descriptor, 'utf8')) ?? [];
    if (user === undefined || password === undefined)
      throw wrong(`${path} holds no credentials: they are one line, user:password.`);
    return [user, password];
  } finally {
    closeSync(descriptor);
  }
}

function connectionString(
  scheme: string,
  hosts: string,
  { tlsCaFile, userCertFile, userKeyFile }: Parameters,
  secure: boolean,
  credentials: Credentials | undefined,
): string {
  if ((userCertFile === undefined) !== (userKeyFile === undefined))
    throw wrong('A user certificate needs its key: name both userCertFile and userKeyFile.');
  const files = Object.entries({ tlsCaFile, userCertFile, userKeyFile }).flatMap(([name, file]) =>
    file === undefined ? [] : [[name, readable(resolve(file))] as const],
  );
  if (!secure && files.length > 0) throw wrong('Certificates mean nothing without TLS. Leave out tls=false.');
  const query = [['tls', String(secure)] as const, ...files];
  const user = credentials ? `${credentials.map(encodeURIComponent).join(':')}@` : '';
  return `${scheme}${user}${hosts}?${query.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&')}`;
}

function readable(file: string): string {
  try {
    readFileSync(file);
    return file;
  } catch (error) {
    throw wrong(
      `The certificate file ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? ''}).`,
    );
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw wrong('It has a % that begins no character; a % itself is written %25.');
  }
}

/** The address itself is not repeated: it may hold a password. */
function wrong(sentence: string): StoreError {
  return new StoreError('address', `The address of the store cannot be used. ${sentence}`);
}
