/** Signatures that somebody forged, moved or made without the right to: each is named with the check that finds it. */
import type { PeopleBuilder } from './people-builder.js';
import { check, failuresIn, found, notes, STUDY, type Found } from './people-checks.js';
import { apply, sealed, sign, signed, type SignatureData, type Signing } from './signing.js';
import { APPROVED, PERFORMED, PROTOCOL, signing, WEIGHT } from './signing-study.js';

async function statuses(ledger: PeopleBuilder) {
  return statusesIn(await found(ledger));
}

function statusesIn({ signatures }: Found) {
  return signatures.map(({ record, status, by, failed }) => ({
    record,
    is: by === undefined ? status : `${status} by ${by}`,
    ...(failed && { failed }),
  }));
}

describe('a signature by whoever may sign', () => {
  it('is valid, and listed with what it says', async () => {
    const ledger = signing();
    const record = sign(ledger, STUDY, 'sd-1', APPROVED);
    const report = await check(ledger);
    expect(report.signatures).toMatchObject([
      {
        log: STUDY,
        record,
        status: 'valid',
        over: [{ from: PROTOCOL, to: PROTOCOL }],
        what: 'ProtocolApproved',
        meaning: 'approved',
        printedName: 'Name of sd-1',
        person: 'sd-1',
        role: 'director',
      },
    ]);
    expect(report.findings.filter(({ check: id }) => id === 'signature')).toEqual([]);
    expect(report.summary.join()).toContain('whether the person read what was on the screen');
  });

  const right: [string, (l: PeopleBuilder) => unknown][] = [
    ['over what they performed', (l) => sign(l, STUDY, 'tech-1', PERFORMED)],
    [
      'over what somebody else entered for them',
      (l) => {
        const weight = l.weigh(STUDY, 'sd-1', { actorrole: 'director', data: { observedBy: 'tech-1' } });
        sign(l, STUDY, 'tech-1', { meaning: 'performed', records: [weight] });
      },
    ],
    [
      'over a range that they reviewed',
      (l) => sign(l, STUDY, 'qa-1', { meaning: 'reviewed', range: [0, WEIGHT] }),
    ],
    [
      'over several records at once',
      (l) => sign(l, STUDY, 'tech-1', { meaning: 'performed', records: [WEIGHT, l.weigh(STUDY, 'tech-1')] }),
    ],
    [
      'while others record',
      (l) => {
        const data = signed(l, STUDY, 'sd-1', APPROVED);
        l.weigh(STUDY, 'tech-1');
        apply(l, STUDY, 'sd-1', data);
      },
    ],
    [
      'before their credential is revoked, and anchored before that',
      (l) => {
        sign(l, STUDY, 'sd-1', APPROVED);
        l.anchor(STUDY);
        l.administer('CredentialRevoked', { credential: l.credentials.get('sd-1'), cause: 'lost' });
      },
    ],
    [
      'before they are renamed',
      (l) => {
        sign(l, STUDY, 'sd-1', APPROVED);
        l.administer('PersonRenamed', { person: 'sd-1', name: l.commit('New name of sd-1') });
      },
    ],
    [
      'with a counter that rises',
      (l) => {
        sign(l, STUDY, 'sd-1', { ...APPROVED, counter: 3 });
        sign(l, STUDY, 'sd-1', { ...APPROVED, counter: 4 });
      },
    ],
  ];
  it.each(right)('is valid %s', async (_, prepare) => {
    const ledger = signing();
    prepare(ledger);
    const all = await found(ledger);
    expect(failuresIn(all.findings)).toEqual([]);
    const list = statusesIn(all);
    expect(list.length).toBeGreaterThan(0);
    expect(list.map(({ is }) => is)).toEqual(list.map(() => 'valid'));
  });
});

