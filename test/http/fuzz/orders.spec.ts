import fc from 'fast-check';
import { CATALOGUE, routeOf } from '../../../src/study/catalogue.js';
import { check, everythingReads, prepared } from './fuzzing.js';
import { START, commandPath, exampleOf, fire, stopIdleClients, type Serving } from '../test-server.js';
import { runs } from '../../support/effort.js';

const JSON_TYPE = { 'Content-Type': 'application/json' };
afterAll(stopIdleClients);

it('no order of plausible commands, with corrections and voids, gives a 5xx, nor does what they leave behind', async () => {
  const takenBefore = ['RegisterStudy', 'CloseStudy', 'CorrectRecord', 'VoidRecord'];
  const plausible = fc.record({
    name: fc.constantFrom(...CATALOGUE.map(({ name }) => name).filter((name) => !takenBefore.includes(name))),
    subject: fc.constantFrom('R01', 'R01', 'R01', 'R02'),
    minutes: fc.constantFrom(undefined, undefined, 1, 0, -1, -15, -30, -90, -60 * 24 * 3, -60 * 24 * 60),
    target: fc.nat(60),
    touches: fc.array(
      fc.record({
        filament: fc.constantFrom('0.4', '0.6', '1', '2', '4', '6', '8', '15'),
        response: fc.constantFrom('O', 'X', '?'),
      }),
      { minLength: 1, maxLength: 9 },
    ),
    quantity: fc.constantFrom(undefined, undefined, undefined, '0', '0.000000000001', '999999999999', '30'),
    protocol: fc.record({
      ladder: fc.constantFrom('RAT-N8', 'RAT-H8', 'RAT-N9'),
      responder: fc.constantFrom('A', 'B', 'C'),
      metric: fc.constantFrom('fall-log10e4', 'fall-percent', 'grams'),
      limit: fc.constantFrom('0', '0.2', '50', '999999999999'),
      fromDay: fc.constantFrom(0, 14),
      aggregate: fc.constantFrom('mean', 'last'),
      minRuns: fc.constantFrom(1, 2, 100_000),
      censoring: fc.constantFrom(
        { policy: 'exclude' },
        { policy: 'substitute', floorGrams: '0', ceilingGrams: '0.000000000001' },
      ),
    }),
    about: fc.constantFrom('itself', 'itself', 'itself', 'void', 'correct', 'correct'),
  });
  type Step = typeof plausible extends fc.Arbitrary<infer T> ? T : never;

  async function take(server: Serving, step: Step, recorded: Map<number, string>): Promise<void> {
    const { about, minutes, subject, target } = step;
    const wanted = about === 'itself' ? ['AdministerKetamine', 'ApplySCS'] : undefined;
    const numbers = [...recorded.keys()].filter(
      (number) => wanted?.includes(recorded.get(number) ?? '') ?? true,
    );
    const number = numbers.length === 0 ? target : (numbers[target % numbers.length] as number);
    const stated = about === 'correct' ? (recorded.get(number) ?? '') : step.name;
    const example = exampleOf(stated);
    const text = JSON.stringify(example['data'] ?? {}).replaceAll('57', String(number));
    const data = JSON.parse(text, (key, value: unknown) =>
      key === 'value' && step.quantity !== undefined ? step.quantity : value,
    ) as Record<string, unknown>;
    if ('touches' in data) data['touches'] = step.touches;
    if (stated === 'RecordThreshold' && target % 2 === 0)
      Object.assign(data, { session: number, minute: 15 });
    if (stated === 'ApplySCS' && target % 2 === 0) data['follows'] = number;
    if ('protocol' in data) {
      const { ladder, responder, censoring, aggregate, minRuns, ...rule } = step.protocol;
      const { hypersensitivity } = data['protocol'] as { hypersensitivity: object };
      const judged = { ...hypersensitivity, ...rule };
      const varied = {
        ladder,
        responder,
        censoring,
        baseline: { aggregate, minRuns },
        hypersensitivity: judged,
      };
      Object.assign(data['protocol'] as object, varied);
    }
    const whose = 'subject' in example ? { subject } : {};
    let body: object = {
      ...(minutes !== undefined && { occurredAt: new Date(server.time.ms + minutes * 60_000).toISOString() }),
      ...whose,
      reason: 'mistyped',
      data,
    };
    let name = stated;
    if (about === 'void') [name, body] = ['VoidRecord', { reason: 'mistyped', data: { target: { number } } }];
    if (about === 'correct') {
      const corrected = {
        target: { number },
        ...whose,
        occurredAt: new Date(START + (minutes ?? 0) * 60_000).toISOString(),
        corrected: data,
      };
      [name, body] = ['CorrectRecord', { reason: 'mistyped', data: corrected }];
    }
    const path = commandPath(name);
    const sent = JSON.stringify(body);
    const reply = await fire(server.port, 'POST', path, { headers: JSON_TYPE, body: sent });
    check(`${path} ${sent}`, reply, routeOf(name));
    if (reply.status === 201) {
      recorded.set(
        (JSON.parse(reply.text) as { records: { number: number }[] }).records[0]?.number ?? 0,
        name,
      );
    }
  }

  await fc.assert(
    fc.asyncProperty(fc.array(plausible, { minLength: 40, maxLength: 70 }), async (steps) => {
      const server = await prepared();
      const recorded = new Map([
        [0, 'RegisterStudy'],
        [1, 'ApproveProtocol'],
        [2, 'EnrolSubject'],
        [3, 'ImplantElectrode'],
      ]);
      for (const step of steps) {
        server.time.ms += 3_600_000;
        await take(server, step, recorded);
      }
      await everythingReads(server);
      stopIdleClients();
      await server.close();
    }),
    runs(12, 1),
  );
});
