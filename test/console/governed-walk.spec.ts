import type { Serving } from '../http/test-server.js';
import { Client, ok } from '../support/people.js';
import { ORIGIN, servingPeople } from './signed-pages.js';
import { Visitor } from './visitor.js';

/** A study whose acts are signed, from its registration to the archive, by links and forms alone: nobody types an address. */
describe('a governed study, by clicks alone', () => {
  let server: Serving;
  const visitors = new Map<string, Visitor>();
  const as = async (person: string): Promise<Visitor> => {
    server.time.ms += 60_000;
    const known = visitors.get(person) ?? (await Visitor.signIn(server.url, person));
    visitors.set(person, known);
    return known.home();
  };
  /** At the study, from the list of all. */
  const study = async (person: string): Promise<Visitor> => (await as(person)).click('WALK-01');
  const bench = async (person: string): Promise<Visitor> => (await study(person)).click('Bench');
  /** Before the first signature. */
  const attest = async (visitor: Visitor): Promise<Visitor> => {
    if (!visitor.text.includes('state that your electronic signature binds you')) return visitor;
    await visitor.click('your page');
    await visitor.press('I state this');
    return visitor.click('Go on to sign');
  };
  const sign = async (visitor: Visitor, meaning: string): Promise<Visitor> => {
    expect(visitor.text).toContain(`Sign as ${meaning}`);
    return (await attest(visitor)).sign();
  };
  /** Does what waits for somebody: the first act with these words on Today. */
  const act = async (person: string, words: string): Promise<Visitor> => (await bench(person)).click(words);

  beforeAll(async () => {
    server = await servingPeople();
    const admin = new Client(server.url, 'admin-1', ORIGIN);
    ok(await admin.post('/api/v1/sign-in/simulated', { person: 'admin-1' }));
    ok(await admin.lab('GrantRole', { person: 'surg-1', role: 'director' }));
  });
  afterAll(() => server.close());

  it('is registered by its director, who signs the protocol [R30]', async () => {
    const director = await as('sd-01');
    await director.click('Start a study');
    await director.press('Register the study', {
      study: 'WALK-01',
      'data.title': 'A walk',
      'data.director': 'sd-01',
      'data.ethicsApproval': 'DEC-7',
      from: 'reference-example',
    });
    await director.press('Approve the protocol', {
      decided: 'yes',
      'data.protocol.title': 'A walk',
      part: ['witnessed'],
      'data.protocol.witnessed': ['RecordBodyWeight'],
    });
    await sign(director, 'approved');
    expect(director.text).toContain('in force from');
    await director.click('Enrol the first animal');
  });

  it('takes data of a technician, witnessed by a second one who saw it [R9]', async () => {
    const technician = await bench('tech-1');
    await technician.click('Enrol the first one');
    await technician.press('Record', {
      subject: 'R01',
      'data.species': 'rat',
      'data.strain': 'Sprague-Dawley',
      'data.sex': 'male',
      'data.dateOfBirth': '2026-01-05',
    });
    await technician.click('Body weight');
    await technician.press('Record', { 'data.weight.value': '245.0', 'data.weight.unit': 'g' });
    const second = await act('tech-2', 'Witness a record of somebody else');
    await second.press('Record');
    await sign(second, 'witnessed');
    expect(second.at).toContain('/bench?recorded=');
  });

  it('has a deviation acknowledged by its director, with its impact [R32]', async () => {
    const technician = await bench('tech-1');
    await technician.press('Open', { q: 'R01' });
    await technician.click('Body weight');
    await technician.press('Record', {
      'data.weight.value': '244.0',
      'data.weight.unit': 'g',
      occurredAt: '2026-03-02T09:10',
      reason: 'Weighed before the protocol was approved',
    });
    const director = await act('sd-01', 'Acknowledge a deviation');
    await director.press('Record', { 'data.assessment': 'No effect on the outcome', 'data.impact': 'minor' });
    await sign(director, 'acknowledged');
  });

  it('is inspected by quality assurance, and that is signed and reported to both [R34]', async () => {
    const quality = await study('qa-1');
    await quality.click('Quality');
    await quality.click('Record an inspection');
    await quality.press('Record', { 'data.phase': 'Weighing', 'data.on': '2026-03-02' });
    await sign(quality, 'inspected');
    expect(quality.text).toContain('✓ valid');
    for (const to of ['director', 'management']) {
      await quality.click(new RegExp(`report-inspection.*to=${to}`));
      await quality.press('Record', { 'data.on': '2026-03-02' });
    }
    expect(quality.text).toContain('all reported to the study director and to management');
  });

  it('is handed over by both directors, and back by management [R29]', async () => {
    const director = await study('sd-01');
    await director.click('Hand the study over');
    await director.press('Record', { 'data.to': 'surg-1', reason: 'Leave' });
    await sign(director, 'approved');
    await (await study('surg-1')).click('Bench');
    const next = await act('surg-1', 'Sign as approved');
    await sign(next, 'approved');
    await next.click('Study');
    expect(next.text).toContain('Study director surg-1');
    const management = await study('mgr-1');
    await management.click('Replace the director');
    await management.press('Record', { 'data.director': 'sd-01', reason: 'Back from leave' });
    await sign(management, 'approved');
    await management.click('Study');
    expect(management.text).toContain('Study director sd-01');
  });

  it('is reviewed by somebody who made none of it [R8]', async () => {
    const reviewer = await study('stat-1');
    await reviewer.click('Review');
    await reviewer.click(/review-trail/);
    await reviewer.press('Record', { 'data.findings': 'Nothing to remark' });
    await sign(reviewer, 'reviewed');
    expect(reviewer.text).toContain('✓ valid');
  });

  it('is closed by its director', async () => {
    const director = await bench('sd-01');
    await director.click('Close the study');
    await director.press('Record', { 'data.outcome': 'completed' });
    await sign(director, 'closed');
    expect(director.text).toContain('The study is closed');
  });

  it('takes what is found after closing, which its director signs', async () => {
    const technician = await bench('tech-1');
    await technician.press('Open', { q: 'R01' });
    await technician.click('Report an adverse event');
    await technician.press('Record', {
      'data.description': 'Scratch at the ear',
      'data.expected': 'false',
      'data.severity': 'mild',
      occurredAt: '2026-03-02T09:18',
      afterClose: 'true',
      reason: 'The note lay in the cage rack',
    });
    await sign(await act('sd-01', 'Sign as approved'), 'approved');
    const director = await act('sd-01', 'Acknowledge a deviation');
    await director.press('Record', { 'data.assessment': 'No effect on the outcome', 'data.impact': 'none' });
    await sign(director, 'acknowledged');
    const reviewer = await study('stat-1');
    await reviewer.click('Review');
    await reviewer.click(/review-trail/);
    await reviewer.press('Record', { 'data.findings': 'Nothing to remark' });
    await sign(reviewer, 'reviewed');
  });

  it('is archived by management, and is read only from then on [R41]', async () => {
    const management = await study('mgr-1');
    await management.click('Archive the study');
    await management.press('Record', { 'data.location': 'Archive room 2', 'data.retainUntil': '2036-12-31' });
    await sign(management, 'archived');
    await management.click('Archive');
    expect(management.text).toContain('Archive room 2');
    const technician = await bench('tech-1');
    expect(technician.text).toContain('The study is archived');
    expect(technician.html).not.toContain('/bench/enter/record-');
    await technician.click('Files');
    expect(technician.html).toContain('files/report.html');
  });

  it('is reopened by its director with a reason and a signature', async () => {
    const director = await bench('sd-01');
    await director.click('reopen the study');
    await director.press('Record', { reason: 'A session was never entered' });
    await sign(director, 'approved');
    expect(director.text).not.toContain('The study is archived');
    await director.click('Enrol an animal');
  });
});