describe('a signed record that is changed later', () => {
  it('leaves the signature superseded, by the first record that changed it [R24]', async () => {
    const ledger = signing();
    const record = sign(ledger, STUDY, 'tech-1', PERFORMED);
    const by = ledger.correct(STUDY, WEIGHT, 'tech-1', 'technician');
    expect(await statuses(ledger)).toEqual([{ record, is: `superseded by ${by}` }]);
  });

  it('leaves the signature over a review of it superseded as well [R8]', async () => {
    const ledger = signing();
    const reviewed = (from: number, to: number): number => {
      const data = { from, to, findings: 'None' };
      const review = ledger.direct(STUDY, 'TrailReviewed', data, 'qa-1', 'quality');
      return sign(ledger, STUDY, 'qa-1', { meaning: 'reviewed', records: [review] });
    };
    const [before, over] = [reviewed(0, PROTOCOL), reviewed(PROTOCOL, WEIGHT)];
    const by = ledger.correct(STUDY, WEIGHT, 'tech-1', 'technician');
    const after = reviewed(PROTOCOL, by);
    expect(await statuses(ledger)).toEqual([
      { record: before, is: 'valid' },
      { record: over, is: `superseded by ${by}` },
      { record: after, is: 'valid' },
    ]);
  });

  it('was not changed where it was signed after that', async () => {
    const ledger = signing();
    ledger.correct(STUDY, WEIGHT, 'tech-1', 'technician');
    const record = sign(ledger, STUDY, 'tech-1', PERFORMED);
    expect(await statuses(ledger)).toEqual([{ record, is: 'valid' }]);
  });
});

/** What moves a signature that was right to where it does not belong. */
const pasted: [string, string[], (l: PeopleBuilder) => number][] = [
  [
    'on another record',
    ['esign', 'passkey', 'subject', 'meaning'],
    (l) => altered(l, (text) => text.replace(`records/${PROTOCOL}"`, `records/${WEIGHT}"`)),
  ],
  [
    'on another meaning',
    ['esign', 'passkey', 'meaning'],
    (l) => altered(l, (text) => text.replace('"approved"', '"archived"')),
  ],
  [
    'on another person',
    ['person'],
    (l) => apply(l, STUDY, 'fm-1', signed(l, STUDY, 'sd-1', APPROVED), { actorrole: 'director' }),
  ],
  [
    'on another study',
    ['subject', 'tree'],
    (l) => {
      const other = l.open('KET-02');
      l.direct(other, 'ProtocolApproved', { version: 1 }, 'sd-1');
      return apply(l, other, 'sd-1', signed(l, STUDY, 'sd-1', APPROVED));
    },
  ],
];

/** A signature whose payload somebody changed. */
function altered(ledger: PeopleBuilder, change: (text: string) => string): number {
  const data = signed(ledger, STUDY, 'sd-1', APPROVED);
  const text = Buffer.from(data.envelope.payload, 'base64').toString();
  const payload = Buffer.from(change(text)).toString('base64');
  return apply(ledger, STUDY, 'sd-1', { ...data, envelope: { ...data.envelope, payload } });
}

describe('A14 · a signature that was pasted [R24]', () => {
  it.each(pasted)('%s: %j', async (_, failed, prepare) => {
    const ledger = signing();
    const record = prepare(ledger);
    const all = (await statuses(ledger)).filter((one) => one.record === record && one.is === 'failed');
    expect(all.map((one) => one.failed!.toSorted())).toContainEqual(expect.arrayContaining(failed));
  });
});

