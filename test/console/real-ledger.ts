import { randomUUID } from 'node:crypto';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Browser, BrowserContextOptions, CDPSession, Page } from 'playwright-core';
import { compiledSources } from '../support/compiled.js';

/** Somebody with a browser and a security key of their own. */
export interface Somebody {
  readonly page: Page;
  readonly keys: CDPSession;
}

export interface RealLedger {
  readonly url: string;
  /** The link with which the first administrator makes a passkey. */
  readonly link: string;
  close(): Promise<void>;
}

/** The built program on a ledger that is not simulated, with one administrator who is yet to enrol. */
export async function servingRealLedger(): Promise<RealLedger> {
  const folder = mkdtempSync(join(tmpdir(), 'study-ledger-people-'));
  const data = join(folder, 'ledger');
  const program = join(compiledSources(), 'cli.js');
  const port = await freePort();
  const url = `http://localhost:${port}`;
  const site = ['--url', url, '--administrator', 'admin-1', '--name', 'Ada Example'];
  const printed = execFileSync(
    process.execPath,
    [program, 'init', '--data', data, '--facility', 'lab.example', ...site],
    { encoding: 'utf8' },
  );
  const child = spawn(process.execPath, [program, 'serve', '--data', data, '--port', String(port)]);
  for await (const line of createInterface({ input: child.stdout })) if (/listening on/.test(line)) break;
  return {
    url,
    link: /http:\/\/localhost:\d+\/enrol#\S+/.exec(printed)![0],
    close: async () => {
      // It may still be writing its anchors.
      const ended = once(child, 'exit');
      child.kill();
      await ended;
      rmSync(folder, { recursive: true });
      expect(elsewhere).toEqual([]);
    },
  };
}

/** What the pages of anybody asked of another computer: nothing, ever. */
const elsewhere: string[] = [];

export async function somebody(browser: Browser, options: BrowserContextOptions = {}): Promise<Somebody> {
  const context = await browser.newContext({ reducedMotion: 'reduce', ...options });
  context.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (protocol.startsWith('http') && hostname !== 'localhost' && hostname !== '127.0.0.1')
      elsewhere.push(request.url());
  });
  const page = await context.newPage();
  const keys = await context.newCDPSession(page);
  await keys.send('WebAuthn.enable');
  await keys.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'usb',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { page, keys };
}

export async function makePasskey({ page }: Somebody, label: string): Promise<void> {
  await page.getByLabel('What you call it').fill(label);
  await page.getByRole('button', { name: 'Create the passkey' }).click();
  await page.getByRole('heading', { name: 'The passkey is enrolled' }).waitFor();
}

/** Registers a person, gives a role and hands out a link, which is returned. */
export async function hire({ page }: Somebody, url: string, person: string, role: string): Promise<string> {
  await page.goto(`${url}/people`);
  const form = page.getByRole('form', { name: 'Register a person' });
  await form.locator('[name=person]').fill(person);
  await form.locator('[name=name]').fill(`Name of ${person}`);
  await form.getByRole('button').click();
  await page.getByRole('link', { name: person }).click();
  await page.waitForURL(`${url}/people/${person}`);
  await page.locator('summary', { hasText: 'Give a role' }).click();
  await page.locator('[name=role]').selectOption(role);
  await page.getByRole('button', { name: 'Give the role' }).click();
  await page.getByText('in force').waitFor();
  await page.locator('summary', { hasText: 'Hand out a link' }).click();
  await page.getByRole('button', { name: 'Make the link' }).click();
  await page.getByText('It works once. It holds until').waitFor();
  return (await page.locator('.secret code').textContent())!;
}

export interface Staff {
  readonly administrator: Somebody;
  readonly director: Somebody;
  readonly technician: Somebody;
}

/** What a person’s browser gets from the interface, in that person’s session. */
export async function read<A>({ page }: Somebody, path: string): Promise<A> {
  const origin = new URL(page.url()).origin;
  const answer = await page.context().request.get(`${origin}/api/v1${path}`);
  if (!answer.ok()) throw new Error(await answer.text());
  return (await answer.json()) as A;
}

/** A record as the interface answers with it. */
export interface Stored {
  readonly number: number;
  readonly record: {
    readonly type: string;
    readonly subject?: string;
    readonly actor: string;
    readonly reason?: string;
    readonly data: Readonly<Record<string, unknown>> & { readonly flags?: readonly string[] };
  };
}

/** The records of a study from a number on. */
export async function recordsSince(who: Somebody, study: string, from: number): Promise<readonly Stored[]> {
  const { records } = await read<{ records: readonly Stored[] }>(
    who,
    `/studies/${study}/records?from=${from}`,
  );
  return records;
}

/** Records through the interface what a test begins with. */
export async function record(who: Somebody, study: string, command: string, body: object): Promise<void> {
  const { page } = who;
  const { origin } = new URL(page.url());
  const sent = await page.context().request.post(`${origin}/api/v1/studies/${study}/commands/${command}`, {
    headers: { 'Idempotency-Key': randomUUID(), Origin: origin },
    data: body,
  });
  if (!sent.ok()) throw new Error(await sent.text());
}

/** sd-01 and tech-1 with their roles, signed in: by links and security keys, as on an administrator’s first day. */
export async function staffed(browser: Browser, { url, link }: RealLedger): Promise<Staff> {
  const [administrator, director, technician] = [
    await somebody(browser),
    await somebody(browser),
    await somebody(browser),
  ];
  await administrator.page.goto(link);
  await makePasskey(administrator, 'key of admin-1');
  await administrator.page.getByRole('button', { name: 'Sign in with the passkey' }).click();
  await administrator.page.waitForURL(`${url}/people`);
  const enrol = async (who: Somebody, person: string, role: string): Promise<void> => {
    await who.page.goto(await hire(administrator, url, person, role));
    await makePasskey(who, `key of ${person}`);
    await who.page.getByRole('button', { name: 'Sign in with the passkey' }).click();
    await who.page.waitForURL(`${url}/me`);
  };
  await enrol(director, 'sd-01', 'director');
  await confirm(administrator, `${url}/people`, 'sd-01');
  await enrol(technician, 'tech-1', 'technician');
  await confirm(director, `${url}/me`, 'tech-1');
  for (const { page } of [director, technician]) await page.goto(url);
  return { administrator, director, technician };
}

async function confirm({ page }: Somebody, address: string, person: string): Promise<void> {
  await page.goto(address);
  page.once('dialog', (dialog) => void dialog.accept());
  const form = page.getByRole('form', { name: `Confirm the passkey of ${person}` });
  await form.locator('[name=identity]').selectOption('in-person');
  await form.getByRole('button').click();
  await form.waitFor({ state: 'detached' });
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
