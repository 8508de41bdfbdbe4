/** Studies whose acts hold once they are signed: what was done before that, or without that, is named. */
import { CATALOGUE } from '../../src/study/catalogue.js';
import { AFTER_CLOSE, BEFORE_PROTOCOL, NOT_REVIEWED } from '../../src/verify/checks/governance/rules.js';
import { PeopleBuilder } from './people-builder.js';
import { found } from './people-checks.js';
import { sign } from './signing.js';

const LOG = 'study-GOV-01';

/** Everybody whom a governed study takes, and the study with a protocol that nobody has signed. */
function governed(protocol: object = {}): PeopleBuilder {
  const ledger = PeopleBuilder.begun();
  const roles = { 'sd-1': 'director', 'sd-2': 'director', 'tech-1': 'technician', 'vet-1': 'veterinarian' };
  const others = { 'qa-1': 'quality', 'fm-1': 'management', 'stat-1': 'statistician' };
  for (const [person, role] of Object.entries({ ...roles, ...others })) {
    ledger.hire(person, role, {}, person === 'sd-1' ? 'admin-1' : 'sd-1');
    ledger.attest(person);
  }
  ledger.open('GOV-01', 'sd-1', { data: { governance: 'signed' } });
  ledger.direct(LOG, 'ProtocolApproved', { version: 1, protocol }, 'sd-1');
  return ledger;
}
const PROTOCOL = 1;

/** The same with its protocol signed, and a weight. */
function running(protocol: object = {}, weight: object = {}): PeopleBuilder {
  const ledger = governed(protocol);
  sign(ledger, LOG, 'sd-1', { meaning: 'approved', records: [PROTOCOL] });
  ledger.weigh(LOG, 'tech-1', { protocolversion: 1, ...weight });
  return ledger;
}
const WEIGHT = 3;

function review(ledger: PeopleBuilder): void {
  const to = ledger.trees.get(LOG)!.size - 1;
  const made = ledger.add(
    LOG,
    'TrailReviewed',
    { from: 0, to, findings: 'None' },
    by(ledger, 'stat-1', 'ReviewTrail'),
  );
  sign(ledger, LOG, 'stat-1', { meaning: 'reviewed', records: [made] });
}

function by(ledger: PeopleBuilder, actor: string, command: string): object {
  return { actor, actorrole: ledger.roles.get(actor), command, session: ledger.sessions.get(actor) };
}

function close(ledger: PeopleBuilder): number {
  const closed = ledger.direct(LOG, 'StudyClosed', { outcome: 'completed' }, 'sd-1');
  return sign(ledger, LOG, 'sd-1', { meaning: 'closed', records: [closed] });
}

function archive(ledger: PeopleBuilder): number {
  const archived = ledger.direct(LOG, 'StudyArchived', { location: 'Room 1' }, 'fm-1', 'management');
  return sign(ledger, LOG, 'fm-1', { meaning: 'archived', records: [archived] });
}

const acknowledge = (ledger: PeopleBuilder): number =>
  ledger.direct(LOG, 'DeviationAcknowledged', { target: target(ledger), assessment: 'None' }, 'sd-1');
const target = (ledger: PeopleBuilder) => ({ number: WEIGHT, leaf: ledger.leafOf(LOG, WEIGHT) });
const witness = (ledger: PeopleBuilder): number =>
  ledger.add(LOG, 'RecordWitnessed', { target: target(ledger) }, by(ledger, 'vet-1', 'WitnessRecord'));

async function told(ledger: PeopleBuilder): Promise<string[]> {
  const { findings } = await found(ledger);
  return findings
    .filter(({ check, severity }) => severity === 'fail' && check !== 'schema')
    .map(({ message }) => message);
}

const DEVIATION = { data: { flags: ['deviation', 'minute-off'] } };
const WITNESSED = { witnessed: ['RecordBodyWeight'] };

