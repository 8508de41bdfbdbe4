import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { until } from '../support/until.js';
import { startBrowser } from './browser.js';
import { servingPlayedLedger, type PlayedLedger } from './played-ledger.js';

const example = new URL('../../examples/reference-study.ndjson', import.meta.url);
/** Where an animal is weighed. */
export const WEIGHT = '/studies/KET-01/bench/enter/record-body-weight?animal=R01';

export interface Recorded {
  readonly subject: string;
  readonly actor: string;
  readonly reason?: string;
  readonly time: string;
  readonly recordedtime: string;
  readonly type: string;
  readonly data: {
    readonly enteredAt?: string;
    readonly flags?: readonly string[];
    readonly weight?: { value: string };
    readonly corrected?: object;
    readonly command?: string;
  };
}

export interface WeighingDevices {
  readonly url: string;
  readonly device: (person?: string) => Promise<BrowserContext>;
  readonly signIn: (context: BrowserContext, person: string) => Promise<void>;
  readonly opened: (context: BrowserContext, address?: string) => Promise<Page>;
  readonly weigh: (page: Page, grams: string) => Promise<void>;
  readonly records: () => Promise<Recorded[]>;
  readonly weights: (grams: string) => Promise<Recorded[]>;
}

/** A suite in Chromium, on the built program: devices on which people weigh the animals of the reference study on its first day. */
export function weighingDevices(): WeighingDevices {
  let browser: Browser;
  let ledger: PlayedLedger;
  let url: string;

  beforeAll(async () => {
    browser = await startBrowser();
    const lines = readFileSync(example, 'utf8').trimEnd().split('\n');
    const people = lines.filter((line) => !line.includes('"study":'));
    // Opened, approved, and some animals enrolled.
    ledger = await servingPlayedLedger(lines.slice(0, people.length + 12));
    ({ url } = ledger);
  });
  afterAll(async () => {
    await browser?.close();
    await ledger?.close();
  });

  async function device(person = 'tech-1'): Promise<BrowserContext> {
    const context = await browser.newContext({ reducedMotion: 'reduce' });
    await signIn(context, person);
    return context;
  }

  async function signIn(context: BrowserContext, person: string): Promise<void> {
    // An address signs in so often within a minute, and all devices have one.
    await until(async () => {
      const answer = await context.request.post(`${url}/api/v1/sign-in/simulated`, {
        data: { person },
        headers: { Origin: url },
      });
      expect([201, 429]).toContain(answer.status());
      return answer.status() === 201;
    });
  }

  async function opened(context: BrowserContext, address = WEIGHT): Promise<Page> {
    const page = await context.newPage();
    await page.goto(url + address);
    return page;
  }

  async function weigh(page: Page, grams: string): Promise<void> {
    await page.locator('[name="data.weight.value"]').fill(grams);
    await page.getByRole('button', { name: 'Record', exact: true }).click();
  }

  async function records(): Promise<Recorded[]> {
    const answer = await fetch(`${url}/api/v1/feed?study=KET-01`, {
      headers: { Accept: 'application/x-ndjson' },
    });
    return (await answer.text())
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Recorded);
  }
  const weights = async (grams: string) =>
    (await records()).filter(({ data }) => data.weight?.value === grams);

  return {
    get url() {
      return url;
    },
    device,
    signIn,
    opened,
    weigh,
    records,
    weights,
  };
}
