import {
  ACCESS_EVENTS,
  EMPTY_ACCESS,
  accessSchemaOf,
  foldAccess,
  type AccessRecord,
} from '../../src/lab/access.js';
import { LAB_EVENTS, labSchemaOf, type LabEventType } from '../../src/lab/events.js';
import { EMPTY_LAB, foldLab, keyInForce, logsOf, type Lab, type LabRecord } from '../../src/lab/lab.js';
import { isFacility, originOf, studyLog, studyOf } from '../../src/lab/origins.js';
import type { PeopleEventType } from '../../src/lab/people/facts.js';
import { matches } from '../../src/study/schema.js';

const ROOT = `${'A'.repeat(43)}=`;
const vkey = (name: string): string => `${name}+00000000+${'A'.repeat(44)}`;
const HEX = '00'.repeat(32);

const COMMITMENT = { '...': 'A'.repeat(43) };
const REDACTION = {
  stream: 'lab',
  number: 12,
  pointer: '/data/name',
  digest: 'A'.repeat(43),
  legalBasis: 'gdpr-17',
};

const PEOPLE: Record<PeopleEventType, object> = {
  SiteConfigured: {
    origin: 'https://ledger.lab.example',
    rpId: 'lab.example',
    zone: 'Europe/Amsterdam',
    oidc: { issuer: 'https://id.example', clientId: 'ledger' },
    passkeys: 'any',
  },
  SiteConfirmed: { site: 9 },
  PersonRegistered: { person: 'tech-1', name: COMMITMENT, sameIndividual: 'tech-0' },
  PersonRenamed: { person: 'tech-1', name: COMMITMENT },
  EnrolmentOffered: { person: 'tech-1', sha256: HEX, until: '2026-03-02T09:15:00.000Z', recovery: false },
  CredentialEnrolled: {
    person: 'tech-1',
    offer: 13,
    credentialId: 'AAAA',
    publicKey: 'BBBB',
    alg: -7,
    rpId: 'lab.example',
    label: COMMITMENT,
    backupEligible: true,
    attachment: 'platform',
  },
  CredentialConfirmed: { credential: 14, identity: 'in-person' },
  AttestationGiven: { text: HEX },
  CredentialRevoked: { credential: 14, cause: 'lost' },
  IdentityLinked: { person: 'tech-1', issuer: 'https://id.example', subject: HEX },
  TokenIssued: {
    person: 'tech-1',
    sha256: HEX,
    label: COMMITMENT,
    roles: ['technician', 'director-records'],
    study: 'NP-001',
    until: '2026-03-02T09:15:00Z',
  },
  TokenRevoked: { token: 18, cause: 'replaced' },
  RoleGranted: {
    person: 'tech-1',
    role: 'technician',
    study: 'NP-001',
    from: '2026-03-02T09:15:00Z',
    until: '2026-04-02T09:15:00Z',
    conflict: 'small-laboratory',
  },
  RoleRevoked: { grant: 20, cause: 'review' },
  TrainingRecorded: {
    person: 'tech-1',
    procedures: ['LigateNerve'],
    on: '2026-03-02',
    until: '2027-03-02',
    evidence: HEX,
  },
  PersonDeactivated: { person: 'tech-1', cause: 'left' },
  RedactionRequested: REDACTION,
  FieldRedacted: { ...REDACTION, request: 24 },
  AdministratorRecovered: { person: 'tech-1', cause: 'lost' },
};

