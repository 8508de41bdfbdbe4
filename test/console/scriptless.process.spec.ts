import { v4 } from 'uuid';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { kindOf, isRequired } from '../../src/console/forms/field-kind.js';
import { memberName } from '../../src/console/forms/names.js';
import { PAGES } from '../../src/console/pages.js';
import { commandNamed, routeOf } from '../../src/study/catalogue.js';
import { dataClassOf, fieldsOf } from '../../src/study/commands/common/fields.js';
import { matches, withoutMeaning } from '../../src/study/schema.js';
import { exampleOf } from '../http/test-server.js';
import { startBrowser } from './browser.js';
import { servingPlayedLedger, type PlayedLedger } from './played-ledger.js';

const STUDY = '/studies/IMP-01';
const BENCH = `${STUDY}/bench`;
const HOSTILE = ['"><script>alert(1)</script>', '<img src=x onerror=alert(1)>'] as const;
/** The override of the direction of writing, from right to left. */
const TURNED = 'a\u202Eb';

/** What is done on a page of the bench by somebody whose browser runs no script. */
interface Use {
  readonly address: string;
  /** Fills its form in and sends it. Left out where the page has none that records. */
  readonly send?: (page: Page) => Promise<void>;
  readonly records: number;
}

/** The pages at the bench in a browser without a script, on the built program. */
describe('the bench without a script', () => {
  let browser: Browser;
  let ledger: PlayedLedger;
  let plain: BrowserContext;
  let page: Page;
  let weight: number;

  beforeAll(async () => {
    browser = await startBrowser();
    ledger = await servingPlayedLedger();
    plain = await browser.newContext({ javaScriptEnabled: false });
    for (const name of ['ImplantElectrode', 'ImplantCatheter', 'DetermineMotorThreshold'])
      await made(name, exampleOf(name));
    weight = await made('RecordBodyWeight', {
      subject: 'R01',
      data: { weight: { value: '301.0', unit: 'g' } },
    });
  });
  afterAll(async () => {
    await browser?.close();
    await ledger?.close();
  });
  beforeEach(async () => {
    page = await plain.newPage();
  });
  afterEach(() => page.close());

  const read = async <A>(path: string): Promise<A> =>
    (await (await fetch(`${ledger.url}/api/v1${STUDY}${path}`)).json()) as A;
  const size = async (): Promise<number> => (await read<{ treeSize: number }>('')).treeSize;

  /** Records something as a program does, and says the number of its record. */
  async function made(name: string, body: object): Promise<number> {
    const answer = await fetch(`${ledger.url}/api/v1${STUDY}/commands/${routeOf(name)}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': v4() },
      body: JSON.stringify({ reason: 'As it was', ...body }),
    });
    if (answer.status !== 201) throw new Error(`${name}: ${await answer.text()}`);
    return ((await answer.json()) as { records: { number: number }[] }).records[0]!.number;
  }

  const field = (of: Page, name: string): Locator => of.locator(`[name="${name}"]`);
  const press = (of: Page, name: string): Promise<void> =>
    of.getByRole('button', { name, exact: true }).click();

  const uses: Readonly<Record<string, () => Use>> = {
    '/studies/:code/bench': () => ({ address: BENCH, records: 0 }),
    '/studies/:code/bench/animals/:animal': () => ({ address: `${BENCH}/animals/R01`, records: 0 }),
    '/studies/:code/animals/:animal/label': () => ({ address: `${STUDY}/animals/R01/label`, records: 0 }),
    '/studies/:code/labels': () => ({ address: `${STUDY}/labels`, records: 0 }),
    '/studies/:code/bench/enter/:command': () => ({
      address: `${BENCH}/enter/record-body-weight?animal=R02`,
      async send(of) {
        await field(of, 'data.weight.value').fill('302.0');
        await press(of, 'Record');
      },
      records: 1,
    }),
    '/studies/:code/bench/weights': () => ({
      address: `${BENCH}/weights`,
      async send(of) {
        await field(of, 'R01.weight').fill('303.0');
        await field(of, 'R02.weight').fill('304.0');
        await press(of, 'Record all that are filled in');
      },
      records: 2,
    }),
    '/studies/:code/bench/dose': () => ({
      address: `${BENCH}/dose?animal=R01`,
      async send(of) {
        await field(of, 'data.bodyWeight.value').fill('301.0');
        await field(of, 'data.bodyWeight.unit').selectOption('g');
        await field(of, 'data.route').selectOption('intrathecal');
        await field(of, 'reason').fill('of an example');
        await press(of, 'Record');
      },
      records: 1,
    }),
    '/studies/:code/bench/stimulation': () => ({
      address: `${BENCH}/stimulation?animal=R01`,
      async send(of) {
        // It had a dose, on its own page: nothing is chosen beforehand.
        await of.locator('[name="data.follows"][value=""]').check({ force: true });
        await field(of, 'data.duration.value').fill('30');
        await field(of, 'data.outcome').selectOption('completed');
        await field(of, 'reason').fill('of an example');
        await press(of, 'Record');
      },
      records: 1,
    }),
    '/studies/:code/bench/threshold': () => ({
      address: `${BENCH}/threshold?animal=R02&paw=ipsilateral`,
      async send(of) {
        for (const [row, touch] of ['2O', '4X', '2O', '4X', '2O', '4X'].entries()) {
          await field(of, `data.touches[${row}].filament`).selectOption(touch[0]!);
          await field(of, `data.touches[${row}].response`).selectOption(touch[1]!);
        }
        await of.getByLabel('It is made now').check();
        await press(of, 'Record the run');
      },
      records: 1,
    }),
    '/studies/:code/records/:number/correct': () => ({
      address: `${STUDY}/records/2/correct`,
      async send(of) {
        await field(of, 'data.strain').fill('Crl:WI');
        await field(of, 'reason').fill('The strain of the other cage was typed');
        await press(of, 'Show what changes');
        await press(of, 'Record the correction');
      },
      records: 1,
    }),
    '/studies/:code/records/:number/void': () => ({
      address: `${STUDY}/records/${weight}/void`,
      async send(of) {
        await field(of, 'reason').fill('The other animal was on the scales');
        await press(of, 'Void this record');
      },
      records: 1,
    }),
    '/studies/:code/attach': () => ({
      address: `${STUDY}/attach`,
      async send(of) {
        const buffer = Buffer.from('%PDF-1.7 certificate of analysis of lot 7');
        await field(of, 'file').setInputFiles({ name: 'Lot 7.pdf', mimeType: 'application/pdf', buffer });
        await press(of, 'Attach');
      },
      records: 1,
    }),
    '/studies/:code/import': () => ({
      address: `${STUDY}/import`,
      async send(of) {
        const buffer = Buffer.from(
          'Animal,Date,Time,Species,Strain,Sex\nR11,2026-03-02,09:00:00,Rattus norvegicus,Crl:CD(SD),male\n',
        );
        await field(of, 'file').setInputFiles({ name: 'animals.csv', mimeType: 'text/csv', buffer });
        await press(of, 'Look at the sheet');
        await of.getByLabel('Time zone of the times').fill('Europe/Amsterdam');
        await of.getByLabel('Why the rows are entered late').fill('Entered from the sheet of the room');
        await of.locator('button[value=match]').click();
        await of.locator('button[value=record]').click();
      },
      // The mapping is one more.
      records: 2,
    }),
    // Nobody is signed in here, so nobody can sign: its form without a script is in sign.spec.
    '/studies/:code/sign': () => ({ address: `${STUDY}/sign?records=1&meaning=approved`, records: 0 }),
    '/studies/:code/protocol': () => ({
      address: `${STUDY}/protocol?amend=yes`,
      async send(of) {
        await of.locator('#part-titration > summary').click();
        await field(of, 'data.protocol.titration.washoutHours').fill('48');
        await field(of, 'reason').fill('Advice of the welfare body');
        await press(of, 'Amend the protocol');
      },
      records: 1,
    }),
  };

  it.each(PAGES.filter(({ of }) => of === 'bench').map(({ path }) => path))(
    '%s reads, and its form records once',
    async (path) => {
      const { address, send, records } = uses[path]!();
      const before = await size();
      const answer = await page.goto(`${ledger.url}${address}`);
      expect([address, answer!.status()]).toEqual([address, 200]);
      await page.locator('main h1').waitFor();
      if (!send) return;
      const posts: { address: string; type: string; body: Buffer }[] = [];
      page.on('request', (sent) => {
        if (sent.method() === 'POST')
          posts.push({
            address: sent.url(),
            type: sent.headers()['content-type']!,
            body: sent.postDataBuffer()!,
          });
      });
      await send(page);
      expect([
        address,
        await page.locator('.refused:not(:empty)').allTextContents(),
        (await size()) - before,
      ]).toEqual([address, [], records]);
      await page.reload();
      // The same form once more, as of a second tap on the button.
      const last = posts.at(-1)!;
      await plain.request.post(last.address, {
        headers: { 'Content-Type': last.type, Origin: ledger.url },
        data: last.body,
      });
      expect([address, (await size()) - before]).toEqual([address, records]);
    },
  );

  /** The fields of a form in which anything can be written, the members of groups among them. */
  function freeTextOf(name: string): string[] {
    const { command } = commandNamed(name)!;
    const walk = (schema: Parameters<typeof kindOf>[0], at: string): string[] => {
      const kind = kindOf(schema);
      if (kind.kind === 'line' || kind.kind === 'text')
        return matches(withoutMeaning(schema), HOSTILE[0]) ? [at] : [];
      if (kind.kind !== 'group') return [];
      const members = Object.entries(kind.members).map(([member, one]) => ({
        free: walk(one, memberName(at, member)),
        isDue: isRequired(schema, member),
      }));
      return members.some(({ free, isDue }) => isDue && free.length === 0)
        ? []
        : members.flatMap(({ free }) => free);
    };
    return [
      'reason',
      ...[...fieldsOf(dataClassOf(command))].flatMap(([member, { schema }]) =>
        walk(schema, `data.${member}`),
      ),
    ];
  }

  /** Opens the form of a command and writes into every field that takes any text. */
  async function writeInto(name: string, query: Record<string, string>, texts: readonly string[]) {
    await page.goto(`${ledger.url}${BENCH}/enter/${routeOf(name)}?${new URLSearchParams(query)}`);
    const others = page.locator('details.others:not([open]) > summary');
    if ((await others.count()) > 0) await others.click();
    const names = freeTextOf(name);
    const written: string[] = [];
    for (const [index, one] of names.entries()) {
      const text = `${texts[index % texts.length]!} ${index}`;
      await field(page, one).fill(text);
      written.push(text);
    }
    return { names, written };
  }

  const FORMS = [
    ['ReportAdverseEvent', { animal: 'R02', 'data.expected': 'true', 'data.severity': 'mild' }, 'R02'],
    ['EnrolSubject', { subject: 'R03', 'data.sex': 'male' }, 'R03'],
  ] as const;

  it.each(FORMS)('shows hostile text of %s as text wherever it stands', async (name, query, animal) => {
    const number = await size();
    const { names, written } = await writeInto(name, query, HOSTILE);
    expect(names.length).toBeGreaterThan(4);
    await press(page, 'Record');
    await page.waitForURL(/recorded=/);
    const { record } = await read<{ record: { reason: string; data: object } }>(`/records/${number}`);
    for (const text of written) expect(JSON.stringify(record)).toContain(JSON.stringify(text).slice(1, -1));

    const scripted = await browser.newContext();
    const amiss: string[] = [];
    for (const [kind, context] of [
      ['plain', plain],
      ['scripted', scripted],
    ] as const) {
      const seen = await context.newPage();
      seen.on('dialog', (dialog) => {
        amiss.push(`${kind}: ${dialog.message()}`);
        void dialog.dismiss();
      });
      seen.on('console', (said) => said.type() === 'error' && amiss.push(said.text()));
      for (const path of [
        `${STUDY}/records/${number}`,
        `${STUDY}/animals/${animal}`,
        `${BENCH}/animals/${animal}?recorded=${number}`,
        `${BENCH}?recorded=${number}`,
        `${STUDY}/records?animal=${animal}`,
        `${STUDY}/records/${number}/correct`,
        `${BENCH}/enter/${routeOf(name)}?${new URLSearchParams({ 'data.comment': HOSTILE[0], reason: HOSTILE[1] })}`,
      ]) {
        await seen.goto(`${ledger.url}${path}`);
        expect([path, await seen.locator('img[src=x], script:not([src])').count()]).toEqual([path, 0]);
      }
      await seen.goto(`${ledger.url}${STUDY}/records/${number}`);
      const said = (await seen.locator('main').textContent())!;
      for (const text of written) expect(said).toContain(text);
      await seen.close();
    }
    expect(amiss).toEqual([]);
    await scripted.close();
  });

  it.each(FORMS)('refuses in every field of %s a mark that turns the writing round', async (name, query) => {
    const before = await size();
    const { names, written } = await writeInto(name, { ...query, subject: 'R02' }, [TURNED]);
    await press(page, 'Record');
    expect(await size()).toBe(before);
    for (const [index, one] of names.entries()) {
      const wrong = page.locator(`[data-field="${one}"] .refused`);
      expect([one, await wrong.textContent()]).toEqual([one, expect.stringMatching(/direction/)]);
      expect(await field(page, one).inputValue()).toBe(written[index]);
    }
  });
});
