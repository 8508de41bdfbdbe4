import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Hex } from '../../src/shared/sha256.js';
import { ed25519Key, ed25519Spki, type Ed25519Key } from '../../src/signing/ed25519.js';
import { rowOf } from '../../src/verify/checks/people/role-table.js';
import { LedgerBuilder } from './ledger-builder.js';

const DAY_MS = 24 * 3_600_000;

/** Attributes or members in place of those that are right. */
export type Changes = Record<string, unknown>;

/** Writes ledgers with people in them, as the ledger itself would have recorded them, unless a test says otherwise. */
export class PeopleBuilder extends LedgerBuilder {
  readonly credentials = new Map<string, number>();
  /** By lab record of a credential. */
  readonly passkeys = new Map<number, Ed25519Key>();
  readonly roles = new Map([['admin-1', 'administrator']]);
  readonly sessions = new Map<string, string>();
  /** By digest. */
  readonly disclosures = new Map<string, string>();
  private count = 0;

  /** A ledger with its first administrator, who has a confirmed credential and is signed in. */
  static begun(): PeopleBuilder {
    const ledger = new PeopleBuilder();
    const own = { actor: 'study-ledger', actorrole: 'system' };
    ledger.add('lab', 'SiteConfigured', SITE, own);
    ledger.add('lab', 'PersonRegistered', { person: 'admin-1', name: ledger.commit('A. Min') }, own);
    ledger.add('lab', 'RoleGranted', { person: 'admin-1', role: 'administrator' }, own);
    const offer = ledger.offer('admin-1', {}, own);
    const credential = ledger.enrol('admin-1', { offer }, { session: undefined });
    ledger.add('lab', 'CredentialConfirmed', { credential, identity: 'system' }, own);
    ledger.signIn('admin-1');
    return ledger;
  }

  /** A text as a record holds it, with what opens it beside. */
  commit(value: unknown): { '...': string } {
    const salt = Buffer.alloc(32, ++this.count).toString('base64url');
    const disclosure = Buffer.from(JSON.stringify([salt, value])).toString('base64url');
    const digest = Buffer.from(sha256Hex(disclosure), 'hex').toString('base64url');
    this.disclosures.set(digest, disclosure);
    return { '...': digest };
  }

  /** A record of the lab by an administrator. */
  administer(type: string, data: object, more: Changes = {}): number {
    return this.add('lab', type, data, {
      actor: 'admin-1',
      actorrole: 'administrator',
      session: this.freshSession((more['actor'] as string | undefined) ?? 'admin-1'),
      ...more,
    });
  }

  registerPerson(person: string, more: Changes = {}): number {
    return this.administer('PersonRegistered', { person, name: this.commit(`Name of ${person}`), ...more });
  }

  offer(person: string, data: Changes = {}, more: Changes = {}): number {
    const sha256 = sha256Hex(`code ${++this.count}`);
    return this.administer(
      'EnrolmentOffered',
      { person, sha256, until: this.inMs(DAY_MS), recovery: false, ...data },
      more,
    );
  }

  /** By the code of an offer, where one is named; else by somebody who is signed in. */
  enrol(person: string, data: Changes = {}, more: Changes = {}): number {
    const passkey = ed25519Key(Buffer.from(sha256Hex(`key ${++this.count}`), 'hex'));
    const number = this.add(
      'lab',
      'CredentialEnrolled',
      {
        person,
        credentialId: credentialIdOf(passkey),
        publicKey: ed25519Spki(passkey.publicKey).toString('base64url'),
        alg: -8,
        rpId: 'lab.example',
        label: this.commit('A key'),
        backupEligible: false,
        attachment: 'cross-platform',
        ...data,
      },
      {
        actor: person,
        actorrole: 'self',
        ...(data['offer'] === undefined && { session: this.freshSession(person) }),
        ...more,
      },
    );
    this.credentials.set(person, number);
    this.passkeys.set(number, passkey);
    return number;
  }

  /** A person states that their signature binds them. */
  attest(person: string): number {
    const by = { actor: person, actorrole: 'self', session: this.freshSession(person) };
    return this.add('lab', 'AttestationGiven', { text: sha256Hex('It binds me.') }, by);
  }

  confirm(credential: number, by: string, more: Changes = {}): number {
    return this.administer(
      'CredentialConfirmed',
      { credential, identity: by === 'self' ? 'own-earlier-credential' : 'in-person' },
      { actor: by, actorrole: this.roles.get(by), ...more },
    );
  }

