import request from 'supertest';
import { v7 } from 'uuid';
import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import { exampleOf, serving, START, type Serving } from '../http/test-server.js';
import { mainOf } from './console-server.js';

const DAY = 86_400_000;
const MINUTE = 60_000;
const PAGE = '/studies/KET-01/bench/threshold';

/** The fields of a run as the page sends them: `2O 4X`. */
function runFields(touches: string, more: Record<string, string> = {}): Record<string, string> {
  const rows = touches.split(' ').flatMap((touch, index) => [
    [`data.touches[${index}].filament`, touch.slice(0, -1)],
    [`data.touches[${index}].response`, touch.slice(-1)],
  ]);
  return {
    id: v7(),
    subject: 'R01',
    'data.paw': 'ipsilateral',
    'data.ladder': 'RAT-N8',
    now: 'yes',
    ...Object.fromEntries(rows),
    ...more,
  };
}

describe('the page of a threshold', () => {
  let server: Serving;
  beforeEach(async () => {
    server = await serving({ clock: { ms: START } });
    await made('RegisterStudy');
    await made('ApproveProtocol', { data: { protocol: exampleProtocol } });
    for (const subject of ['R01', 'R02']) await made('EnrolSubject', { subject });
  });
  afterEach(() => server.close());

  /** Sends a command as a program does, and says the number of its record. */
  async function made(name: string, more: object = {}): Promise<number> {
    const { status, text, body } = await server.send(name, { ...exampleOf(name), ...more });
    if (status !== 201) throw new Error(`${name}: ${text}`);
    return (body as { records: { number: number }[] }).records[0]!.number;
  }
  const page = async (query: string, expected = 200): Promise<string> => {
    const { status, text } = await server.get(`${PAGE}?${query}`).set('Accept', 'text/html');
    expect([query, status]).toEqual([query, expected]);
    return mainOf(text);
  };
  const textOf = (html: string): string => html.replace(/<[^>]+>/g, '').replaceAll(/\s+/g, ' ');
  const send = (fields: Record<string, string>) =>
    request(server.url)
      .post(PAGE)
      .set('Accept', 'text/html')
      .type('form')
      .send(new URLSearchParams(fields).toString());
  /** Records a run by its form, and shows the page that one is led to. */
  const recorded = async (fields: Record<string, string>): Promise<string> => {
    const { status, headers, text } = await send(fields);
    if (status !== 303) throw new Error(textOf(mainOf(text)));
    return page(headers['location']!.split('?')[1]!);
  };
  const runOf = (html: string) =>
    JSON.parse(/data-run="([^"]*)"/.exec(html)![1]!.replaceAll('&quot;', '"').replaceAll('&amp;', '&')) as {
      paw: string;
      due?: string;
      session?: string;
    };

  it('asks for an animal where the address names none, and never ends without a way on', async () => {
    expect(await page('')).toContain('threshold?animal=R02');
    expect(textOf(await page('animal=R99'))).toContain('R99 is not enrolled in this study.Choose an animal');
    await made('EuthaniseSubject', { subject: 'R02' });
    expect(await page('animal=R02')).toContain('/bench/enter/record-threshold?animal=R02');
    await page('animal=R01&paw=left', 422);
    await page('animal=R01&session=1', 422);
    await page('animal=R01&minute=soon', 422);
  });

  it('says what the protocol lacks', async () => {
    const {
      ladder: _,
      censoring: __,
      hypersensitivity: ___,
      responder: ____,
      titration: _____,
      ...rest
    } = exampleProtocol;
    await made('AmendProtocol', {
      data: { protocol: { ...rest, baseline: undefined } },
      reason: 'no filaments',
    });
    expect(textOf(await page('animal=R01'))).toContain('The protocol in force has no ladder of filaments.');
  });

  it('goes on to the other paw, and then to the animal that is due next', async () => {
    const first = await recorded(runFields('2O 4X 2O 4X 2O 4X'));
    expect(textOf(first)).toContain('50 % threshold 3.09 g');
    expect(runOf(first).paw).toBe('contralateral');
    // The protocol wants a second run of the same paw, too.
    expect(first).toMatch(
      /href="[^"]*animal=R01&amp;paw=ipsilateral"[^>]*>Baseline 2 of 2: ipsilateral paw of R01</,
    );
    const both = await recorded(runFields('2X 1X 0.6X 0.4X', { 'data.paw': 'contralateral' }));
    expect(both).not.toContain('data-run');
    expect(textOf(both)).toContain('50 % threshold &lt; 0.4 g');
    expect(textOf(both)).toMatch(/Next: R02, /);
    // A paw that is measured again begins anew.
    server.time.ms += 10 * MINUTE;
    expect(runOf(await recorded(runFields('2X 1X 0.6X 0.4X'))).paw).toBe('contralateral');
    // Hours later both paws are due again.
    server.time.ms += 3 * 60 * MINUTE;
    expect(runOf(await page('animal=R01')).paw).toBe('ipsilateral');
    // The other paw of a run of yesterday is on paper too.
    const yesterday = { occurredAt: new Date(server.time.ms - DAY).toISOString(), reason: 'from paper' };
    const paper = await recorded(runFields('2O 4X 2O 4X 2O 4X', { now: '', before: 'yes', ...yesterday }));
    expect(textOf(paper)).toContain('Next: the contralateral paw');
    expect(paper).not.toContain('data-run');
    expect(paper).toMatch(/name="before" value="yes"/);
    expect(paper).toMatch(/<option value="contralateral" selected/);
  });

  it('says which paw is the ipsilateral one', async () => {
    expect(textOf(await page('animal=R01'))).toContain(
      'Ipsilateral: the paw on the side that will be operated.',
    );
    await made('LigateNerve', { subject: 'R01', reason: 'As planned' });
    const { side } = (exampleOf('LigateNerve') as { data: { side: string } }).data;
    for (const query of ['animal=R01', 'animal=R01&form=yes'])
      expect(textOf(await page(query))).toContain(
        `Ipsilateral: the ${side} paw, on the side that was operated.`,
      );
  });

  it('says what the verdict is now, and on which baseline it rests', async () => {
    const before: number[] = [];
    for (let run = 0; run < 2; run++) {
      const html = await recorded(runFields('2O 4O 6O 8O 15X 8O 15X 8O 15X'));
      before.push(Number(/Recorded as <a[^>]*>#(\d+)/.exec(html)![1]));
      server.time.ms += DAY;
    }
    await made('LigateNerve', { subject: 'R01' });
    server.time.ms += 15 * DAY;
    const text = textOf(await recorded(runFields('2X 1O 2X 1O 2X 1O')));
    expect(text).toMatch(/hypersensitive: not known → yes/);
    expect(text).toMatch(
      new RegExp(`Baseline [\\d.]+ g \\(#${before[0]}, #${before[1]}\\), after the ligation`),
    );
  });

  it('says before the run that its planned minute is past, and takes it with a reason', async () => {
    const dose = await made('AdministerKetamine', { subject: 'R01', reason: 'as it was' });
    server.time.ms += 30 * MINUTE;
    const on = runOf(await page(`animal=R01&session=${dose}&minute=30`));
    expect([on.session, on.due]).toEqual([String(dose), undefined]);
    server.time.ms += 30 * MINUTE;
    const off = await page(`animal=R01&session=${dose}&minute=30`);
    expect(textOf(off)).toContain('It is minute 60, and the run is planned for minute 30.');
    const place = { 'data.session': String(dose), 'data.minute': '30' };
    const refused = await send(runFields('2O 4X 2O 4X 2O 4X', place));
    expect(refused.status).toBe(422);
    expect(mainOf(refused.text)).toContain('value="X" selected');
    const html = await recorded(
      runFields('2O 4X 2O 4X 2O 4X', { ...place, reason: 'the animal had to be found' }),
    );
    expect(textOf(html)).toContain('minute off');
    expect(html).toContain(`session=${dose}`);
  });

  it('takes no run whose time is not said: from paper the time is due, live one says that it is now', async () => {
    const run = '2O 4X 2O 4X 2O 4X';
    const size = async () => (await server.get('/api/v1/studies/KET-01')).body as { treeSize: number };
    const before = (await size()).treeSize;
    const paper = await page('animal=R01&form=yes');
    expect([paper.includes('name="before" value="yes"'), paper.includes('name="now"')]).toEqual([
      true,
      false,
    ]);
    const onPaper = await send(runFields(run, { now: '', before: 'yes' }));
    expect(onPaper.status).toBe(422);
    expect(textOf(mainOf(onPaper.text))).toContain('The time is empty: say when it was');
    expect(mainOf(onPaper.text)).toContain('name="before" value="yes"');
    expect(await page('animal=R01')).toContain('name="now"');
    const live = await send(runFields(run, { now: '' }));
    expect([live.status, textOf(mainOf(live.text)).includes('say “It is made now”')]).toEqual([422, true]);
    expect((await size()).treeSize).toBe(before);
    // A time that was typed is shown as it was typed, in the same picker.
    const typed = { now: '', before: 'yes', occurredAt: '2030-01-02T09:15' };
    const early = mainOf((await send(runFields(run, typed))).text);
    expect(early).toMatch(/name="occurredAt" value="2030-01-02T09:15" type="datetime-local"/);
    server.time.ms += 30 * MINUTE;
    const occurredAt = new Date(server.time.ms - 20 * MINUTE).toISOString();
    await recorded(runFields(run, { now: '', before: 'yes', occurredAt }));
    const { body } = await server.get(`/api/v1/studies/KET-01/records/${before}`);
    expect(Date.parse((body as { record: { time: string } }).record.time)).toBe(Date.parse(occurredAt));
  });

  it('the form of what was done before asks for its time: an empty one does not mean now', async () => {
    const enter = '/studies/KET-01/bench/enter/record-body-weight';
    const shown = await server.get(`${enter}?animal=R01&before=yes`).set('Accept', 'text/html');
    expect(mainOf(shown.text)).toMatch(/aria-required="true" name="occurredAt"/);
    const weigh = (more: Record<string, string>) =>
      request(server.url)
        .post(`${enter}?animal=R01`)
        .set('Accept', 'text/html')
        .type('form')
        .send({ id: v7(), subject: 'R01', 'data.weight.value': '251.0', 'data.weight.unit': 'g', ...more });
    const empty = await weigh({ before: 'yes' });
    expect(empty.status).toBe(422);
    expect(textOf(mainOf(empty.text))).toContain('The time is empty: say when it was, as it was noted.');
    expect(mainOf(empty.text)).toContain('name="before" value="yes"');
    server.time.ms += 30 * MINUTE;
    const occurredAt = new Date(server.time.ms - 20 * MINUTE).toISOString();
    expect((await weigh({ before: 'yes', occurredAt })).status).toBe(303);
    const late = await weigh({ occurredAt, 'data.weight.value': '150.0' });
    expect([late.status, mainOf(late.text).includes('Reason<span class="quiet"> optional')]).toEqual([
      422,
      false,
    ]);
    // A form without that word means now, as it says.
    expect((await weigh({ 'data.weight.value': '252.0' })).status).toBe(303);
  });

  it('shows a refused form again with all that was typed, as text', async () => {
    const hostile = '<b>"R&amp;';
    const { status, text } = await send(
      runFields('2O 4X', { 'data.stopReason': hostile, 'data.touches[1].response': '', id: v7() }),
    );
    expect(status).toBe(422);
    const html = mainOf(text);
    expect(html).not.toContain('<b>"R');
    expect(html).toContain('&lt;b>&quot;R&amp;amp;');
    expect(html).toMatch(/class="refused">[^<]*response/);
  });

  it('records once, however often the same form is sent, and answers a script as the interface does', async () => {
    const fields = runFields('2O 4X 2O 4X 2O 4X');
    const [one, again] = [await send(fields), await send(fields)];
    expect(again.headers['location']).toBe(one.headers['location']);
    const asked = await request(server.url)
      .post(PAGE)
      .set('Accept', 'application/json')
      .type('form')
      .send(new URLSearchParams(runFields('2X 1X 0.6X 0.4X', { 'data.paw': 'contralateral' })).toString());
    expect([asked.status, asked.body]).toEqual([
      201,
      expect.objectContaining({
        next: expect.stringMatching(/threshold\?animal=R01&recorded=\d+$/) as string,
      }),
    ]);
  });
});