const DATA: Record<LabEventType, object> = {
  LedgerInitialised: {
    facility: 'lab.example',
    simulated: false,
    keys: { lab: vkey('l'), access: vkey('a'), esign: vkey('e') },
    policy: HEX,
  },
  StudyRegistered: { code: 'NP-001', registration: HEX, vkey: vkey('s') },
  StudyCheckpointed: { code: 'NP-001', size: 3, root: ROOT, proof: [], reason: 'interval' },
  AccessCheckpointed: { size: 1, root: ROOT, from: { record: 2, size: 1 }, proof: [ROOT], reason: 'export' },
  KeyRotated: {
    epoch: 2,
    keys: ['lab', 'access', 'study/NP-001'].map((log) => ({
      origin: `lab.example/ledger/${log}`,
      vkey: vkey('n'),
    })),
    policy: HEX,
  },
  TimestampReceived: {
    size: 3,
    root: ROOT,
    imprint: HEX,
    tokenSha256: HEX,
    tsa: 'TSA',
    genTime: '2026-03-02T09:15:00Z',
  },
  ClockAnomaly: { lastRecorded: '2026-03-02T09:15:00.000Z', clock: '2026-03-01T09:15:00.000Z' },
  ClockConfirmed: {
    lastRecorded: '2024-03-02T09:15:00.000Z',
    clock: '2026-03-01T09:15:00.000Z',
    cause: 'shelf',
  },
  RestoredFromBackup: { log: 'study-NP-001', size: 3, root: ROOT, source: 'copy', cause: 'disk' },
  ...PEOPLE,
};
const ORDER = Object.keys(DATA) as LabEventType[];

function record(type: string, number: number, data: object = DATA[type as LabEventType]): LabRecord {
  return {
    actor: 'study-ledger',
    actorrole: 'system',
    command: 'Do',
    commanddigest: HEX,
    commandid: '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c01',
    data,
    datacontenttype: 'application/json',
    dataschema: `urn:study-ledger:schema:${type}:1`,
    id: '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c01',
    recordedtime: `2026-03-02T09:15:0${number % 10}.000Z`,
    sequence: String(number).padStart(10, '0'),
    source: '/lab',
    specversion: '1.0',
    time: '2026-03-02T09:15:00Z',
    type,
  } as unknown as LabRecord;
}

function folded(types: readonly string[], lab: Lab = EMPTY_LAB): Lab {
  return foldLab(
    lab,
    types.map((type, index) => ({
      number: lab.size + index,
      leaf: ROOT,
      record: record(type, lab.size + index),
    })),
  );
}

describe('the lab', () => {
  it('knows every type that has a schema, and every schema takes its data', () => {
    expect(ORDER.sort()).toEqual(Object.keys(LAB_EVENTS).sort());
    for (const type of ORDER)
      expect([type, matches(labSchemaOf(type), record(type, 0))]).toEqual([type, true]);
  });

  it.each([
    ['StudyCheckpointed', { code: 'NP-001', size: 0, root: ROOT, proof: [], reason: 'interval' }],
    ['StudyCheckpointed', { code: 'NP-001', size: 1, root: ROOT, proof: [], reason: 'because' }],
    ['StudyCheckpointed', { code: 'NP-001', size: 1, root: ROOT, proof: [], reason: 'interval', from: null }],
    [
      'StudyCheckpointed',
      { code: 'NP-001', size: 1, root: ROOT, proof: Array(64).fill(ROOT), reason: 'interval' },
    ],
    ['StudyRegistered', { code: 'NP-001', registration: HEX, vkey: 'no key' }],
    ['LedgerInitialised', { facility: 'lab.example', simulated: false }],
    ['KeyRotated', { epoch: 1, keys: [] }],
    ['RestoredFromBackup', { log: 'study-np', size: 1, root: ROOT, source: 's', cause: 'c' }],
  ])('has a schema for %s that refuses %j', (type, data) => {
    expect(matches(labSchemaOf(type as LabEventType), record(type, 0, data))).toBe(false);
  });

  it('folds to studies, keys and anchors, by prefix and at once', () => {
    const types = [
      'LedgerInitialised',
      'StudyRegistered',
      'StudyCheckpointed',
      'AccessCheckpointed',
      'KeyRotated',
      'ClockAnomaly',
      'RestoredFromBackup',
    ];
    const lab = folded(types);
    let step = EMPTY_LAB;
    for (const type of types) step = folded([type], step);
    expect(step).toEqual(lab);
    expect(lab).toMatchObject({
      size: 7,
      facility: 'lab.example',
      simulated: false,
      epoch: 2,
      newsSize: 7,
      policy: HEX,
    });
    expect(lab.anchors.get('study-NP-001')).toMatchObject({ number: 2, size: 3 });
    expect(lab.anchors.get('access')).toMatchObject({ number: 3, size: 1 });
    expect(keyInForce(lab, 'lab.example/ledger/study/NP-001')).toEqual({
      vkey: vkey('n'),
      epoch: 2,
      number: 4,
    });
    expect(lab.keys.get('lab.example/ledger/lab')).toHaveLength(2);
    expect(lab.anomaly).toBe('2026-03-02T09:15:00.000Z');
    expect(logsOf(lab)).toEqual(['lab', 'access', 'study-NP-001']);
  });

  it('knows no policy after a rotation that did not state it', () => {
    const { policy: _, ...data } = DATA.KeyRotated as { policy: string };
    const rotated = { number: 1, leaf: ROOT, record: record('KeyRotated', 1, data) };
    expect(foldLab(folded(['LedgerInitialised']), [rotated]).policy).toBe('');
  });

  it('leaves what it was folded from as it was', () => {
    const before = folded(['LedgerInitialised']);
    const after = folded(['StudyRegistered', 'StudyCheckpointed'], before);
    expect([before.size, before.studies.size, before.anchors.size, before.keys.size]).toEqual([1, 0, 0, 3]);
    expect([after.size, after.studies.size, after.anchors.size, after.keys.size]).toEqual([3, 1, 1, 4]);
  });

  it('counts a received time stamp as no news (2.8.4)', () => {
    const lab = folded(['LedgerInitialised', 'StudyRegistered', 'TimestampReceived', 'TimestampReceived']);
    expect([lab.size, lab.newsSize]).toEqual([4, 2]);
    expect(lab.stamp).toMatchObject({ number: 3, size: 3 });
    expect(folded(['StudyCheckpointed'], lab).newsSize).toBe(5);
  });

  it('stops at a type that it does not know', () => {
    expect(() => folded(['LedgerInitialised', 'PersonNamed'])).toThrow(/record 1 has the type PersonNamed/);
  });
});

