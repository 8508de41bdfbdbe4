import { until } from '../support/until.js';
import { closeContext } from './browser.js';
import { outboxOf as outbox } from './network-cut.js';
import { weighingDevices } from './weighing-devices.js';

/** How many entries lie in the browser’s own storage, which is there once one was sent. */
const KEPT = `new Promise((resolve) => {
  const opened = indexedDB.open('study-ledger', 1);
  opened.onsuccess = () => {
    const read = opened.result.transaction('outbox').objectStore('outbox').get('entries');
    read.onsuccess = () => { opened.result.close(); resolve(read.result?.length ?? 0); };
  };
})`;

/** What comes between an entry and its answer: a page that is left, a change, another person, a full storage. */
describe('an entry that is interrupted', () => {
  const at = weighingDevices();
  const { device, signIn, opened, weigh, weights } = at;

  it('says what a network finds too large, and keeps the form as it is', async () => {
    const context = await device();
    const page = await opened(context);
    await page.route('**/bench/enter/**', (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({ status: 413, contentType: 'text/html', body: '<h1>413</h1>' })
        : route.continue(),
    );
    await weigh(page, '271.5');
    await page.getByText('The network takes no entry of this size').waitFor();
    expect(await page.locator('[name="data.weight.value"]').inputValue()).toBe('271.5');
    expect(await outbox(page).isVisible()).toBe(false);
    await closeContext(context);
  });

  it('loses nothing of a page that is left before there are answers', async () => {
    const context = await device();
    const page = await opened(context, '/studies/KET-01/bench/weights');
    const isPosted = page.waitForRequest((request) => request.method() === 'POST');
    // As on a slow network: the request is on its way when the page is left, and does not arrive.
    let isLeft = false;
    await page.route('**/bench/enter/**', (route) => (isLeft ? route.continue() : undefined));
    const typed = ['277.1', '277.2', '277.3'];
    for (const grams of typed) {
      await page.keyboard.type(grams);
      await page.keyboard.press('Enter');
    }
    await isPosted;
    await until(async () => (await page.evaluate(KEPT)) === typed.length);
    isLeft = true;
    await page.getByRole('link', { name: 'Bench' }).first().click();
    await outbox(page).getByText('recorded as').nth(2).waitFor();
    for (const grams of typed)
      expect((await weights(grams)).map(({ data: { flags } }) => flags)).toEqual([['delayed-entry']]);
    await closeContext(context);
  });

  it('says what was recorded where the form was changed meanwhile, and leaves the change for its person', async () => {
    const context = await device();
    const page = await opened(context);
    let goOn!: () => void;
    const isHeld = new Promise<void>((resolve) => (goOn = resolve));
    await page.route('**/bench/enter/**', async (route) => {
      if (!new URLSearchParams(route.request().postData() ?? '').has('dryRun')) await isHeld;
      return route.continue();
    });
    await weigh(page, '278.1');
    await weigh(page, '278.2');
    goOn();
    await page.getByText('What you have changed since is not recorded').waitFor();
    expect([(await weights('278.1')).length, (await weights('278.2')).length]).toEqual([1, 0]);
    expect(await page.locator('[name="data.weight.value"]').inputValue()).toBe('278.2');
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await page.waitForURL(/recorded=/);
    expect([(await weights('278.1')).length, (await weights('278.2')).length]).toEqual([1, 1]);
    await closeContext(context);
  });

  it('keeps and sends where the other storage of the browser is full', async () => {
    const context = await device();
    await context.addInitScript(
      'Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); }',
    );
    const page = await opened(context);
    await context.setOffline(true);
    await weigh(page, '279.1');
    await outbox(page).getByText('waits').waitFor();
    await context.setOffline(false);
    await outbox(page).getByText('recorded as').waitFor();
    expect(await weights('279.1')).toHaveLength(1);
    const run = await opened(context, '/studies/KET-01/bench/threshold?animal=R02');
    for (const key of 'oxoxoxox') await run.keyboard.press(key);
    await run.getByText('The run is complete').waitFor();
    await run.getByRole('button', { name: 'Record the run' }).click();
    await run.waitForURL(/recorded=/);
    await closeContext(context);
  });

  it('does not go on with a run that somebody else began in the same tab', async () => {
    const context = await device();
    const address = '/studies/KET-01/bench/threshold?animal=R05';
    const page = await opened(context, address);
    page.on('dialog', (dialog) => void dialog.accept());
    const touches = page.locator('.up-down [data-part=marks] > g');
    for (const key of 'ox') await page.keyboard.press(key);
    await touches.nth(1).waitFor();
    await signIn(context, 'tech-2');
    await page.goto(at.url + address);
    await page.getByText('A run of R05 was begun by tech-1 and not recorded.').waitFor();
    expect(await touches.count()).toBe(0);
    await signIn(context, 'tech-1');
    await page.goto(at.url + address);
    await page.getByText('The run that was in progress here goes on.').waitFor();
    expect(await touches.count()).toBe(2);
    await closeContext(context);
  });
});
