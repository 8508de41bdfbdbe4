import type { Browser, BrowserContext, Page } from 'playwright-core';
import { until } from '../support/until.js';
import { closeContext, expectAccessible, startBrowser } from './browser.js';
import { servingPlayedLedger, type PlayedLedger } from './played-ledger.js';

interface RunRecorded {
  readonly number: number;
  readonly record: {
    readonly type: string;
    readonly subject: string;
    readonly reason?: string;
    readonly time: string;
    readonly data: {
      readonly paw: string;
      readonly touches: readonly {
        readonly filament: string;
        readonly response: string;
        readonly time?: string;
      }[];
      readonly struck?: readonly object[];
      readonly stopReason?: string;
      readonly flags?: readonly string[];
    };
  };
}

/** Runs at the bench with Chromium, on the built program and a real ledger. */
describe('a threshold in a browser', () => {
  let browser: Browser;
  let ledger: PlayedLedger;
  let url: string;
  let context: BrowserContext;
  let page: Page;

  beforeAll(async () => {
    browser = await startBrowser();
    ledger = await servingPlayedLedger();
    ({ url } = ledger);
  });
  afterAll(async () => {
    await browser?.close();
    await ledger?.close();
  });
  beforeEach(async () => {
    context = await browser.newContext({ reducedMotion: 'reduce', viewport: { width: 820, height: 1180 } });
    page = await context.newPage();
  });
  afterEach(() => closeContext(context));

  const open = async (query: string): Promise<void> => {
    await page.goto(`${url}/studies/IMP-01/bench/threshold?${query}`);
    await page.locator('.stage').waitFor();
  };
  const strokes = async (...keys: string[]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key);
  };
  const part = (name: string) => page.locator(`[data-part="${name}"]`);
  /** The run that the page was led to, after another one where there was one. */
  const recorded = async (after = NaN): Promise<RunRecorded> => {
    await page.waitForURL(
      ({ searchParams }) => searchParams.has('recorded') && Number(searchParams.get('recorded')) !== after,
    );
    const number = /recorded=(\d+)/.exec(page.url())![1]!;
    return (await (await fetch(`${url}/api/v1/studies/IMP-01/records/${number}`)).json()) as RunRecorded;
  };
  const size = async (): Promise<number> =>
    ((await (await fetch(`${url}/api/v1/studies/IMP-01`)).json()) as { treeSize: number }).treeSize;
  const sequence = ({ record }: RunRecorded): string =>
    record.data.touches.map(({ filament, response }) => `${filament}${response}`).join(' ');

  it('a run of eight touches takes nine key strokes, and the other paw follows at once', async () => {
    await open('animal=R01&paw=ipsilateral');
    expect(await part('label').textContent()).toBe('2 g');
    await strokes('o', 'o', 'o', 'x', 'x', 'ArrowLeft', 'ArrowRight', 'O');
    expect(await part('label').textContent()).toBe('Complete');
    await strokes('Enter');
    const run = await recorded();
    expect(sequence(run)).toBe('2O 4O 6O 8X 6X 4O 6X 4O');
    expect(run.record.data).toMatchObject({ paw: 'ipsilateral' });
    expect(run.record.data).not.toHaveProperty('stopReason');
    // It happened when it was begun.
    expect(run.record.time).toBe(run.record.data.touches[0]!.time);
    expect(await page.locator('.result').textContent()).toMatch(/50 % threshold.*Dixon’s table/);

    expect(await page.getByLabel('contralateral paw').isChecked()).toBe(true);
    await strokes('x', 'x', 'x', 'x', 'Enter');
    const other = await recorded(run.number);
    expect([other.record.data.paw, sequence(other)]).toEqual(['contralateral', '2X 1X 0.6X 0.4X']);
    expect(await page.locator('.result').textContent()).toContain('< 0.4 g');
    // Both paws are done: Enter leads on.
    await strokes('Enter');
    await page.getByRole('heading', { name: 'Withdrawal threshold: R02' }).waitFor();
  });

  it('shows the estimate as it grows, and says it to those who do not see it', async () => {
    await open('animal=R01&paw=ipsilateral');
    expect(await part('estimate').textContent()).toBe('none yet');
    await strokes('o', 'x');
    expect(await part('estimate').textContent()).toBe('3.09 g');
    await page
      .getByText('4 g X. Take 2 g. 50 % threshold 3.09 g, Dixon’s table.')
      .waitFor({ state: 'attached' });
    expect(await page.locator('.up-down [data-part=marks] > g').count()).toBe(2);
  });

  it('records by taps, with what was struck through and why', async () => {
    await open('animal=R02&paw=ipsilateral');
    const tap = (name: string) => page.getByRole('button', { name, exact: true }).click();
    await tap('no withdrawal');
    await tap('withdrawal');
    await tap('Undo: mistyped');
    expect(await part('touches').locator('del').textContent()).toBe('4 g X, mistyped');
    expect(await part('label').textContent()).toBe('4 g');
    await tap('no withdrawal');
    await tap('Paw moved, ambiguous');
    await tap('withdrawal');
    await tap('Undo: paw had moved');
    for (const name of ['withdrawal', 'no withdrawal', 'withdrawal', 'no withdrawal', 'withdrawal'])
      await tap(name);
    // Another paw does not go unsaid.
    await page.getByLabel('contralateral paw').check();
    expect(await part('turned').textContent()).toContain('now count for the contralateral paw');
    expect(await part('record').textContent()).toBe('Record the run of the contralateral paw');
    await page.getByLabel('ipsilateral paw').check();
    expect(await part('turned').textContent()).toBe('');
    await page.getByRole('button', { name: 'Record the run' }).click();
    const run = await recorded();
    expect(sequence(run)).toBe('2O 4O 6? 6X 4O 6X 4O 6X');
    expect(run.record.data.struck).toEqual([
      { place: 2, filament: '4', response: 'X', why: 'mistyped' },
      { place: 5, filament: '6', response: 'X', why: 'moved' },
    ]);
    expect(run.record.data.flags).toEqual(['ambiguous']);
  });

  it('takes the Enter of a pedal as its own, and waits with a run that is complete', async () => {
    await open('animal=R02&paw=ipsilateral');
    const before = await size();
    await strokes('x', 'Enter', 'x', 'Enter', 'x', 'Enter', 'x', 'Enter');
    expect(await part('label').textContent()).toBe('Complete');
    // The last touch can still be struck.
    await strokes('Backspace', 'Enter', 'o', 'Enter');
    expect([await part('label').textContent(), await size()]).toEqual(['0.6 g', before]);
  });

  it('records once, however often Record is tapped', async () => {
    await open('animal=R02&paw=contralateral');
    await strokes('x', 'x', 'x', 'x');
    const before = await size();
    await page.getByRole('button', { name: 'Record the run' }).dblclick();
    await recorded();
    expect(await size()).toBe(before + 1);
    // And going back shows a run that is yet to be made.
    await page.goBack();
    await page.locator('.stage').waitFor();
    expect(await part('touches').textContent()).toBe('');
  });

  it('goes on with a run after the page was loaded again', async () => {
    await open('animal=R02&paw=contralateral');
    await strokes('o', 'x', 'Backspace', 'x', 'o');
    await page.reload();
    await page.getByText('The run that was in progress here goes on.').waitFor();
    expect(await part('touches').textContent()).toBe('2 g O4 g X, mistyped4 g X2 g O');
    await strokes('x', 'o', 'x');
    await strokes('Enter');
    expect(sequence(await recorded())).toBe('2O 4X 2O 4X 2O 4X');
  });

  it('leads away from a run only when it is recorded, with why it was stopped', async () => {
    await open('animal=R02&paw=ipsilateral');
    await strokes('o', 'x');
    const before = await size();
    await page.getByRole('link', { name: 'Records', exact: true }).click();
    await page.getByText('The run is not recorded yet').waitFor();
    await strokes('Enter');
    await page.getByText('Say why before the run is recorded.').waitFor();
    await page.keyboard.type('it fell asleep');
    await strokes('Enter');
    await page.waitForURL(/\/records$/);
    const answer = await fetch(`${url}/api/v1/studies/IMP-01/records/${before}`);
    const run = (await answer.json()) as RunRecorded;
    expect(run.record.data).toMatchObject({ stopReason: 'it fell asleep', flags: ['stopped-early'] });
  });

  it('keeps what is measured without a connection, goes on with the other paw, and records each run once', async () => {
    await open('animal=R02&paw=ipsilateral');
    const before = await size();
    await strokes('o', 'x');
    await context.setOffline(true);
    await strokes('o', 'x', 'o', 'x');
    await strokes('Enter');
    await page
      .getByText('The run of the ipsilateral paw is kept on this device and not yet recorded')
      .waitFor();
    expect(await page.getByLabel('contralateral paw').isChecked()).toBe(true);
    await strokes('x', 'x', 'x', 'x');
    await strokes('Enter');
    await page.getByText('The run of the contralateral paw is kept on this device').waitFor();
    await page.getByText('Both paws are done. Leave this page open.').waitFor();
    expect(await size()).toBe(before);
    await context.setOffline(false);
    const runAt = async (number: number): Promise<RunRecorded['record']> =>
      ((await (await fetch(`${url}/api/v1/studies/IMP-01/records/${number}`)).json()) as RunRecorded).record;
    await until(async () => (await size()) === before + 2);
    expect((await runAt(before)).data).toMatchObject({ paw: 'ipsilateral', flags: ['delayed-entry'] });
    expect((await runAt(before + 1)).data).toMatchObject({ paw: 'contralateral', flags: ['delayed-entry'] });
  });

  it('asks before the page is closed while a run is not recorded', async () => {
    await open('animal=R02&paw=ipsilateral');
    await strokes('o');
    const asked = page.waitForEvent('dialog');
    await page.close({ runBeforeUnload: true });
    const dialog = await asked;
    expect(dialog.type()).toBe('beforeunload');
    await dialog.accept();
  });

  it('says at once that another filament departs from the rule, and asks why before it is recorded', async () => {
    await open('animal=R02&paw=ipsilateral');
    await strokes('o');
    await page.getByText('Another filament was used').click();
    await page.getByRole('button', { name: '8 g', exact: true }).click();
    expect(await part('departures').textContent()).toMatch(
      /^With 8 g this record .*more than one filament\.$/,
    );
    await strokes('x', 'o', 'x', 'o', 'x');
    await strokes('Enter');
    await page.getByText('Say why before the run is recorded.').waitFor();
    await page.keyboard.type('6 g was broken');
    await strokes('Enter');
    const run = await recorded();
    expect(run.record).toMatchObject({ reason: '6 g was broken', data: { flags: ['skipped-step'] } });
    expect(sequence(run)).toBe('2O 8X 6O 8X 6O 8X');
  });

  it('says in words what a reason is due for, where the server wants one that was not foreseen', async () => {
    await open('animal=R02&paw=ipsilateral');
    let asked = 0;
    await page.route('**/bench/threshold', async (route) => {
      if (!route.request().postData()?.includes('dryRun=true'))
        return route.fulfill({
          status: 422,
          json: { status: 422, code: 'reason-required', detail: 'The flag early-session needs a reason.' },
        });
      // The first time, when the run is over, there is no answer.
      return asked++ === 0
        ? route.abort()
        : route.fulfill({ json: { needsReason: true, told: ['This record was made before its day.'] } });
    });
    const unanswered = page.waitForEvent('requestfailed');
    await strokes('o', 'x', 'o', 'x', 'o', 'x');
    await unanswered;
    await strokes('Enter');
    await page.getByText('Why? This record was made before its day.').waitFor();
    await page.getByText('Say why before the run is recorded.', { exact: true }).waitFor();
    expect(await page.getByText('early-session').count()).toBe(0);
  });

  it('takes single keys only while the run has the focus, and not where they are turned off', async () => {
    await open('animal=R02&paw=ipsilateral');
    await page.getByRole('searchbox').focus();
    await strokes('o', 'x');
    expect(await part('touches').textContent()).toBe('');
    await page.getByLabel(/^Single keys/).uncheck();
    await page.reload();
    await page.locator('.stage').focus();
    await strokes('o', 'x', 'Backspace');
    expect(await part('touches').textContent()).toBe('');
    await page.getByRole('button', { name: 'withdrawal', exact: true }).focus();
    await strokes('Space');
    expect(await part('touches').textContent()).toBe('2 g X');
    await page.getByLabel(/^Single keys/).check();
  });

  it('has no serious finding of axe with a run in progress, over, and recorded', async () => {
    await open('animal=R02&paw=ipsilateral');
    await strokes('o', 'x', 'Backspace');
    await expectAccessible(page, 'in progress');
    await page.locator('.stage').focus();
    await strokes('x', 'x', 'x', 'x');
    await expectAccessible(page, 'over');
    await page.locator('.stage').focus();
    await strokes('o', 'o', 'Enter');
    await page.getByRole('button', { name: 'Record the run' }).waitFor();
  });

  it('records without a script, once however often it is loaded again, and keeps what was refused', async () => {
    await closeContext(context);
    context = await browser.newContext({ javaScriptEnabled: false });
    page = await context.newPage();
    await page.goto(`${url}/studies/IMP-01/bench/threshold?animal=R01&paw=ipsilateral`);
    const choose = async (row: number, filament: string, response: string): Promise<void> => {
      await page.locator(`[name="data.touches[${row}].filament"]`).selectOption(filament);
      await page.locator(`[name="data.touches[${row}].response"]`).selectOption(response);
    };
    await choose(0, '2', 'O');
    await choose(1, '4', 'X');
    await page.getByRole('button', { name: 'Show the estimate and more rows' }).click();
    await page.getByText('50 % threshold so far 3.09 g').waitFor();
    expect(await page.locator('.touch').count()).toBe(18);
    await choose(2, '2', 'O');
    await page.locator(`[name="data.touches[3].filament"]`).selectOption('4');
    await page.getByRole('button', { name: 'Record the run' }).click();
    await page.locator('.wrong').waitFor();
    expect(await page.locator('[name="data.touches[2].response"]').inputValue()).toBe('O');
    await choose(3, '4', 'X');
    await choose(4, '2', 'O');
    await choose(5, '4', 'X');
    const before = await size();
    await page.getByRole('button', { name: 'Record the run' }).click();
    // An empty time means now only where somebody says so.
    await page.getByText('The time is empty: say “It is made now”, or when it was made.').first().waitFor();
    await page.getByLabel('It is made now').check();
    await page.getByRole('button', { name: 'Record the run' }).click();
    expect(sequence(await recorded())).toBe('2O 4X 2O 4X 2O 4X');
    await page.reload();
    expect(await size()).toBe(before + 1);
  });

  // The last one: it amends the protocol.
  it('goes on by the ladder that a run was begun with, where the protocol is amended meanwhile', async () => {
    await open('animal=R02&paw=ipsilateral');
    await strokes('o', 'x');
    const { body } = { body: await (await fetch(`${url}/api/v1/studies/IMP-01/records/1`)).json() } as {
      body: { record: { data: { protocol: object } } };
    };
    const amended = await fetch(`${url}/api/v1/studies/IMP-01/commands/amend-protocol`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({
        reason: 'another kit of filaments',
        data: { protocol: { ...body.record.data.protocol, ladder: 'RAT-N9' } },
      }),
    });
    expect([amended.status, await amended.text()]).toEqual([201, expect.anything()]);
    await page.reload();
    await page.getByText('The protocol was amended since this run was begun.').waitFor();
    expect(await part('touches').textContent()).toBe('2 g O4 g X');
    await strokes('o', 'x', 'o', 'x');
    await strokes('Enter');
    expect(sequence(await recorded())).toBe('2O 4X 2O 4X 2O 4X');
    expect(await part('label').textContent()).toBe('4 g');
  });
});