  grant(person: string, role: string, data: Changes = {}, more: Changes = {}): number {
    return this.administer('RoleGranted', { person, role, ...data }, more);
  }

  /** Registered, granted, enrolled, confirmed, signed in. */
  hire(person: string, role: string, data: Changes = {}, confirmer = 'admin-1'): number {
    this.registerPerson(person);
    const grant = this.grant(person, role, data);
    this.roles.set(person, role);
    const credential = this.enrol(person, { offer: this.offer(person) });
    this.confirm(credential, confirmer);
    this.signIn(person);
    return grant;
  }

  signIn(person: string, data: Changes = {}, more: Changes = {}): string {
    const commandid = randomUUID();
    this.add(
      'access',
      'SignedIn',
      {
        method: 'passkey',
        credential: this.credentials.get(person),
        counter: 0,
        labsize: this.labSize,
        ...data,
      },
      { actor: person, actorrole: 'self', commandid, ...more },
    );
    this.sessions.set(person, commandid);
    return commandid;
  }

  signOut(person: string): void {
    const session = this.sessions.get(person)!;
    this.add('access', 'SignedOut', { session, cause: 'person' }, { actor: person, actorrole: 'self' });
  }

  freshSession(person: string): string | undefined {
    return this.credentials.has(person) ? this.signIn(person) : undefined;
  }

  get labSize(): number {
    return this.streams.get('lab')!.length;
  }

  open(code: string, director = 'sd-1', more: Changes = {}): string {
    const log = `study-${code}`;
    const { data, ...attributes } = more;
    const by = {
      actor: director,
      actorrole: 'director',
      command: 'RegisterStudy',
      session: this.sessions.get(director),
      ...attributes,
    };
    this.add('lab', 'StudyRegistered', { code, registration: sha256Hex(code), vkey: this.vkey(log) }, by);
    this.add(log, 'StudyOpened', { title: 'A study', director, ...(data as object) }, by);
    return log;
  }

  weigh(log: string, person: string, more: Changes = {}): number {
    const { data, ...attributes } = more;
    return this.add(
      log,
      'BodyWeightRecorded',
      { weight: { value: '250.70', unit: 'g' }, ...(data as object) },
      {
        actor: person,
        actorrole: 'technician',
        command: 'RecordBodyWeight',
        session: this.sessions.get(person),
        subject: 'R01',
        ...attributes,
      },
    );
  }

  /** A record by the study's director, or by management. */
  direct(log: string, type: string, data: object, actor: string, actorrole = 'director'): number {
    const command = rowOf(type)!.command;
    return this.add(log, type, data, { actor, actorrole, command, session: this.sessions.get(actor) });
  }

  correct(log: string, target: number, person: string, actorrole: string, more: Changes = {}): number {
    const leaf = this.leafOf(log, target);
    const { flags, ...attributes } = more;
    return this.add(
      log,
      'RecordVoided',
      { target: { number: target, leaf }, ...(flags === undefined ? {} : { flags }) },
      {
        actor: person,
        actorrole,
        command: 'VoidRecord',
        session: this.sessions.get(person),
        reason: 'wrong animal',
        ...attributes,
      },
    );
  }

  leafOf(log: string, number: number): string {
    return Buffer.from(this.streams.get(log)![number]!.leaf, 'latin1').toString('base64');
  }

  /** Time of what is recorded next, later by so much. */
  inMs(ms: number): string {
    return new Date(this.nowMs + ms).toISOString();
  }

  erase(digest: string): void {
    this.disclosures.delete(digest);
  }

  /** Anchors what is not anchored, and writes the folder. */
  override async write(folder: string): Promise<void> {
    for (const [log, records] of this.streams)
      if (log !== 'lab' && this.anchored.get(log)?.size !== records.length) this.anchor(log);
    await super.write(folder);
    mkdirSync(join(folder, 'disclosures'), { recursive: true });
    for (const [digest, disclosure] of this.disclosures)
      writeFileSync(join(folder, 'disclosures', digest), disclosure);
  }
}

export function credentialIdOf({ publicKey }: Ed25519Key): string {
  return Buffer.from(publicKey.subarray(0, 16)).toString('base64url');
}

export const SITE = {
  origin: 'https://lab.example',
  rpId: 'lab.example',
  zone: 'Europe/Amsterdam',
  passkeys: 'any',
};
