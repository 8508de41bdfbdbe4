/** What the server signs and governs is what the verifier takes for right: a study from its protocol to its archive. */
import { attest, sign } from '../http/signatures/signing.js';
import { exampleOf, serving } from '../http/test-server.js';
import { administratorOf, hire, ok, type Client, type Sent } from '../support/people.js';
import { foundIn } from './people-checks.js';

const STUDY = 'GOV-01';

it('finds nothing wrong with a governed study that the server took', async () => {
  const server = await serving({ simulated: false, http: { attemptsAMinute: 1000 } });
  try {
    const admin = await administratorOf(server);
    const manager = await hire(admin, 'mgr-1', ['management']);
    const director = await hire(admin, 'sd-1', ['director'], manager);
    const next = await hire(admin, 'sd-2', ['director'], manager);
    const technician = await hire(admin, 'tech-1', ['technician'], manager);
    const reviewer = await hire(admin, 'stat-1', ['statistician'], manager);
    for (const one of [manager, director, next, technician, reviewer]) ok(await attest(one));

    const record = async (by: Client, name: string, body: object = exampleOf(name)): Promise<number> =>
      numberIn(ok(await by.send(name, body, STUDY)));
    const signs = async (by: Client, meaning: string, ...records: number[]): Promise<number> =>
      numberIn(ok(await sign(by, { meaning, records }, STUDY)));

    const { data } = exampleOf('RegisterStudy') as { data: object };
    await record(director, 'RegisterStudy', { data: { ...data, director: 'sd-1', governance: 'signed' } });
    const protocol = await record(director, 'ApproveProtocol');
    const approval = await signs(director, 'approved', protocol);
    await record(technician, 'EnrolSubject');
    const weight = await record(technician, 'RecordBodyWeight', {
      ...exampleOf('RecordBodyWeight'),
      subject: SUBJECT,
    });
    const performed = await signs(technician, 'performed', weight);
    const voided = await record(technician, 'VoidRecord', {
      reason: 'wrong animal',
      data: { target: { number: weight } },
    });

    const handed = await record(director, 'HandOverStudy', { reason: 'Leave', data: { to: 'sd-2' } });
    await signs(director, 'approved', handed);
    await signs(next, 'approved', handed);

    const review = await record(reviewer, 'ReviewTrail', { data: { from: 0, to: handed, findings: 'None' } });
    await signs(reviewer, 'reviewed', review);
    const closed = await record(next, 'CloseStudy', { data: { outcome: 'terminated' } });
    await signs(next, 'closed', closed);
    const archived = await record(manager, 'ArchiveStudy');
    await signs(manager, 'archived', archived);

    const logs = ['lab', 'access', `study-${STUDY}`];
    const texts = await Promise.all(logs.map((log) => textsOf(server, log)));
    const { findings, signatures } = await foundIn(new Map(logs.map((log, i) => [log, texts[i]!])));
    expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
    const bad = signatures.filter(({ status }) => status !== 'valid');
    expect(signatures.map(({ record: number }) => number)).toEqual(
      expect.arrayContaining([approval, performed]),
    );
    expect(bad).toMatchObject([{ record: performed, status: 'superseded', by: voided }]);
  } finally {
    await server.close();
  }
});

const SUBJECT = (exampleOf('EnrolSubject') as { subject: string }).subject;

function numberIn({ body }: Sent): number {
  const { records, number } = body as { records?: [{ number: number }]; number?: number };
  return number ?? records![0].number;
}

async function textsOf({ engine }: Awaited<ReturnType<typeof serving>>, log: string): Promise<string[]> {
  const texts: string[] = [];
  for await (const page of engine.store.read(log)) for (const { text } of page) texts.push(text);
  return texts;
}