/** Signatures that the ledger would never have taken. */
const forged: [string, string[], (l: PeopleBuilder) => unknown][] = [
  ['by the ledger alone, with another passkey’s assertion', ['passkey'], (l) => byLedgerAlone(l)],
  [
    'by a passkey alone, without the ledger’s key',
    ['esign'],
    (l) => {
      const data = signed(l, STUDY, 'sd-1', APPROVED);
      const other = Buffer.alloc(64, 1).toString('base64');
      const [{ keyid }] = data.envelope.signatures as [{ keyid: string; sig: string }];
      apply(l, STUDY, 'sd-1', {
        ...data,
        envelope: { ...data.envelope, signatures: [{ keyid, sig: other }] },
      });
    },
  ],
  [
    'by a key that the lab never published',
    ['esign'],
    (l) => {
      const data = signed(l, STUDY, 'sd-1', APPROVED);
      const signatures = [{ ...data.envelope.signatures[0]!, keyid: 'deadbeef' }];
      apply(l, STUDY, 'sd-1', { ...data, envelope: { ...data.envelope, signatures } });
    },
  ],
  [
    'with another meaning than those of the list',
    ['statement'],
    (l) => state(l, (s) => (s.predicate.meaning = 'liked')),
  ],
  [
    'over a payload that is not in canonical form',
    ['statement'],
    (l) => {
      const { envelope } = signed(l, STUDY, 'sd-1', APPROVED);
      const text = Buffer.from(envelope.payload, 'base64').toString().replace('{', '{ ');
      apply(l, STUDY, 'sd-1', sealed(l, text, l.passkeys.get(l.credentials.get('sd-1')!)!));
    },
  ],
  [
    'over a record that was something else',
    ['subject'],
    (l) => state(l, (s) => (s.subject[0]!.digest.sha256 = 'a'.repeat(64))),
  ],
  [
    'over a range with another content',
    ['subject'],
    (l) =>
      sign(l, STUDY, 'qa-1', {
        meaning: 'reviewed',
        range: [0, WEIGHT],
        state: (s) => (s.subject[0]!.digest.sha256 = 'a'.repeat(64)),
      }),
  ],
  [
    'over a record that was not there',
    ['subject'],
    (l) => sign(l, STUDY, 'tech-1', { ...PERFORMED, size: WEIGHT }),
  ],
  ['with another root of the study', ['tree'], (l) => state(l, (s) => (s.predicate.tree.root = ROOT))],
  ['with another root of the lab', ['lab'], (l) => state(l, (s) => (s.predicate.lab.root = ROOT))],
  ['with a lab that was not there', ['lab'], (l) => state(l, (s) => (s.predicate.lab.size = l.labSize + 9))],
  [
    'with another printed person',
    ['person', 'credential'],
    (l) => state(l, (s) => (s.predicate.personId = 'fm-1')),
  ],
  [
    'with the name of another person',
    ['name'],
    (l) => state(l, (s) => (s.predicate.printedName = 'Name of fm-1')),
  ],
  [
    'with a name that they had before',
    ['name'],
    (l) => {
      l.administer('PersonRenamed', { person: 'sd-1', name: l.commit('New name of sd-1') });
      sign(l, STUDY, 'sd-1', APPROVED);
    },
  ],
  [
    'in a role that they do not hold',
    ['role', 'meaning'],
    (l) => sign(l, STUDY, 'sd-1', { ...APPROVED, role: 'management' }),
  ],
  ['as another role than its record', ['role'], (l) => state(l, (s) => (s.predicate.role = 'technician'))],
  [
    'by somebody else’s credential',
    ['credential'],
    (l) => sign(l, STUDY, 'sd-1', by(l, l.credentials.get('fm-1')!)),
  ],
  [
    'by a credential that nobody confirmed',
    ['credential'],
    (l) => sign(l, STUDY, 'sd-1', by(l, l.enrol('sd-1', { offer: l.offer('sd-1') }))),
  ],
  [
    'by a credential that was revoked before',
    ['credential'],
    (l) => {
      l.administer('CredentialRevoked', { credential: l.credentials.get('sd-1'), cause: 'lost' });
      sign(l, STUDY, 'sd-1', APPROVED);
    },
  ],
  [
    'from another address',
    ['passkey'],
    (l) => sign(l, STUDY, 'sd-1', { ...APPROVED, origin: 'https://lab.example.evil' }),
  ],
  ['for another site', ['passkey'], (l) => sign(l, STUDY, 'sd-1', { ...APPROVED, rpId: 'evil.example' })],
  [
    'by a passkey that verified nobody',
    ['passkey'],
    (l) => sign(l, STUDY, 'sd-1', { ...APPROVED, presence: 1 }),
  ],
  [
    'with a counter that falls',
    ['counter'],
    (l) => {
      sign(l, STUDY, 'sd-1', { ...APPROVED, counter: 7 });
      sign(l, STUDY, 'sd-1', { ...APPROVED, counter: 7 });
    },
  ],
  [
    'without having attested',
    ['attestation'],
    (l) => {
      l.hire('sd-2', 'director', {}, 'sd-1');
      const weight = l.weigh(STUDY, 'sd-2', { actorrole: 'director' });
      sign(l, STUDY, 'sd-2', { meaning: 'authored', records: [weight] });
    },
  ],
  [
    'a second time',
    ['nonce'],
    (l) => {
      const data = signed(l, STUDY, 'sd-1', APPROVED);
      apply(l, STUDY, 'sd-1', data);
      apply(l, STUDY, 'sd-1', data);
    },
  ],
  [
    'long before it was recorded',
    ['time'],
    (l) => {
      const data = signed(l, STUDY, 'sd-1', APPROVED);
      l.wait(3_600_000);
      apply(l, STUDY, 'sd-1', data);
    },
  ],
  ['as performed, over what somebody else did', ['meaning'], (l) => sign(l, STUDY, 'sd-1', { ...PERFORMED })],
  [
    'as reviewed, over what they made',
    ['meaning'],
    (l) => sign(l, STUDY, 'tech-1', { meaning: 'reviewed', range: [0, WEIGHT] }),
  ],
  [
    'as approved, over a weight',
    ['meaning'],
    (l) => sign(l, STUDY, 'sd-1', { ...APPROVED, records: [WEIGHT] }),
  ],
  [
    'as approved, by a director of other studies',
    ['meaning'],
    (l) => {
      l.hire('sd-2', 'director', {}, 'sd-1');
      l.attest('sd-2');
      sign(l, STUDY, 'sd-2', APPROVED);
    },
  ],
  [
    'as closed, by quality assurance',
    ['meaning'],
    (l) => sign(l, STUDY, 'qa-1', { ...APPROVED, meaning: 'closed' }),
  ],
];
const ROOT = Buffer.alloc(32, 1).toString('base64');

