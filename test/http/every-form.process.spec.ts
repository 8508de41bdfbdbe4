import { h } from 'preact';
import { renderToString } from 'preact-render-to-string';
import type { TSchema } from 'typebox';
import { v7 } from 'uuid';
import { CommandFields } from '../../src/console/forms/command-fields.js';
import { CATALOGUE, commandNamed, routeOf } from '../../src/study/catalogue.js';
import type { CommandDefinition } from '../../src/study/commands/common/command.js';
import { dataClassOf, fieldsOf } from '../../src/study/commands/common/fields.js';
import { matches, withoutMeaning } from '../../src/study/schema.js';
import { pairsOf } from '../console/form-pairs.js';
import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import { approvedWith, wide } from '../study/bench.js';
import { exampleOf, serving, type Serving } from './test-server.js';

const PROTOCOL = { ...wide, stimulation: exampleProtocol.stimulation! };
/** Made elsewhere: a registration, what is signed by a passkey or takes a second person, and what comes with a file. */
const ELSEWHERE = new Set(['RegisterStudy', 'SignRecords', 'AddAttachment', 'WitnessRecord', 'ReviewTrail']);
/** Nobody is signed in here: they are refused, and shown again. */
const OF_SOMEBODY = new Set(['WitnessRecord', 'ReviewTrail']);
/** After these nothing else is recorded. */
const LAST = ['CloseStudy', 'ArchiveStudy', 'ReopenStudy'];
const FORMS = [
  ...CATALOGUE.map(({ name }) => name).filter((name) => !ELSEWHERE.has(name) && !LAST.includes(name)),
  ...LAST,
];

const HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(1)>\'';
const SCRIPTS = '日本語 עברית 🐀 𝒳';
/** What is said is text of any kind, or none at all. */
const TEXTS: readonly (readonly [string, string, readonly number[]])[] = [
  ['markup and quotes', HOSTILE, [303, 422, 409]],
  ['characters of any script and plane', SCRIPTS, [303, 422, 409]],
  ['a mark that turns the writing round', 'abc \u202egnitirw', [422]],
  ['100,000 characters', 'long '.repeat(20_000), [422, 413]],
];

