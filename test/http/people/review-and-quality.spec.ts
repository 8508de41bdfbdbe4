import { v4 } from 'uuid';
import { Client, administratorOf, beginStudy, hire, ok, type Sent } from '../../support/people.js';
import { serving, type Serving } from '../test-server.js';

const TEXT = 'The drape was missing during the second surgery';
const INSPECTION = { data: { phase: 'Surgery', on: '2026-03-02', findings: TEXT } };
const PATH = '/api/v1/studies/KET-01/records/2';

/** A second pseudonym of a human who recorded is a maker as well: only the lab knows. */
describe('a review of the trail', () => {
  it('is refused to another id of whoever made one of the records, and quality assurance makes it [R8]', async () => {
    const server = await serving({ simulated: false, http: { attemptsAMinute: 1000 } });
    const admin = await administratorOf(server);
    const director = await hire(admin, 'example-sd', ['director']);
    const quality = await hire(admin, 'qa-1', ['quality'], director);
    ok(
      await admin.lab('RegisterPerson', { person: 'reader-1', name: 'S. D.', sameIndividual: 'example-sd' }),
    );
    const offered = ok(await admin.lab('OfferEnrolment', { person: 'reader-1' }));
    const other = new Client(admin.url, 'reader-1', admin.origin);
    ok(await other.enrol((offered.body as unknown as { secret: string }).secret));
    ok(await admin.lab('GrantRole', { person: 'reader-1', role: 'inspector' }));
    ok(await quality.lab('ConfirmCredential', { credential: other.credential, identity: 'in-person' }));
    ok(await other.signIn());
    await beginStudy(director);
    const review = { data: { from: 0, to: 1, findings: 'Nothing to remark' } };
    for (const client of [director, other]) {
      const { body } = await client.send('ReviewTrail', review);
      expect(body).toMatchObject({ code: 'own-record' });
      expect(body['detail']).toContain('example-sd');
    }
    ok(await quality.send('ReviewTrail', review));
    await server.close();
  });
});

