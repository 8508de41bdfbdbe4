import type { Browser, Page } from 'playwright-core';
import { expectAccessible, startBrowser } from './browser.js';
import {
  hire,
  makePasskey,
  servingRealLedger,
  somebody,
  type RealLedger,
  type Somebody,
} from './real-ledger.js';

/** As somebody who has seen the person. */
async function confirm(page: Page, person: string): Promise<void> {
  const form = page.getByRole('form', { name: `Confirm the passkey of ${person}` });
  await form.locator('[name=identity]').selectOption('in-person');
  await form.getByRole('button').click();
}

/**
 * An administrator’s first day, in a browser with Chromium’s virtual security keys: from the link that `people begin` prints
 * to a director and a technician who sign in.
 */
describe('people in a browser', () => {
  let browser: Browser;
  let ledger: RealLedger;
  let url: string;
  let admin: Somebody;
  let director: Somebody;
  let technician: Somebody;

  beforeAll(async () => {
    browser = await startBrowser();
    ledger = await servingRealLedger();
    url = ledger.url;
    admin = await anybody();
    await admin.page.goto(ledger.link);
  });
  afterAll(async () => {
    await browser?.close();
    await ledger?.close();
  });

  async function anybody(): Promise<Somebody> {
    const one = await somebody(browser);
    one.page.on('dialog', (dialog) => void dialog.accept());
    return one;
  }

  it('takes the first administrator from the printed link to the page of people', async () => {
    const { page } = admin;
    await page.getByText('A passkey for admin-1').waitFor();
    await makePasskey(admin, 'blue key');
    // The code was sent once, and stands in no address any more.
    expect(page.url()).toBe(`${url}/enrol`);
    await page.getByRole('button', { name: 'Sign in with the passkey' }).click();
    await page.waitForURL(`${url}/people`);
    await page.getByText('admin-1 is the only administrator who can sign in').waitFor();
  });

  it('lets two people enrol by their links, whose passkeys then wait', async () => {
    const links = [
      await hire(admin, url, 'sd-01', 'director'),
      await hire(admin, url, 'tech-1', 'technician'),
    ];
    expect(links[0]).toMatch(/^http:\/\/localhost:\d+\/enrol#sd-01\.[A-Za-z0-9_-]{43}$/);
    director = await anybody();
    technician = await anybody();
    for (const [index, who] of [director, technician].entries()) {
      await who.page.goto(links[index]!);
      await makePasskey(who, 'key');
      await who.page.getByRole('button', { name: 'Sign in with the passkey' }).click();
      await who.page.waitForURL(`${url}/me`);
      await who.page.getByText('Your passkey is not confirmed yet').waitFor();
    }
    // A link works once.
    const other = await anybody();
    await other.page.goto(links[0]!);
    await other.page.getByLabel('What you call it').fill('stolen');
    await other.page.getByRole('button', { name: 'Create the passkey' }).click();
    await other.page.getByText('This link is wrong, was used already, or has ended').waitFor();
    await other.page.context().close();
  });

  it('has one confirmed by whoever is there, the other by a second person, and both sign in', async () => {
    await admin.page.goto(`${url}/people`);
    await confirm(admin.page, 'sd-01');
    await admin.page.getByText('✓ 1 passkey').nth(1).waitFor();
    // Who handed out the link does not confirm it, now that somebody else can.
    await confirm(admin.page, 'tech-1');
    await admin.page.getByText('admin-1 handed out the link, so somebody else has to confirm').waitFor();
    const { page } = director;
    await page.goto(`${url}/me`);
    await confirm(page, 'tech-1');
    await page.getByRole('heading', { name: 'Passkeys that wait' }).waitFor({ state: 'detached' });
    await technician.page.goto(url);
    await technician.page.getByRole('heading', { name: 'Studies of lab.example' }).waitFor();
    expect(await technician.page.locator('.who').textContent()).toContain('tech-1technician');
  });

  it('says at the field what is refused, and keeps what was typed', async () => {
    const { page } = admin;
    await page.goto(`${url}/people`);
    const form = page.getByRole('form', { name: 'Register a person' });
    await form.locator('[name=person]').fill('sd-01');
    await form.locator('[name=name]').fill('Somebody Else');
    await form.getByRole('button').click();
    await form.getByText('sd-01 was given out already').waitFor();
    expect(await form.locator('[name=person]').getAttribute('aria-invalid')).toBe('true');
    expect(await form.locator('[name=name]').inputValue()).toBe('Somebody Else');
  });

  it('warns before the session ends, and is unlocked in place by the same person', async () => {
    const { page } = technician;
    await page.clock.install();
    await page.goto(`${url}/lab`);
    await page.clock.fastForward('13:05');
    await page.getByText(/The session of tech-1 ends in 2 minutes/).waitFor();
    await page.getByRole('button', { name: 'Go on', exact: true }).click();
    await page.getByText(/The session of tech-1 ends/).waitFor({ state: 'hidden' });
    await page.getByLabel('As of').fill('2026-01-02');
    await page.clock.fastForward('15:01');
    await page.getByRole('button', { name: 'Go on as tech-1' }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await page.getByLabel('As of').inputValue()).toBe('2026-01-02');
  });

  it('signs out, and leads to the page that was asked for after signing in', async () => {
    const { page } = director;
    await page.goto(`${url}/lab`);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(`${url}/sign-in`);
    await page.goto(`${url}/lab?on=2026-01-02`);
    expect(page.url()).toBe(`${url}/sign-in?next=%2Flab%3Fon%3D2026-01-02`);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.waitForURL(`${url}/lab?on=2026-01-02`);
  });

  it('says why a passkey did not sign in', async () => {
    const nobody = await anybody();
    await nobody.page.goto(`${url}/sign-in`);
    await nobody.page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await nobody.page.getByText('No passkey was used').waitFor();
    // At another name the page has no script that could use one, and says where the right one is.
    await nobody.page.goto(`${url.replace('localhost', '127.0.0.1')}/sign-in`);
    await nobody.page.getByText(`Passkeys of this ledger work at ${url} only.`).waitFor();
    await nobody.page.context().close();
  });

  it.each(['/people', '/people/tech-1', '/me', '/access', '/sign-in', '/enrol'])(
    '%s has no serious finding of axe and fits, at every width, light and dark',
    async (address) => {
      const { page } = admin;
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        await page.goto(url + address);
        await page.evaluate('document.querySelectorAll("details").forEach((one) => (one.open = true))');
        await expectAccessible(page, address);
      }
    },
  );
});
