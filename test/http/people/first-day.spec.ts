import { serving, type Serving } from '../test-server.js';
import { administratorOf, beginStudy, hire, ok, type Client } from '../../support/people.js';

describe('from the printed link to the first records', () => {
  let server: Serving;
  let admin: Client;
  let director: Client;
  let technician: Client;
  beforeAll(async () => {
    server = await serving({ simulated: false, http: { attemptsAMinute: 1000 } });
    admin = await administratorOf(server);
    director = await hire(admin, 'example-sd', ['director']);
    technician = await hire(admin, 'tech-1', ['technician'], director);
  });
  afterAll(() => server.close());

  it('puts the site in force with the first sign-in', () => {
    const [site] = server.engine.labNow.people.sites;
    expect(site?.confirmed).toMatchObject({ by: 'admin-1' });
  });

  it('records who acted, in which role and session [R1]', async () => {
    await beginStudy(director);
    ok(await technician.send('EnrolSubject'));
    const { body } = await technician.get('/api/v1/studies/KET-01/records');
    const records = body['records'] as { record: Record<string, unknown> }[];
    expect(
      records.map(({ record }) => [record['actor'], record['actorrole'], typeof record['session']]),
    ).toEqual([
      ['example-sd', 'director', 'string'],
      ['example-sd', 'director', 'string'],
      ['tech-1', 'technician', 'string'],
    ]);
    // On the clock of the site, wherever the server stands.
    expect(records.map(({ record }) => record['time'])).toEqual([
      expect.stringMatching(/\+0[12]:00$/),
      expect.stringMatching(/\+0[12]:00$/),
      expect.stringMatching(/\+0[12]:00$/),
    ]);
  });
});