describe('what quality assurance found', () => {
  let server: Serving;
  let director: Client;
  let quality: Client;
  let inspector: Client;
  let admin: Client;
  const key = v4();
  const withKey = { 'Idempotency-Key': key };
  beforeAll(async () => {
    server = await serving({ simulated: false, http: { attemptsAMinute: 1000 } });
    admin = await administratorOf(server);
    director = await hire(admin, 'example-sd', ['director']);
    quality = await hire(admin, 'qa-1', ['quality'], director);
    inspector = await hire(admin, 'inspector-1', ['inspector'], director);
    await beginStudy(director);
    ok(await quality.send('RecordInspection', INSPECTION, 'KET-01', withKey));
  });
  afterAll(() => server.close());

  it('stands in no record: a digest does, and the days and the phase for everybody who reads the study [R35]', async () => {
    for (const client of [director, inspector, quality]) {
      const { body, text } = await client.get(PATH);
      const { data } = body['record'] as { data: object };
      expect(data).toEqual({
        phase: 'Surgery',
        on: '2026-03-02',
        findings: { '...': expect.any(String) as string },
      });
      expect(text).not.toContain('drape');
      const answer = await client.get('/api/v1/studies/KET-01/projections/quality-assurance');
      expect(answer.body['inspections']).toMatchObject([{ phase: 'Surgery', on: '2026-03-02' }]);
      expect(answer.text).not.toContain('drape');
      for (const page of ['quality', 'records/2', 'review'])
        expect((await client.get(`/studies/KET-01/${page}`, { Accept: 'text/html' })).text).not.toContain(
          'drape',
        );
    }
  });

  it('is read by quality assurance alone, through the API and on its page [R35]', async () => {
    const page = '/studies/KET-01/findings/2';
    const asHtml = { Accept: 'text/html' };
    expect((await quality.get(`${PATH}/findings`)).body).toMatchObject({ findings: TEXT, phase: 'Surgery' });
    expect((await quality.get(page, asHtml)).text).toContain('drape');
    for (const client of [director, inspector, admin]) {
      const answers = [await client.get(`${PATH}/findings`), await client.get(page, asHtml)];
      for (const { status, text } of answers) {
        expect(status).toBeGreaterThan(400);
        expect(text).not.toContain('drape');
      }
    }
  });

  it('is not kept on a device while there is no connection, as other entries are', async () => {
    const form = async (command: string): Promise<string> =>
      (await quality.get(`/studies/KET-01/bench/enter/${command}`, { Accept: 'text/html' })).text;
    expect(await form('report-inspection')).toContain('data-enter=');
    expect(await form('record-inspection')).not.toContain('data-enter=');
  });

  it('is not asked for of what is no inspection', async () => {
    const codeOf = ({ body }: Sent): unknown => body['code'];
    expect(codeOf(await quality.get('/api/v1/studies/KET-01/records/1/findings'))).toBe('not-an-inspection');
    expect(codeOf(await quality.get('/api/v1/studies/KET-01/records/99/findings'))).toBe('record-unknown');
  });

  it('is the same when the command comes again, and another text under its id is refused', async () => {
    const again = ok(await quality.send('RecordInspection', INSPECTION, 'KET-01', withKey));
    expect((again.body['records'] as { number: number }[])[0]!.number).toBe(2);
    for (const findings of ['Nothing', undefined]) {
      const other = { data: { ...INSPECTION.data, findings } };
      const { body, text } = await quality.send('RecordInspection', other, 'KET-01', withKey);
      expect(body['code']).toBe('command-id-reused');
      expect(text).not.toContain('drape');
    }
    // What was not recorded is not kept.
    expect([...(server.engine as unknown as Kept).disclosures.store.kept()]).toHaveLength(9);
    expect((await quality.get(`${PATH}/findings`)).body).toMatchObject({ findings: TEXT });
  });

  it('is repeated by no refusal, and forgotten where the inspection is refused', async () => {
    const before = [...(server.engine as unknown as Kept).disclosures.store.kept()].length;
    const early = { data: { ...INSPECTION.data, on: '2026-03-09' } };
    expect((await quality.send('RecordInspection', early)).body['code']).toBe('time-in-future');
    const tooLong = { data: { ...INSPECTION.data, phase: 1, findings: ['The drape'] } };
    const { body, text } = await quality.send('RecordInspection', tooLong);
    expect(body['code']).toBe('field-invalid');
    expect(text).not.toContain('drape');
    expect([...(server.engine as unknown as Kept).disclosures.store.kept()].length).toBe(before);
  });

  it('does not keep whoever recorded it from being quality assurance again', async () => {
    const grantOf = async (person: string): Promise<number> => {
      const granted = ok(await admin.lab('GrantRole', { person, role: 'quality', study: 'KET-01' }));
      return (granted.body['records'] as { number: number }[])[0]!.number;
    };
    const again = await grantOf('qa-1');
    ok(await admin.lab('RevokeRole', { grant: again, cause: 'new-duties' }));
    expect(await grantOf('qa-1')).toBeGreaterThan(again);
    const maker = { person: 'example-sd', role: 'quality', study: 'KET-01', conflict: 'set-up' };
    expect((await admin.lab('GrantRole', maker)).body['code']).toBe('role-conflict');
  });

  it('is quality’s own: it may be withdrawn by quality, and not by the director', async () => {
    const withdrawal = { reason: 'The wrong study', data: { target: { number: 2 } } };
    expect((await director.send('VoidRecord', withdrawal)).body['code']).toBe('not-permitted');
    expect(
      (await quality.send('VoidRecord', { ...withdrawal, data: { target: { number: 1 } } })).body['code'],
    ).toBe('not-permitted');
    ok(await quality.send('VoidRecord', withdrawal));
    expect((await quality.get(`${PATH}/findings`)).body).toMatchObject({ findings: TEXT, supersededBy: 3 });
  });

  it('is erased, withdrawn or not, where an administrator asks and a second person confirms [R52]', async () => {
    const page = async (client: Client, path: string): Promise<string> =>
      (await client.get(path, { Accept: 'text/html' })).text;
    expect(await page(admin, '/people')).toContain('<option value="study-KET-01">');
    const asked = ok(
      await admin.lab('RequestRedaction', {
        stream: 'study-KET-01',
        number: 2,
        pointer: '/data/findings',
        legalBasis: 'gdpr-17',
      }),
    );
    const request = (asked.body['records'] as { number: number }[])[0]!.number;
    expect(await page(quality, '/me')).toContain('the findings in study-KET-01 record 2');
    ok(await quality.lab('RedactField', { request }));
    const erasedBy = request + 1;
    expect((await quality.get(`${PATH}/findings`)).body).toMatchObject({ findings: null, erasedBy });
    expect(await page(quality, '/studies/KET-01/findings/2')).toContain(`as lab record #${erasedBy} says`);
    // The command that came twice before is answered the same.
    expect((await quality.send('RecordInspection', INSPECTION, 'KET-01', withKey)).status).toBeLessThan(300);
    expect((await quality.get(`${PATH}/findings`)).body).toMatchObject({ findings: null, erasedBy });
  });
});

interface Kept {
  readonly disclosures: { readonly store: { kept(): Iterable<unknown> } };
}
