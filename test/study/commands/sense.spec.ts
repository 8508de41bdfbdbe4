import { decide } from '../../../src/study/decide.js';
import { commandNamed } from '../../../src/study/catalogue.js';
import { parseCommand } from '../../../src/study/parse.js';
import { Refusal } from '../../../src/study/refusal.js';
import { about, begun, day, weighed } from '../bench.js';

/** What has the form of a fact, and cannot be one. */
describe('a quantity', () => {
  const impossible = [
    ['RecordBodyWeight', { weight: { value: '100', unit: 'kg' } }, 'data.weight'],
    ['RecordBodyWeight', { weight: { value: '24370.0', unit: 'g' } }, 'data.weight'],
    ['AdministerKetamine', { dose: { value: '999999', unit: 'mg' } }, 'data.dose'],
    ['AdministerKetamine', { dose: { value: '1000.1', unit: 'mg/kg' } }, 'data.dose'],
    ['AdministerKetamine', { volume: { value: '101', unit: 'mL' } }, 'data.volume'],
    ['LigateNerve', { bodyTemperature: { value: '374', unit: 'Cel' } }, 'data.bodyTemperature'],
    ['LigateNerve', { bodyTemperature: { value: '-374', unit: 'Cel' } }, 'data.bodyTemperature'],
    ['LigateNerve', deeply({ value: '5000', unit: '%' }), 'data.anaesthesia.concentration'],
  ] as const;

  it.each(impossible)('that nothing can have is refused in %s: %j', (name, data, field) => {
    const { message } = begun()
      .when(name, about('R01', name, data).body, day(4, '11:00'))
      .then.refused('quantity-impossible', field);
    expect(message).toMatch(/more than \d+ .*check the number and its unit/);
  });

  it('that is only unlikely is recorded, with a flag', () => {
    begun()
      .when(
        'RecordBodyWeight',
        about('R01', 'RecordBodyWeight', { weight: { value: '2437.0', unit: 'g' } }).body,
      )
      .then.flags('implausible', 'body-weight-out-of-range', 'weight-jump');
  });

  it('is looked at in a correction as well, under the name it has there', () => {
    const done = begun()
      .when('RecordBodyWeight', weighed(day(4, '10:00')).body)
      .then.flags();
    const correction = {
      reason: 'Mistyped',
      data: {
        target: { number: 3 },
        subject: 'R01',
        occurredAt: day(4, '10:00'),
        corrected: { weight: { value: '243.7', unit: 'kg' } },
      },
    };
    done
      .when('CorrectRecord', correction, day(4, '12:00'))
      .then.refused('quantity-impossible', 'data.corrected.weight');
  });

  function deeply(concentration: object): Record<string, unknown> {
    return { anaesthesia: { agent: 'isoflurane', concentration } };
  }
});

describe('a reason', () => {
  const { body } = weighed(day(4, '10:00'));
  it.each(['.', '-', 'x', '??', 'n/a', '…  …', 'a b'])('that says nothing is refused: %j', (reason) => {
    begun()
      .when('RecordBodyWeight', { ...body, reason })
      .then.refused('field-invalid', 'reason');
  });

  it.each(['Mistyped', 'see #7, Dr. Ö', 'R04', '写错了'])('that says something is taken: %j', (reason) => {
    begun()
      .when('RecordBodyWeight', { ...body, reason })
      .then.records({ reason });
  });

  it('of four hundred marks that are neither letters nor digits is refused at once', () => {
    begun()
      .when('RecordBodyWeight', { ...body, reason: `${'.'.repeat(398)}ab` })
      .then.refused('field-invalid', 'reason');
  });
});

describe('a time that nobody said', () => {
  const record = (offsetMinutes?: number): string | undefined => {
    const submission = {
      id: '00000000-0000-4000-8000-000000000009',
      study: 'KET-01',
      actor: 'tech-1',
      role: 'technician',
      ...(offsetMinutes !== undefined && { offsetMinutes }),
    };
    const definition = commandNamed('RecordBodyWeight')!;
    const { occurredAt: _, ...body } = weighed(day(4, '10:00')).body as { occurredAt?: string };
    const command = parseCommand(definition, body, submission);
    if (command instanceof Refusal) throw new Error(command.message);
    const decided = decide(definition, command, begun().study, { nowMs: Date.parse('2026-03-06T23:30:00Z') });
    return decided instanceof Refusal ? undefined : decided.time;
  };

  it('has the offset, and so the day, of where the server stands', () => {
    expect(record(60)).toBe('2026-03-07T00:30:00.000+01:00');
    expect(record(-330)).toBe('2026-03-06T18:00:00.000-05:30');
  });

  it('is in UTC where that is not known', () => {
    expect(record()).toBe('2026-03-06T23:30:00.000Z');
    expect(record(0)).toBe('2026-03-06T23:30:00.000Z');
  });
});

describe('what is amiss with a field', () => {
  const amiss = (data: Record<string, unknown>): string => {
    const { body } = about('R01', 'RecordBodyWeight', data);
    return begun()
      .when('RecordBodyWeight', body)
      .then.refused('field-invalid', `data.${Object.keys(data)[0] ?? ''}`).message;
  };

  it('is said in words that need no schema', () => {
    expect(amiss({ weight: 243.7 })).toMatch(/text|number/);
    expect(amiss({ weight: '243.7 g' })).toBe(
      'data.weight is “243.7 g”: must be an object in braces, with named fields.',
    );
    expect(amiss({ blinded: 'yes' })).toBe('data.blinded is “yes”: must be true or false, without quotes.');
  });
});
