import { LAB_CATALOGUE } from '../../../src/lab/commands/catalogue.js';
import type { ConfirmSite } from '../../../src/lab/commands/confirm-site.command.js';
import { isLinkInForce, siteInForce } from '../../../src/lab/people/standing.js';
import { parseCommand } from '../../../src/study/parse.js';
import { Refusal } from '../../../src/study/refusal.js';
import { PeopleLab, RP_ID } from './people-lab.js';

const SITE = { origin: `https://${RP_ID}`, rpId: RP_ID, zone: 'Europe/Amsterdam', passkeys: 'any' };
const OTHER = 'https://ledger.elsewhere.example';
const OIDC = { issuer: 'https://id.example', clientId: 'ledger' };

describe('a site', () => {
  let lab: PeopleLab;

  beforeEach(async () => {
    lab = await PeopleLab.begun();
    await signIn(SITE.origin, lab.people.sites[0]!.number);
  });

  /** As the server does when an administrator has signed in at an address. */
  async function signIn(signedInAt: string, site: number, actor = 'admin-1') {
    const definition = LAB_CATALOGUE.find(({ name }) => name === 'ConfirmSite')!;
    const id = `00000000-0000-4000-8000-${String(site).padStart(12, '0')}`;
    const submission = { id, study: '', actor, role: '', by: lab.by(actor)! };
    const command = parseCommand<ConfirmSite>(definition as never, { data: { site } }, submission);
    return lab.engine.executeInLab(definition, Object.assign(command as ConfirmSite, { signedInAt }));
  }

  const configure = async (changes: object): Promise<number> =>
    (await lab.done('ConfigureSite', 'admin-1', { ...SITE, ...changes })).records[0]!.number;

  it('is in force only once it is confirmed [R17]', async () => {
    const number = await configure({ zone: 'Europe/London' });
    expect(siteInForce(lab.people)?.zone).toBe('Europe/Amsterdam');
    await lab.done('ConfirmSite', 'admin-1', { site: number });
    expect(siteInForce(lab.people)?.zone).toBe('Europe/London');
    expect(siteInForce(lab.people, number)?.zone).toBe('Europe/Amsterdam');
  });

  it('at another address is confirmed by signing in there, and no other way', async () => {
    const number = await configure({ origin: `https://new.${RP_ID}` });
    expect(await lab.refused('ConfirmSite', 'admin-1', { site: number })).toBe('site-unknown-yet');
    expect(await signIn(SITE.origin, number)).toMatchObject({ code: 'site-unknown-yet' });
    expect(await signIn(`https://new.${RP_ID}`, number)).not.toBeInstanceOf(Refusal);
  });

  it('under another rpId is not put in force before an administrator has a passkey there', async () => {
    const number = await configure({ origin: OTHER, rpId: 'ledger.elsewhere.example' });
    expect(await signIn(OTHER, number)).toMatchObject({ code: 'last-administrator' });
  });

  it('with a provider takes a second person, who is an administrator where there is another one', async () => {
    await lab.join('tech-1', 'technician');
    const first = await configure({ oidc: OIDC });
    expect(await lab.refused('ConfirmSite', 'admin-1', { site: first })).toBe('second-person');
    await lab.done('ConfirmSite', 'tech-1', { site: first });
    await lab.join('admin-2', 'administrator', 'tech-1');
    const second = await configure({ oidc: { ...OIDC, clientId: 'other' } });
    expect(await lab.refused('ConfirmSite', 'tech-1', { site: second })).toBe('second-person');
    await lab.done('ConfirmSite', 'admin-2', { site: second });
  });

  it('is asked for links anew where the client at the provider is another one', async () => {
    await lab.join('tech-1', 'technician');
    const provider = async (clientId: string): Promise<void> => {
      const site = await configure({ oidc: { ...OIDC, clientId } });
      await lab.done('ConfirmSite', 'tech-1', { site });
    };
    const link = () =>
      lab.done('LinkIdentity', 'tech-1', { person: 'tech-1', issuer: OIDC.issuer, subject: '00'.repeat(32) });
    const inForce = (): boolean[] =>
      lab.people.persons.get('tech-1')!.links.map((one) => isLinkInForce(lab.people, one));
    await provider('ledger');
    await link();
    await link();
    expect(inForce()).toEqual([true]);
    await provider('other');
    expect(inForce()).toEqual([false]);
    await link();
    expect(inForce()).toEqual([false, true]);
  });

  it('lets no passkey be copied that the one in force or the newest one forbids', async () => {
    const number = await configure({ passkeys: 'device-bound' });
    await lab.done('ConfirmSite', 'admin-1', { site: number });
    await configure({ origin: `https://new.${RP_ID}`, passkeys: 'any' });
    await lab.hire('tech-1', 'technician');
    await expect(lab.enrol('tech-1', await lab.offer('tech-1'), 'a-key', true)).rejects.toThrow(
      'passkey-syncable',
    );
  });

  it.each([
    [{ origin: `https://new.${RP_ID}`, oidc: OIDC }],
    [{ rpId: 'elsewhere.example' }],
    [{ rpId: 'example' }],
    [{ zone: 'Europe/Atlantis' }],
    [{ origin: 'https://127.0.0.1', rpId: '127.0.0.1' }],
    [{ origin: 'http://ledger.lab.example' }],
  ])('is refused as %j', async (changes) => {
    expect(await lab.refused('ConfigureSite', 'admin-1', { ...SITE, ...changes })).toBe('field-invalid');
  });
});
