import type { Response } from 'playwright-core';
import { closeContext, expectAccessible } from './browser.js';
import { loseAnswers, outboxOf as outbox } from './network-cut.js';
import { WEIGHT, weighingDevices, type Recorded } from './weighing-devices.js';

/** What waits in a browser while there is no connection: in real Chromium, on the built program, with the network cut. */

/** Sets back the times at which what waits was entered. Runs in the page. */
function enteredEarlier(byMs: number): Promise<void> {
  return new Promise((resolve) => {
    indexedDB.open('study-ledger').addEventListener('success', ({ target }) => {
      const transaction = (target as IDBOpenDBRequest).result.transaction('outbox', 'readwrite');
      const store = transaction.objectStore('outbox');
      const read = store.get('entries') as IDBRequest<{ enteredAt: string }[]>;
      read.addEventListener('success', () => {
        const earlier = ({ enteredAt }: { enteredAt: string }) =>
          new Date(Date.parse(enteredAt) - byMs).toISOString();
        store.put(
          read.result.map((entry) => ({ ...entry, enteredAt: earlier(entry) })),
          'entries',
        );
      });
      transaction.addEventListener('complete', () => resolve());
    });
  });
}

describe('the outbox', () => {
  const at = weighingDevices();
  const { device, signIn, opened, weigh, records, weights } = at;

  it('keeps an entry while there is no connection, and records it once, with the time when it was entered', async () => {
    const context = await device();
    const page = await opened(context);
    await context.setOffline(true);
    await weigh(page, '251.1');
    await outbox(page).getByText('waits').waitFor();
    expect(await page.locator('[name="data.weight.value"]').inputValue()).toBe('');
    await weigh(page, '251.2');
    await outbox(page).getByRole('listitem').nth(1).waitFor();
    expect(await weights('251.1')).toEqual([]);
    await context.setOffline(false);
    await outbox(page).getByText('recorded as').nth(1).waitFor();
    // One is not told of oneself.
    expect(await page.getByText('recorded meanwhile').count()).toBe(0);
    const [first, ...others] = await weights('251.1');
    expect(others).toEqual([]);
    expect(first).toMatchObject({
      actor: 'tech-1',
      time: first!.data.enteredAt,
      data: { flags: ['delayed-entry'] },
    });
    expect(Date.parse(first!.recordedtime)).toBeGreaterThan(Date.parse(first!.time));
    const made = (await records())
      .map(({ data }) => data.weight?.value)
      .filter((value) => value?.startsWith('251.'));
    expect(made).toEqual(['251.1', '251.2']);
    await closeContext(context);
  });

  it('records in the order of entry, however long the first one is under way', async () => {
    const context = await device();
    const page = await opened(context, '/studies/KET-01/bench/weights');
    let goOn!: () => void;
    const isTyped = new Promise<void>((resolve) => (goOn = resolve));
    await page.route('**/bench/enter/**', async (route) => {
      await isTyped;
      return route.continue();
    });
    const animals = await page
      .locator('[data-animal]')
      .evaluateAll((rows) => rows.slice(0, 3).map((row) => row.getAttribute('data-animal')));
    for (const grams of ['268.1', '268.2', '268.3']) {
      await page.keyboard.type(grams);
      await page.keyboard.press('Enter');
    }
    goOn();
    await page.locator('.round .done').nth(2).waitFor();
    const made = (await records()).filter(({ data }) => data.weight?.value.startsWith('268.'));
    expect(made.map(({ subject, data }) => [subject, data.weight!.value])).toEqual(
      animals.map((animal, index) => [animal, `268.${index + 1}`]),
    );
    await closeContext(context);
  });

  it('keeps what is typed while the entry before is still under way, and sends it as the next one', async () => {
    const context = await device();
    const page = await opened(context);
    let giveUp!: () => void;
    const isHeld = new Promise<void>((resolve) => (giveUp = resolve));
    const held = page.waitForRequest((request) => {
      return request.method() === 'POST' && request.url().includes('/bench/enter/');
    });
    await page.route('**/bench/enter/**', async (route) => {
      if (new URLSearchParams(route.request().postData() ?? '').has('dryRun')) return route.abort();
      await isHeld;
      return route.abort();
    });
    await weigh(page, '269.1');
    await held;
    await weigh(page, '269.2');
    // The second tap on the same entry.
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    giveUp();
    await outbox(page).getByRole('listitem').nth(1).waitFor();
    expect(await page.locator('[name="data.weight.value"]').inputValue()).toBe('');
    await page.unroute('**/bench/enter/**');
    await outbox(page).getByText('recorded as').nth(1).waitFor();
    const made = (await records()).map(({ data }) => data.weight?.value);
    expect(made.filter((value) => value?.startsWith('269.'))).toEqual(['269.1', '269.2']);
    await closeContext(context);
  });

  it('records once what was recorded before its answer was lost', async () => {
    const context = await device();
    const page = await opened(context);
    const heal = await loseAnswers(page);
    await weigh(page, '252.1');
    await outbox(page).getByText('waits').waitFor();
    expect(await weights('252.1')).toHaveLength(1);
    await heal();
    await outbox(page).getByText('recorded as').waitFor();
    const [only, ...others] = await weights('252.1');
    expect([others, only!.data.enteredAt]).toEqual([[], undefined]);
    await closeContext(context);
  });

  it('keeps what the server cannot record now, and says that it is tried again', async () => {
    const context = await device();
    const page = await opened(context);
    await page.route('**/bench/enter/**', (route) =>
      route.request().method() === 'POST' ? route.fulfill({ status: 503, body: '{}' }) : route.continue(),
    );
    await weigh(page, '253.1');
    await outbox(page).getByText('The server does not answer').waitFor();
    await page.unroute('**/bench/enter/**');
    // Without a hand.
    await outbox(page).getByText('recorded as').waitFor();
    expect(await weights('253.1')).toHaveLength(1);
    await closeContext(context);
  });

  it.each([
    [200, '271.1'],
    [429, '271.2'],
  ])('keeps what something else than the server answers, with %d', async (status, grams) => {
    const context = await device();
    const page = await opened(context);
    await page.route('**/bench/enter/**', (route) =>
      route.request().method() === 'POST'
        ? route.fulfill({ status, contentType: 'text/html', body: '<h1>Guest network</h1>' })
        : route.continue(),
    );
    // As it is sent from its form, and as it is sent again from what waits.
    await weigh(page, grams);
    await outbox(page).getByText('The server does not answer').waitFor();
    const again = page.waitForResponse((response) => response.request().method() === 'POST');
    await page.getByRole('button', { name: 'Send now' }).click();
    expect((await again).status()).toBe(status);
    await outbox(page).getByText('waits').waitFor();
    expect(await weights(grams)).toEqual([]);
    await page.unroute('**/bench/enter/**');
    await outbox(page).getByText('recorded as').waitFor();
    expect(await weights(grams)).toHaveLength(1);
    await closeContext(context);
  });

  it('sends from one page where several are open, and both say so', async () => {
    const context = await device();
    const [page, other] = [await opened(context), await opened(context, `${WEIGHT}&reason=other`)];
    let sent = 0;
    context.on(
      'request',
      (request) => void (request.method() === 'POST' && /bench/.test(request.url()) && sent++),
    );
    await context.setOffline(true);
    await weigh(page, '254.1');
    await weigh(other, '254.2');
    for (const one of [page, other]) await outbox(one).getByRole('listitem').nth(1).waitFor();
    const tried = sent;
    await context.setOffline(false);
    for (const one of [page, other])
      await outbox(one).getByText('waits').first().waitFor({ state: 'detached' });
    expect([await weights('254.1'), await weights('254.2')].map(({ length }) => length)).toEqual([1, 1]);
    expect(sent - tried).toBeLessThanOrEqual(4);
    await closeContext(context);
  });

  it('survives the page that is loaded anew', async () => {
    const context = await device();
    const page = await opened(context);
    await context.setOffline(true);
    await weigh(page, '255.1');
    await outbox(page).getByText('waits').waitFor();
    await page.close();
    await context.setOffline(false);
    const next = await opened(context, '/studies/KET-01');
    await outbox(next).getByText('recorded as').waitFor();
    expect(await weights('255.1')).toHaveLength(1);
    await closeContext(context);
  });

  it('waits for its person: others are told how many there are, and record none of them', async () => {
    const context = await device();
    const page = await opened(context);
    await context.setOffline(true);
    for (const grams of ['256.1', '256.2']) await weigh(page, grams);
    await outbox(page).getByRole('listitem').nth(1).waitFor();
    await page.close();
    await context.setOffline(false);
    await signIn(context, 'tech-2');
    const theirs = await opened(context);
    await outbox(theirs).getByText('2 entries of tech-1 wait').waitFor();
    await weigh(theirs, '256.3');
    await theirs.waitForURL(/recorded=/);
    expect([await weights('256.1'), await weights('256.2')]).toEqual([[], []]);
    expect((await weights('256.3')).map(({ actor }) => actor)).toEqual(['tech-2']);
    await signIn(context, 'tech-1');
    const again = await opened(context);
    await outbox(again).getByText('recorded as').nth(1).waitFor();
    expect((await weights('256.2')).map(({ actor }) => actor)).toEqual(['tech-1']);
    await closeContext(context);
  });

  it('records nothing of one person in the session of another that began on another page', async () => {
    const context = await device();
    const page = await opened(context);
    await signIn(context, 'tech-2');
    await weigh(page, '257.1');
    await page.getByText('This was entered by tech-1, and tech-2 is signed in.').waitFor();
    await page.getByRole('button', { name: 'Go on as tech-1' }).click();
    await page.waitForURL(/recorded=/);
    expect((await weights('257.1')).map(({ actor }) => actor)).toEqual(['tech-1']);
    await closeContext(context);
  });

  it('keeps a refused entry with the reason until it is sent again from its form', async () => {
    const context = await device();
    const page = await opened(context, '/studies/KET-01/bench/enter/record-body-weight');
    await context.setOffline(true);
    await page.locator('[name=subject]').fill('R99');
    await weigh(page, '258.1');
    await outbox(page).getByText('waits').waitFor();
    await context.setOffline(false);
    await outbox(page).getByText('was not recorded: R99 is not enrolled').waitFor();
    await outbox(page).getByRole('button', { name: 'Open the form' }).click();
    await page.locator('main [name="data.weight.value"][value="258.1"]').waitFor();
    await page.locator('[name=subject]').fill('R02');
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await page.waitForURL(/recorded=/);
    expect(await outbox(page).isVisible()).toBe(false);
    expect((await weights('258.1')).map(({ data: { flags } }) => flags)).toEqual([['delayed-entry']]);
    await closeContext(context);
  });

  it('discards with a reason, also without a connection, and the discard is a record', async () => {
    const context = await device();
    const page = await opened(context);
    await context.setOffline(true);
    await weigh(page, '259.1');
    await outbox(page).locator('summary').click();
    await outbox(page).getByLabel('Why it is not to be recorded').fill('Wrong animal');
    await outbox(page).getByRole('button', { name: 'Discard' }).click();
    await outbox(page).getByText('the discard waits: “Wrong animal”').waitFor();
    await context.setOffline(false);
    await outbox(page).getByText('recorded as').waitFor();
    expect(await weights('259.1')).toEqual([]);
    const discarded = (await records()).filter(({ type }) => type === 'EntryDiscarded');
    expect(discarded).toMatchObject([
      {
        actor: 'tech-1',
        reason: 'Wrong animal',
        data: { command: 'RecordBodyWeight', flags: ['delayed-entry'] },
      },
    ]);
    await closeContext(context);
  });

  it('does not give up what was recorded before its answer was lost', async () => {
    const context = await device();
    const page = await opened(context);
    const heal = await loseAnswers(page);
    await weigh(page, '260.1');
    await outbox(page).locator('summary').click();
    await heal();
    await page.route('**/bench/enter/**', (route) => route.abort());
    await outbox(page).getByLabel('Why it is not to be recorded').fill('Wrong animal');
    await outbox(page).getByRole('button', { name: 'Discard' }).click();
    await outbox(page).getByText('the discard waits').waitFor();
    await page.unroute('**/bench/enter/**');
    // As the browser says it when the connection is back: the button may be gone, where it was tried again by itself.
    await page.evaluate('dispatchEvent(new Event("online"))');
    await outbox(page).getByText('correct or void that record').waitFor();
    expect(await weights('260.1')).toHaveLength(1);
    await outbox(page).getByText('waits').waitFor({ state: 'detached' });
    await closeContext(context);
  });

  it('warns who signs out while something waits', async () => {
    const context = await device();
    const page = await opened(context);
    await context.setOffline(true);
    await weigh(page, '261.1');
    await outbox(page).getByText('waits').waitFor();
    const asked = page.waitForEvent('dialog');
    await page.getByRole('button', { name: 'Sign out' }).click({ noWaitAfter: true });
    const dialog = await asked;
    expect(dialog.message()).toContain('1 entry of tech-1 is not yet recorded.');
    await dialog.dismiss();
    expect(page.url()).toBe(at.url + WEIGHT);
    await context.setOffline(false);
    await outbox(page).getByText('recorded as').waitFor();
    await closeContext(context);
  });

  it('sends what waits when a session that ended meanwhile is unlocked in place', async () => {
    const context = await device();
    const page = await opened(context);
    await context.setOffline(true);
    await weigh(page, '262.1');
    await outbox(page).getByText('waits').waitFor();
    await context.clearCookies();
    await context.setOffline(false);
    // Nobody is signed in any more, as the server sees it.
    await page.getByRole('button', { name: 'Go on as tech-1' }).click();
    await outbox(page).getByText('recorded as').waitFor();
    expect((await weights('262.1')).map(({ actor }) => actor)).toEqual(['tech-1']);
    await closeContext(context);
  });

  it('says at once where the browser keeps nothing, and the form stays filled in', async () => {
    const context = await device();
    await context.addInitScript(
      'IDBFactory.prototype.open = () => { throw new DOMException("denied", "SecurityError"); }',
    );
    const page = await opened(context);
    await page.getByText('This browser keeps no entries').first().waitFor();
    await context.setOffline(true);
    await weigh(page, '263.1');
    await page.getByText('Nothing is recorded: leave this page open').waitFor();
    expect(await page.locator('[name="data.weight.value"]').inputValue()).toBe('263.1');
    await context.setOffline(false);
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    await page.waitForURL(/recorded=/);
    expect(await weights('263.1')).toHaveLength(1);
    await closeContext(context);
  });

  it('leaves a form that the browser sends where it is while there is no connection, with what was typed', async () => {
    const context = await device('sd-01');
    const alert = 'No connection. What you typed is still here: send it again when the connection is back.';
    const enrolled = (await records()).findIndex(({ type }) => type === 'SubjectEnrolled');
    const correct = await opened(context, `/studies/KET-01/records/${enrolled}/correct`);
    await correct.locator('[name="data.strain"]').fill('Crl:WI');
    await correct.locator('[name=reason]').fill('The strain of the other cage was typed');
    const amend = await opened(context, '/studies/KET-01/protocol?amend=yes');
    await amend.locator('[name=reason]').fill('The title was misspelt');
    const sheet = await opened(context, '/studies/KET-01/import');
    await context.setOffline(true);
    const show = correct.getByRole('button', { name: 'Show what changes' });
    await show.click();
    await correct.getByText(alert).waitFor();
    await amend.getByRole('button', { name: 'Amend the protocol' }).click();
    await amend.getByText(alert).waitFor();
    await sheet.locator('[name=file]').setInputFiles({
      name: 'weights.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from('animal,weight\nR01,250'),
    });
    await sheet.getByText(alert).waitFor();
    // Nor by a network that answers everything with a page of its own.
    await context.setOffline(false);
    const portal = { status: 200, contentType: 'text/html', body: '<h1>Guest network</h1>' };
    await context.route('**/*', (route) => route.fulfill(portal));
    await Promise.all([correct.waitForResponse('**/health'), show.click()]);
    await correct.getByText(alert).waitFor();
    await context.unroute('**/*');
    expect(await correct.locator('[name="data.strain"]').inputValue()).toBe('Crl:WI');
    expect(await amend.locator('[name=reason]').inputValue()).toBe('The title was misspelt');

    // Nor is it sent in the session of somebody else who signed in on another page.
    await signIn(context, 'tech-2');
    await show.click();
    await correct.getByText('This was entered by sd-01, and tech-2 is signed in.').waitFor();
    await correct.getByRole('button', { name: 'Go on as sd-01' }).click();
    await correct.getByRole('button', { name: 'Record the correction' }).waitFor();
    const isPosted = (answer: Response) => answer.request().method() === 'POST';
    await Promise.all([
      amend.waitForResponse((answer) => isPosted(answer) && answer.url().endsWith('/protocol')),
      amend.getByRole('button', { name: 'Amend the protocol' }).click(),
    ]);
    await sheet.getByRole('button', { name: 'Look at the sheet' }).click();
    await sheet.getByText('R01').first().waitFor();
    await closeContext(context);
  });

  it('records once where the button is tapped twice, the page is loaded again, and one goes back', async () => {
    const context = await device();
    const page = await opened(context);
    await page.locator('[name="data.weight.value"]').fill('274.1');
    await page.getByRole('button', { name: 'Record', exact: true }).dblclick();
    await page.waitForURL(/recorded=/);
    await page.reload();
    await page.goBack();
    await page.getByRole('button', { name: 'Record', exact: true }).waitFor();
    expect(await page.locator('[name="data.weight.value"]').inputValue()).toBe('');
    await page.goForward();
    await page.waitForURL(/recorded=/);
    expect(await weights('274.1')).toHaveLength(1);
    await closeContext(context);
  });

  it('stays open where a link is followed, something is looked for or the page is loaded anew without a connection', async () => {
    const context = await device();
    const page = await opened(context);
    await page.locator('[name="data.weight.value"]').fill('272.1');
    await context.setOffline(true);
    const stays = page.getByText('No connection. This page stays open');
    await page.getByRole('link', { name: 'Animals', exact: true }).click();
    await stays.waitFor();
    await expectAccessible(page, 'a link that was not followed');
    await page.getByLabel('Record number or animal').fill('R01');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByText('No connection. What you typed is still here').waitFor();
    const asked = page.waitForEvent('dialog');
    await page.evaluate('void setTimeout(() => location.reload())');
    const dialog = await asked;
    expect(dialog.type()).toBe('beforeunload');
    await dialog.dismiss();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByText('tech-1 is still signed in on this device').waitFor();
    // A network that wants a sign-in of its own is no connection.
    await page.route('**/health', (route) =>
      route.fulfill({ status: 200, contentType: 'text/html', body: '<h1>Guest network</h1>' }),
    );
    await page.getByRole('link', { name: 'Records', exact: true }).click();
    await stays.waitFor();
    expect(page.url()).toBe(at.url + WEIGHT);
    expect(await page.locator('[name="data.weight.value"]').inputValue()).toBe('272.1');
    await page.unroute('**/health');
    await context.setOffline(false);
    await stays.waitFor({ state: 'detached' });
    await page.getByRole('link', { name: 'Animals', exact: true }).click();
    await page.waitForURL(`${at.url}/studies/KET-01/animals`);
    await closeContext(context);
  });

  it('keeps a correction that was shown, and leaves it refused where another one was quicker', async () => {
    const context = await device('sd-01');
    const page = await opened(context, WEIGHT);
    await weigh(page, '273.1');
    await page.waitForURL(/recorded=/);
    const number = (await records()).length - 1;
    const show = async (grams: string): Promise<void> => {
      await page.goto(`${at.url}/studies/KET-01/records/${number}/correct`);
      await page.locator('[name="data.weight.value"]').fill(grams);
      await page.locator('[name=reason]').fill('Digits swapped');
      await page.getByRole('button', { name: 'Show what changes' }).click();
      await page.getByRole('button', { name: 'Record the correction' }).waitFor();
    };
    const confirm = () => page.getByRole('button', { name: 'Record the correction' }).click();
    const corrections = async () => (await records()).filter(({ type }) => type === 'RecordCorrected');
    await show('237.1');
    await context.setOffline(true);
    await confirm();
    await outbox(page).getByText(`Correction of #${number}`).waitFor();
    await page.getByText('The correction is kept on this device').waitFor();
    await context.setOffline(false);
    await outbox(page).getByText('recorded as').waitFor();
    const [made, ...others] = await corrections();
    expect(others).toEqual([]);
    expect(made).toMatchObject({
      actor: 'sd-01',
      reason: 'Digits swapped',
      time: made!.data.enteredAt,
      data: { corrected: { weight: { value: '237.1' } }, flags: ['delayed-entry'] },
    });

    await show('237.2');
    await context.setOffline(true);
    await confirm();
    await outbox(page).getByText('waits').waitFor();
    const data = {
      target: { number },
      replaces: { number: (await records()).length - 1 },
      corrected: { weight: { value: '240.0' } },
    };
    const quicker = await context.request.post(`${at.url}/api/v1/studies/KET-01/commands/correct-record`, {
      headers: { Origin: at.url },
      data: { reason: 'Weighed anew', data },
    });
    expect(quicker.status()).toBe(201);
    await context.setOffline(false);
    await outbox(page).getByText('was not recorded').waitFor();
    await context.setOffline(true);
    const open = outbox(page).getByRole('button', { name: 'Open the form' });
    await open.click();
    await outbox(page).getByText('No connection. What you typed is still here').waitFor();
    await context.setOffline(false);
    await open.click();
    await page.getByRole('heading', { name: 'Corrected meanwhile' }).waitFor();
    expect(await page.locator('[name="data.weight.value"]').inputValue()).toBe('237.2');
    expect(await corrections()).toHaveLength(2);
    await outbox(page).locator('summary').click();
    await outbox(page).getByLabel('Why it is not to be recorded').fill('Weighed anew by another');
    await outbox(page).getByRole('button', { name: 'Discard' }).click();
    await outbox(page).getByText('recorded as').waitFor();
    expect((await records()).at(-1)).toMatchObject({
      type: 'EntryDiscarded',
      data: { command: 'CorrectRecord' },
    });
    await closeContext(context);
  });

  it('gives the reason of an entry that is late for want of a connection alone', async () => {
    const context = await device();
    const page = await opened(context);
    await context.setOffline(true);
    await weigh(page, '266.1');
    await outbox(page).getByText('waits').waitFor();
    await page.evaluate(enteredEarlier, 7 * 3_600_000);
    await context.setOffline(false);
    await outbox(page).getByText('recorded as').waitFor();
    const [made] = await weights('266.1');
    expect(made!.data.flags).toEqual(['delayed-entry', 'late']);
    expect(made!.reason).toMatch(/^Entered at \d\d:\d\d on .+ while there was no connection$/);
    await closeContext(context);
  });

  it('asks its person for the reason of what departs from the protocol as well', async () => {
    const context = await device();
    const page = await opened(context);
    await context.setOffline(true);
    await page.locator('[name=occurredAt]').fill('2026-02-10T10:00');
    await weigh(page, '267.1');
    await outbox(page).getByText('waits').waitFor();
    await context.setOffline(false);
    await outbox(page).getByText('was not recorded: This departs from the protocol').waitFor();
    expect(await weights('267.1')).toEqual([]);
    await expectAccessible(page, 'the outbox');
    await closeContext(context);
  });

  it('takes the time from the server, where the clock of the device is wrong', async () => {
    const context = await device();
    const page = await context.newPage();
    await page.clock.install({ time: Date.now() + 3 * 3_600_000 });
    await Promise.all([page.waitForResponse(`${at.url}/health`), page.goto(at.url + WEIGHT)]);
    await context.setOffline(true);
    const before = Date.now();
    await weigh(page, '264.1');
    await outbox(page).getByText('waits').waitFor();
    await context.setOffline(false);
    await page.clock.runFor(3_000);
    await outbox(page).getByText('recorded as').waitFor();
    const [{ time }] = (await weights('264.1')) as [Recorded];
    expect(Math.abs(Date.parse(time) - before)).toBeLessThan(60_000);
    await closeContext(context);
  });

  it('tells what others record meanwhile, and leaves alone what is being typed', async () => {
    const [mine, theirs] = [await device(), await device('tech-2')];
    const page = await mine.newPage();
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(at.url + WEIGHT);
    await page.locator('[name="data.weight.value"]').fill('265.1');
    const other = await opened(theirs);
    await weigh(other, '265.2');
    const sentMs = Date.now();
    await page.getByText('tech-2 has recorded meanwhile: body weight recorded of R01').waitFor();
    process.stdout.write(`what somebody else records is there after ${Date.now() - sentMs} ms\n`);
    // It comes by one feed that stays open: nothing is asked for again and again.
    expect(asked.filter((address) => address.includes('/feed?'))).toEqual([
      expect.stringContaining('follow=true'),
    ]);
    expect(await page.locator('[name="data.weight.value"]').inputValue()).toBe('265.1');
    // What a page shows of the study is shown anew, and the focus stays where it is.
    const animal = await opened(mine, '/studies/KET-01/bench/animals/R01');
    await animal.locator('main a').last().focus();
    const focused = await animal.evaluate('document.activeElement.getAttribute("href")');
    await weigh(await opened(theirs), '265.3');
    await animal.locator('[data-live=newest]').getByText('265.3').waitFor();
    expect(await animal.evaluate('document.activeElement.getAttribute("href")')).toBe(focused);
    await closeContext(mine);
    await closeContext(theirs);
  });
});