function state(ledger: PeopleBuilder, change: NonNullable<Signing['state']>): number {
  return sign(ledger, STUDY, 'sd-1', { ...APPROVED, state: change });
}

function by(ledger: PeopleBuilder, credential: number): Signing {
  return { ...APPROVED, credential };
}

/** Whoever holds the master seed has the ledger's key, and nobody's passkey. */
function byLedgerAlone(ledger: PeopleBuilder): number {
  const data = signed(ledger, STUDY, 'sd-1', APPROVED);
  const earlier = signed(ledger, STUDY, 'sd-1', { meaning: 'authored', records: [PROTOCOL] });
  return apply(ledger, STUDY, 'sd-1', { ...data, webauthn: earlier.webauthn } satisfies SignatureData);
}

describe('a signature', () => {
  it.each(forged)('%s: %j', async (_, failed, prepare) => {
    const ledger = signing();
    prepare(ledger);
    const all = await found(ledger);
    const last = statusesIn(all).at(-1)!;
    expect(last).toMatchObject({ is: 'failed', failed: expect.arrayContaining(failed) as unknown });
    expect(failuresIn(all.findings)).toContainEqual({ check: 'signature', log: STUDY, record: last.record });
  });
});

describe('a record that was changed after it was signed', () => {
  it('is told once, between the heads that were signed, however many signatures follow', async () => {
    const ledger = signing();
    sign(ledger, STUDY, 'sd-1', APPROVED);
    const later = [1, 2, 3].map(() =>
      sign(ledger, STUDY, 'tech-1', { ...PERFORMED, state: (s) => (s.predicate.tree.root = ROOT) }),
    );
    const failures = failuresIn((await found(ledger)).findings);
    expect(failures.filter((one) => one.check === 'signature')).toEqual([
      { check: 'signature', log: STUDY, record: later[0] },
    ]);
  });
});

describe('what a reader has to weigh', () => {
  it('tells that a credential was revoked near signing', async () => {
    const ledger = signing();
    sign(ledger, STUDY, 'sd-1', APPROVED);
    ledger.administer('CredentialRevoked', { credential: ledger.credentials.get('sd-1'), cause: 'stolen' });
    const report = await check(ledger);
    expect(report.signatures).toMatchObject([{ status: 'valid' }]);
    expect(notes(report, 'signature')).toEqual([expect.stringContaining('revoked near signing')]);
  });

  it('tells that a signature rests on an old state of the lab', async () => {
    const ledger = signing();
    const labSize = ledger.labSize;
    ledger.anchor(STUDY);
    ledger.wait(3_600_000);
    sign(ledger, STUDY, 'sd-1', { ...APPROVED, labSize });
    expect(notes(await check(ledger), 'signature')).toEqual([expect.stringContaining('stale authority')]);
  });
});