describe('a governed study', () => {
  it('from its protocol to its archive has nothing wrong', async () => {
    const ledger = running(WITNESSED, DEVIATION);
    sign(ledger, LOG, 'sd-1', { meaning: 'acknowledged', records: [acknowledge(ledger)] });
    sign(ledger, LOG, 'vet-1', { meaning: 'witnessed', records: [witness(ledger)] });
    review(ledger);
    const [closed, archived] = [close(ledger), archive(ledger)];
    expect(await told(ledger)).toEqual([]);
    expect((await found(ledger)).findings).toContainEqual(
      expect.objectContaining({
        check: 'governance',
        severity: 'note',
        message: `its acts hold once they are signed: protocol signed by record 2, closed from record ${closed} on, archived from record ${archived} on`,
      }),
    );
  });

  it('goes on after it was reopened', async () => {
    const ledger = running();
    review(ledger);
    close(ledger);
    const reopened = ledger.direct(LOG, 'StudyReopened', {}, 'sd-1');
    sign(ledger, LOG, 'sd-1', { meaning: 'approved', records: [reopened] });
    ledger.weigh(LOG, 'tech-1');
    review(ledger);
    close(ledger);
    expect(await told(ledger)).toEqual([]);
  });

  it('is open while its closing waits for its signature, and says so', async () => {
    const ledger = running();
    const closed = ledger.direct(LOG, 'StudyClosed', { outcome: 'completed' }, 'sd-1');
    ledger.weigh(LOG, 'tech-1');
    expect(await told(ledger)).toEqual([]);
    expect((await found(ledger)).findings).toContainEqual(
      expect.objectContaining({ check: 'governance', severity: 'note', record: closed }),
    );
  });

  it('is directed by the next director from the second signature on', async () => {
    const ledger = running();
    const handed = ledger.direct(LOG, 'StudyHandedOver', { to: 'sd-2' }, 'sd-1');
    sign(ledger, LOG, 'sd-1', { meaning: 'approved', records: [handed] });
    ledger.direct(LOG, 'SubjectExcluded', {}, 'sd-1');
    sign(ledger, LOG, 'sd-2', { meaning: 'approved', records: [handed] });
    ledger.direct(LOG, 'SubjectExcluded', {}, 'sd-2');
    expect(await told(ledger)).toEqual([]);
  });
});

