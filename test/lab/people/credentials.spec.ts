import { usableCredentials } from '../../../src/lab/people/standing.js';
import { Refusal } from '../../../src/study/refusal.js';
import { PeopleLab, RP_ID } from './people-lab.js';

const DAY_MS = 86_400_000;

describe('a passkey', () => {
  let lab: PeopleLab;

  beforeEach(async () => {
    lab = await PeopleLab.begun();
  });

  const usable = (person: string): number =>
    usableCredentials(lab.people, lab.people.persons.get(person)!).length;

  it('of the first administrator is confirmed by the ledger in the same batch', () => {
    const [credential] = lab.people.persons.get('admin-1')!.credentials;
    expect(credential?.confirmed).toMatchObject({ by: 'study-ledger', identity: 'system' });
    expect(lab.people.begunAt).toBe(credential!.number + 1);
  });

  it('is enrolled once by a link, and by its newest link only', async () => {
    await lab.hire('tech-1', 'technician');
    const [older, newer] = [await lab.offer('tech-1'), await lab.offer('tech-1')];
    await expect(lab.enrol('tech-1', older)).rejects.toThrow('offer-invalid');
    await lab.enrol('tech-1', newer);
    await expect(lab.enrol('tech-1', newer)).rejects.toThrow('offer-invalid');
  });

  it('is not enrolled by a link of somebody else, a wrong one, or one that has ended', async () => {
    await lab.hire('tech-1', 'technician');
    await lab.hire('tech-2', 'technician');
    const code = await lab.offer('tech-1', 'admin-1', { hours: 1 });
    await expect(lab.enrol('tech-2', code)).rejects.toThrow('offer-invalid');
    await expect(lab.enrol('tech-1', `${code.slice(1)}A`)).rejects.toThrow('offer-invalid');
    lab.later(3_600_000);
    await expect(lab.enrol('tech-1', code)).rejects.toThrow('offer-invalid');
  });

  it('is never enrolled twice, whoever had it and whether it was revoked', async () => {
    await lab.hire('tech-1', 'technician');
    await lab.hire('tech-2', 'technician');
    const credential = await lab.enrol('tech-1', await lab.offer('tech-1'), 'the-same-key');
    await lab.done('RevokeCredential', 'admin-1', { credential, cause: 'stolen' });
    await expect(lab.enrol('tech-2', await lab.offer('tech-2'), 'the-same-key')).rejects.toThrow(
      'credential-exists',
    );
  });

  it('allows nothing before it is confirmed [R27]', async () => {
    await lab.hire('tech-1', 'technician');
    await lab.enrol('tech-1', await lab.offer('tech-1'));
    expect(usable('tech-1')).toBe(0);
    expect(await lab.refused('IssueToken', 'tech-1', tokenOf('tech-1'))).toBe('credential-pending');
  });

  it('is confirmed by the offerer only while nobody else could', async () => {
    await lab.join('tech-1', 'technician');
    await lab.hire('tech-2', 'technician');
    const credential = await lab.enrol('tech-2', await lab.offer('tech-2'));
    const confirm = { credential, identity: 'in-person' };
    expect(await lab.refused('ConfirmCredential', 'admin-1', confirm)).toBe('second-person');
    await lab.done('ConfirmCredential', 'tech-1', confirm);
    expect(usable('tech-2')).toBe(1);
  });

  it('counts whoever the offerer put out of the way in the last 30 days', async () => {
    await lab.join('tech-1', 'technician');
    await lab.done('DeactivatePerson', 'admin-1', { person: 'tech-1', cause: 'left' });
    await lab.hire('tech-2', 'technician');
    const confirm = {
      credential: await lab.enrol('tech-2', await lab.offer('tech-2')),
      identity: 'in-person',
    };
    expect(await lab.refused('ConfirmCredential', 'admin-1', confirm)).toBe('second-person');
    lab.later(30 * DAY_MS);
    await lab.done('ConfirmCredential', 'admin-1', confirm);
  });

  it('is never confirmed by its holder, nor by another id of the same human [R26 R27]', async () => {
    await lab.join('tech-1', 'technician');
    await lab.done('RegisterPerson', 'admin-1', { person: 'tech-1b', name: 'T', sameIndividual: 'tech-1' });
    const credential = await lab.enrol('tech-1b', await lab.offer('tech-1b'));
    expect(await lab.refused('ConfirmCredential', 'tech-1', { credential, identity: 'in-person' })).toBe(
      'second-person',
    );
  });

  it('beside one that holds is confirmed by the holder alone, with the earlier one', async () => {
    await lab.join('tech-1', 'technician');
    const credential = await lab.enrol('tech-1');
    expect(await lab.refused('ConfirmCredential', 'admin-1', { credential, identity: 'in-person' })).toBe(
      'second-person',
    );
    await lab.done('ConfirmCredential', 'tech-1', { credential, identity: 'own-earlier-credential' });
    expect(usable('tech-1')).toBe(2);
  });

  it('of a recovery ends the earlier ones once it is confirmed, not before [R21 R26]', async () => {
    await lab.join('tech-1', 'technician');
    await lab.join('tech-2', 'technician', 'tech-1');
    const code = await lab.offer('tech-2', 'admin-1', { recovery: true });
    const credential = await lab.enrol('tech-2', code);
    expect(usable('tech-2')).toBe(1);
    await lab.done('ConfirmCredential', 'tech-1', { credential, identity: 'document' });
    const [first, second] = lab.people.persons.get('tech-2')!.credentials;
    expect([first?.revoked, second?.revoked]).toEqual([expect.objectContaining({ by: 'tech-1' }), undefined]);
  });

  it('that works is not put aside by an administrator’s recovery alone [R26]', async () => {
    await lab.join('tech-1', 'technician');
    const credential = await lab.enrol('tech-1', await lab.offer('tech-1', 'admin-1', { recovery: true }));
    const confirm = { credential, identity: 'in-person' };
    expect(await lab.refused('ConfirmCredential', 'admin-1', confirm)).toBe('second-person');
    await lab.done('RevokeCredential', 'admin-1', { credential: lab.passkeys.get('tech-1'), cause: 'lost' });
    expect(await lab.refused('ConfirmCredential', 'admin-1', confirm)).toBe('second-person');
  });

  it('that a thief enrolled meanwhile ends with the recovery as well', async () => {
    await lab.join('tech-1', 'technician');
    await lab.join('tech-2', 'technician', 'tech-1');
    const code = await lab.offer('tech-2', 'admin-1', { recovery: true });
    const credential = await lab.enrol('tech-2', code);
    const theirs = await lab.enrol('tech-2');
    await lab.done('ConfirmCredential', 'tech-2', { credential: theirs, identity: 'own-earlier-credential' });
    await lab.done('ConfirmCredential', 'tech-1', { credential, identity: 'document' });
    const held = usableCredentials(lab.people, lab.people.persons.get('tech-2')!);
    expect(held.map(({ number }) => number)).toEqual([credential]);
  });

  it('is enrolled without a link by its holder only, who has just used one that holds', async () => {
    await lab.join('tech-1', 'technician');
    const own = lab.passkeys.get('tech-1')!;
    lab.passkeys.set('tech-2', own);
    await lab.hire('tech-2', 'technician');
    await expect(lab.enrol('tech-2')).rejects.toThrow('sign-in-required');
    const stale = { ...lab.by('tech-1')!, signedInMs: lab.nowMs - 5 * 60_000 - 1 };
    expect(await lab.send('EnrolCredential', 'tech-1', KEY, { by: stale })).toMatchObject({
      code: 'passkey-required',
    });
    await lab.done('RevokeCredential', 'tech-1', { credential: own, cause: 'stolen' });
    await expect(lab.enrol('tech-1')).rejects.toThrow('sign-in-required');
  });

  it('asks for one that was used within five minutes', async () => {
    const by = { ...lab.by('admin-1')!, signedInMs: lab.nowMs - 5 * 60_000 - 1 };
    const answer = await lab.send('RegisterPerson', 'admin-1', { person: 'tech-1', name: 'T' }, { by });
    expect(answer).toMatchObject({ code: 'passkey-required' });
    const oidc = { method: 'oidc', signedInMs: lab.nowMs, identity: 1 } as const;
    expect(
      await lab.send('RegisterPerson', 'admin-1', { person: 'tech-1', name: 'T' }, { by: oidc }),
    ).toBeInstanceOf(Refusal);
  });
});

const KEY = {
  person: 'tech-1',
  credentialId: 'AAAA',
  publicKey: 'BBBB',
  alg: -7,
  rpId: RP_ID,
  label: 'Key',
  backupEligible: false,
  attachment: 'platform',
};

function tokenOf(person: string) {
  return { person, label: 'Balance', roles: ['technician'], until: '2026-04-01T00:00:00Z' };
}