describe('the access log', () => {
  const exported = (data: object, type = 'BundleExported') =>
    ({
      ...record(type, 0, data),
      source: '/access',
      dataschema: `urn:study-ledger:schema:${type}:1`,
    }) as unknown as AccessRecord;
  const data = { study: 'NP-001', size: 3, root: ROOT, sha256: HEX };

  it('folds to its size, its last time, and by what command each record came', () => {
    const {
      commands,
      sessions: _,
      ...access
    } = foldAccess(EMPTY_ACCESS, [{ number: 0, leaf: ROOT, record: exported(data) }]);
    expect(access).toEqual({ size: 1, recordedMs: Date.parse('2026-03-02T09:15:00Z') });
    const by = { actor: 'study-ledger', actorrole: 'system', command: 'Do', commanddigest: '0'.repeat(64) };
    expect([...commands]).toEqual([by]);
    const strange = [{ number: 0, leaf: ROOT, record: exported(data, 'toString') }];
    expect(() => foldAccess(EMPTY_ACCESS, strange)).toThrow(/does not know/);
  });

  it('has a schema that takes an export, of one animal too', () => {
    expect(Object.keys(ACCESS_EVENTS)).toEqual([
      'BundleExported',
      'SignInFailed',
      'CommandRefused',
      'FileMade',
      'SignedIn',
      'SignedOut',
    ]);
    expect(matches(accessSchemaOf('BundleExported'), exported(data))).toBe(true);
    expect(matches(accessSchemaOf('BundleExported'), exported({ ...data, subject: 'R01' }))).toBe(true);
    expect(matches(accessSchemaOf('BundleExported'), exported({ ...data, sha256: 'x' }))).toBe(false);
  });
});

describe('origins', () => {
  it('are the facility, the ledger, and the log', () => {
    expect(originOf('lab.example', 'lab')).toBe('lab.example/ledger/lab');
    expect(originOf('lab.example', 'access')).toBe('lab.example/ledger/access');
    expect(originOf('lab.example', studyLog('NP-001'))).toBe('lab.example/ledger/study/NP-001');
    expect([studyOf('study-NP-001'), studyOf('lab')]).toEqual(['NP-001', undefined]);
  });

  it.each([
    ['lab.example', true],
    ['a-b.c1', true],
    ['Lab', false],
    ['a b', false],
    ['a+b', false],
    ['', false],
    ['a..b', false],
    ['-a', false],
    ['a'.repeat(101), false],
  ])('the facility %j is one: %s', (name, is) => expect(isFacility(name)).toBe(is));
});