describe('without a script', () => {
  let server: Serving;
  /** The number of the last record that a command made. */
  const made = new Map<string, number>();
  const taken = new Set<string>();
  beforeAll(async () => {
    server = await serving();
    await record('RegisterStudy', exampleOf('RegisterStudy'), 'NEW-01');
    await record('RegisterStudy', exampleOf('RegisterStudy'));
    await record('ApproveProtocol', approvedWith(PROTOCOL).body);
    for (const subject of ['R01', 'R07', 'R08'])
      await record('EnrolSubject', { ...exampleOf('EnrolSubject'), subject });
    await record('LigateNerve', { ...exampleOf('LigateNerve'), subject: 'R07' });
    for (const value of ['300', '200'])
      await record('RecordBodyWeight', {
        subject: 'R07',
        reason: 'It fell',
        data: { weight: { value, unit: 'g' } },
      });
    made.set('reached', made.get('RecordBodyWeight')!);
  });
  afterAll(() => server.close());

  async function record(name: string, body: object, study = 'KET-01'): Promise<void> {
    server.time.ms += 60_000;
    const { status, text, body: receipt } = await server.send(name, body, { study });
    if (status !== 201) throw new Error(text);
    made.set(name, (receipt as { records: [{ number: number }] }).records[0].number);
  }
  /** A protocol is approved once in a study. */
  const studyOf = (name: string): string => (name === 'ApproveProtocol' ? 'NEW-01' : 'KET-01');
  const size = async (name: string): Promise<number> =>
    ((await server.get(`/api/v1/studies/${studyOf(name)}`)).body as { treeSize: number }).treeSize;
  const address = (name: string): string => `/studies/${studyOf(name)}/bench/enter/${routeOf(name)}`;
  const post = (name: string, pairs: URLSearchParams) =>
    server.post(address(name)).set('Accept', 'text/html').type('form').send(pairs.toString());

  /** The example, about records and animals of this study. */
  function bodyOf(name: string): Record<string, unknown> {
    const { data, ...about } = exampleOf(name);
    const weighed = { number: made.get('RecordBodyWeight')! };
    const dose = made.get('AdministerKetamine');
    const own: Readonly<Record<string, object>> = {
      HandOverStudy: { to: 'sd-02' },
      ReplaceDirector: { director: 'sd-03' },
      ScoreSideEffects: { after: dose },
      AmendProtocol: approvedWith(PROTOCOL).body['data'] as object,
      DesignateSubEffectiveDose: { evidence: [dose] },
      DecideEndpoint: { reachedBy: made.get('reached') },
      AcknowledgeDeviation: { target: { number: made.get('ApplySCS') } },
      ReportInspection: { target: { number: made.get('RecordInspection') } },
      CorrectRecord: { target: weighed },
      VoidRecord: { target: { number: made.get('ReportAdverseEvent') } },
    };
    const subjects: Readonly<Record<string, string>> = { EnrolSubject: 'R20', RecordFate: 'R08' };
    const subject = subjects[name] ?? about['subject'];
    return JSON.parse(
      JSON.stringify({
        reason: 'as the sheet says',
        ...about,
        ...(subject !== undefined && { subject }),
        data: { ...(data as object), ...own[name] },
      }),
    ) as Record<string, unknown>;
  }

  /** What a browser sends of the form, filled in by hand. */
  async function filled(name: string): Promise<URLSearchParams> {
    const page = await server.get(address(name)).set('Accept', 'text/html');
    expect(page.status).toBe(200);
    const id = pairsOf(page.text).get('id')!;
    const definition = commandNamed(name)!;
    const pairs = pairsOf(renderToString(h(CommandFields, { definition, body: bodyOf(name) })));
    pairs.set('id', id);
    return pairs;
  }

  it.each(FORMS)('the form of %s records its example, once however often it is sent', async (name) => {
    server.time.ms += 60_000;
    const pairs = await filled(name);
    const before = await size(name);
    const first = await post(name, pairs);
    const again = await post(name, pairs);
    if (first.status !== 303) throw new Error(`${name}: ${errorsIn(first.text)}`);
    expect([again.status, again.headers['location']]).toEqual([303, first.headers['location']]);
    expect(await size(name)).toBe(before + 1);
    made.set(name, before);
    const stored = (await server.get(`/api/v1/studies/${studyOf(name)}/records/${before}`)).body as {
      record: { type: string };
    };
    expect(stored.record.type).toBe(commandNamed(name)!.records);
  });

  describe.each(TEXTS)('%s', (_, text, statuses) => {
    it.each([...FORMS, ...OF_SOMEBODY])('is shown as text or refused by the form of %s', async (name) => {
      server.time.ms += 60_000;
      const pairs = await filled(name);
      const fields = textFieldsOf(commandNamed(name)!);
      for (const field of fields) pairs.set(field, text);
      pairs.set('id', v7());
      const before = await size(name);
      const { status, text: page } = await post(name, pairs);
      expect(OF_SOMEBODY.has(name) ? [...statuses, 403] : statuses).toContain(status);
      const isRecorded = (await size(name)) > before;
      expect(isRecorded).toBe(status === 303);
      if (isRecorded) taken.add(`${name}: ${text.slice(0, 9)}`);
      const shown = isRecorded
        ? (await server.get(`/studies/${studyOf(name)}/records/${before}`).set('Accept', 'text/html')).text
        : page;
      expect(shown).not.toMatch(/<script>alert|<img src=x/);
      if (status !== 413) expect(shown).toContain(escaped(text).slice(0, 300));
    });
  });

  it.each(TEXTS)('%s is shown as text or refused where a study is registered', async (_, text, statuses) => {
    const started = '/studies/new';
    const pairs = pairsOf((await server.get(started).set('Accept', 'text/html')).text);
    const code = `NEW-${pairs.get('id')!.slice(-6).toUpperCase()}`;
    pairs.set('study', code);
    pairs.set('data.director', 'sd-01');
    for (const field of textFieldsOf(commandNamed('RegisterStudy')!)) pairs.set(field, text);
    const { status, text: page } = await server
      .post(started)
      .set('Accept', 'text/html')
      .type('form')
      .send(pairs.toString());
    expect(statuses).toContain(status);
    const shown = [page];
    for (const at of status === 303 ? ['/', `/studies/${code}`, `/studies/${code}/protocol`] : [])
      shown.push((await server.get(at).set('Accept', 'text/html')).text);
    if (status !== 413) expect(shown.at(-1)).toContain(escaped(text).slice(0, 300));
    for (const one of shown) expect(one).not.toMatch(/<script>alert|<img src=x/);
  });

  it('has recorded much of that, and not refused it for something else', () => {
    expect(taken.size).toBeGreaterThan(30);
  });
});

/** The fields of a command that take any text: one line or more. */
function textFieldsOf({ command }: CommandDefinition): string[] {
  const inside = (schema: TSchema, at: string): string[] => {
    const { properties } = schema as { properties?: Readonly<Record<string, TSchema>> };
    if (properties)
      return Object.entries(properties).flatMap(([name, inner]) => inside(inner, `${at}.${name}`));
    return matches(withoutMeaning(schema), HOSTILE) ? [at] : [];
  };
  const facts = [...fieldsOf(dataClassOf(command))].flatMap(([name, { schema }]) =>
    inside(schema, `data.${name}`),
  );
  return ['reason', ...facts];
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function errorsIn(page: string): string {
  const summary = /<div[^>]*class="[^"]*errors.*?<\/div>/s.exec(page)?.[0] ?? page;
  return summary.replaceAll(/<[^>]+>/g, ' ').slice(0, 1500);
}