const wrong: [string, RegExp, () => PeopleBuilder][] = [
  [
    'data before the protocol was signed',
    /^record 2 was made before the protocol was signed in record 3$/,
    () => {
      const ledger = governed();
      ledger.weigh(LOG, 'tech-1');
      sign(ledger, LOG, 'sd-1', { meaning: 'approved', records: [PROTOCOL] });
      return ledger;
    },
  ],
  [
    'data without a signed protocol',
    /^records 2, 3 were made before the protocol was signed, which nobody has done$/,
    () => {
      const ledger = governed();
      ledger.weigh(LOG, 'tech-1');
      ledger.weigh(LOG, 'tech-1');
      return ledger;
    },
  ],
  [
    'an act of the next director after one signature of two',
    /is a SubjectExcluded by sd-2: the study’s director was sd-1/,
    () => {
      const ledger = running();
      const handed = ledger.direct(LOG, 'StudyHandedOver', { to: 'sd-2' }, 'sd-1');
      sign(ledger, LOG, 'sd-1', { meaning: 'approved', records: [handed] });
      ledger.direct(LOG, 'SubjectExcluded', {}, 'sd-2');
      return ledger;
    },
  ],
  [
    'an act of the former director after both signatures',
    /is a SubjectExcluded by sd-1: the study’s director was sd-2/,
    () => {
      const ledger = running();
      const handed = ledger.direct(LOG, 'StudyHandedOver', { to: 'sd-2' }, 'sd-1');
      for (const person of ['sd-1', 'sd-2'])
        sign(ledger, LOG, person, { meaning: 'approved', records: [handed] });
      ledger.direct(LOG, 'SubjectExcluded', {}, 'sd-1');
      return ledger;
    },
  ],
  [
    'a replacement that management did not sign',
    /is a SubjectExcluded by sd-2: the study’s director was sd-1/,
    () => {
      const ledger = running();
      ledger.direct(LOG, 'DirectorReplaced', { director: 'sd-2' }, 'fm-1', 'management');
      ledger.direct(LOG, 'SubjectExcluded', {}, 'sd-2');
      return ledger;
    },
  ],
  [
    'a closing with a deviation that nobody acknowledged',
    /signs that the study is closed while a deviation was not acknowledged and signed by the director: 3$/,
    () => closed(running({}, DEVIATION)),
  ],
  [
    'a closing with an acknowledgement that nobody signed',
    /a deviation was not acknowledged and signed by the director: 3$/,
    () => {
      const ledger = running({}, DEVIATION);
      acknowledge(ledger);
      return closed(ledger);
    },
  ],
  [
    'a closing without a witness that the protocol asks for',
    /a witness that the protocol asks for was missing, or had not signed: 3$/,
    () => {
      const ledger = running(WITNESSED);
      witness(ledger);
      return closed(ledger);
    },
  ],
  [
    'a closing of what nobody reviewed',
    /records were in no signed review: 0, 1, 3$/,
    () => {
      const ledger = running();
      close(ledger);
      return ledger;
    },
  ],
  [
    'a closing with an amendment that nobody signed',
    /a protocol or an amendment was not signed: 4$/,
    () => {
      const ledger = running();
      ledger.direct(LOG, 'ProtocolAmended', { version: 2 }, 'sd-1');
      return closed(ledger);
    },
  ],
  [
    'data after the closing',
    /was made after record \d+ signed that the study is closed, and not marked as found after it$/,
    () => {
      const ledger = closed(running());
      ledger.weigh(LOG, 'tech-1');
      return ledger;
    },
  ],
  [
    'an archive with something found after the closing that nobody signed',
    /signs that the study is archived while what was found after closing was not signed by the director: \d+$/,
    () => {
      const ledger = closed(running());
      ledger.weigh(LOG, 'tech-1', { data: { flags: ['after-close'] } });
      review(ledger);
      archive(ledger);
      return ledger;
    },
  ],
  [
    'an archive of a study that is not closed',
    /signs record \d+, a StudyArchived, when the study was open$/,
    () => {
      const ledger = running();
      archive(ledger);
      return ledger;
    },
  ],
  [
    'anything after the archive',
    /was made after record \d+ signed that the study is archived$/,
    () => {
      const ledger = closed(running());
      archive(ledger);
      ledger.correct(LOG, WEIGHT, 'tech-1', 'technician');
      return ledger;
    },
  ],
];

function closed(ledger: PeopleBuilder): PeopleBuilder {
  review(ledger);
  close(ledger);
  return ledger;
}

it.each(wrong)('names %s', async (_, message, forge) => {
  expect(await told(forge())).toEqual([expect.stringMatching(message)]);
});

describe('a study that did not choose it', () => {
  it('takes signatures, and nothing waits for them', async () => {
    const ledger = governed();
    const log = ledger.open('OLD-01');
    ledger.direct(log, 'ProtocolApproved', { version: 1 }, 'sd-1');
    ledger.weigh(log, 'tech-1');
    ledger.direct(log, 'StudyHandedOver', { to: 'sd-2' }, 'sd-1');
    ledger.direct(log, 'StudyClosed', { outcome: 'completed' }, 'sd-2');
    expect(await told(ledger)).toEqual([]);
  });
});

describe('the verifier’s rules', () => {
  const types = (which: 'beforeProtocol' | 'afterClose') =>
    CATALOGUE.filter((definition) => definition[which])
      .map(({ records }) => records)
      .sort();

  it('are those of the server', () => {
    expect([...BEFORE_PROTOCOL].filter((type) => type !== 'RecordVoided').sort()).toEqual(
      types('beforeProtocol'),
    );
    expect([...AFTER_CLOSE].sort()).toEqual(types('afterClose'));
    expect([...NOT_REVIEWED].filter((type) => !CATALOGUE.some(({ records }) => records === type))).toEqual(
      [],
    );
  });
});
