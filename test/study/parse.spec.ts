import { commandNamed } from '../../src/study/catalogue.js';
import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import { parseCommand } from '../../src/study/parse.js';
import { Refusal } from '../../src/study/refusal.js';

function refusalOf(name: string, body: unknown): Refusal {
  const submission = { id: '00000000-0000-4000-8000-000000000000', study: 'KET-01', actor: 'a', role: 'r' };
  const answer = parseCommand(commandNamed(name)!, body, submission);
  expect(answer).toBeInstanceOf(Refusal);
  return answer as Refusal;
}

function errorsOf(name: string, body: unknown): string[] {
  const { code, message, field, errors = [] } = refusalOf(name, body);
  expect(errors[0]).toEqual({ code, message, field });
  for (const error of errors) expect(error.message).toContain(error.field);
  return errors.map((error) => `${error.code} ${error.field}`);
}

describe('a body with several mistakes', () => {
  it('is refused with all of them, the facts first, each in the order in which its class declares it', () => {
    expect(
      errorsOf('AdministerKetamine', {
        reason: '.',
        occurredAt: 'yesterday',
        data: { purpose: 'pleasure', dose: { value: 1, unit: 'ug' }, volume: { value: '10', unit: 'uL' } },
      }),
    ).toEqual([
      'field-invalid data.dose.value',
      'field-missing data.bodyWeight',
      'field-missing data.route',
      'field-invalid data.purpose',
      'field-invalid occurredAt',
      'field-invalid reason',
      'field-missing subject',
    ]);
  });

  it('is told of unknown fields, of what no record can hold, and of impossible quantities in the same answer', () => {
    expect(
      errorsOf('RecordBodyWeight', {
        subjet: 'R01',
        data: {
          weight: { value: '100', unit: 'kg' },
          colour: 'white',
          comment: 'a\u0007b',
          instrument: null,
          blinded: 'yes',
        },
      }),
    ).toEqual([
      'field-unknown subjet',
      'field-unknown data.colour',
      'text-not-recordable data.comment',
      'field-invalid data.instrument',
      'field-invalid data.blinded',
      'field-missing subject',
      'quantity-impossible data.weight',
    ]);
  });

  it('is told of every part of a field that is wrong, once each', () => {
    const { title: _, ...protocol } = structuredClone(exampleProtocol) as unknown as Record<string, object>;
    Object.assign(protocol['titration']!, { minPoints: 0, washoutHours: 24, extra: 1, more: 2 });
    Object.assign(protocol['baseline']!, { aggregate: 'median' });
    expect(errorsOf('ApproveProtocol', { data: { protocol } })).toEqual([
      'field-invalid data.protocol',
      'field-invalid data.protocol.baseline.aggregate',
      'field-invalid data.protocol.titration',
      'field-invalid data.protocol.titration.washoutHours',
      'field-invalid data.protocol.titration.minPoints',
    ]);
    const messages = refusalOf('ApproveProtocol', { data: { protocol } }).errors?.map(
      ({ message }) => message,
    );
    expect(messages?.[0]).toBe('data.protocol lacks “title”.');
    expect(messages?.[2]).toBe('data.protocol.titration has unknown fields “extra”, “more”.');
    const touches = ['A', 'O', 'B'].map((response) => ({ filament: '2', response }));
    expect(
      errorsOf('RecordThreshold', { subject: 'R01', data: { paw: 'ipsilateral', ladder: 'L', touches } }),
    ).toEqual(['field-invalid data.touches[0].response', 'field-invalid data.touches[2].response']);
  });

  it('is told of fifty mistakes at most', () => {
    const touches = Array.from({ length: 100 }, () => ({ filament: '', response: 'A' }));
    expect(errorsOf('RecordThreshold', { subject: 'R01', data: { touches } })).toHaveLength(50);
    const unknown = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`f${index}`, 1]));
    expect(errorsOf('CloseStudy', { data: unknown })).toHaveLength(50);
  });

  it('has no list where one thing is wrong with the study, the id or the body as a whole', () => {
    expect(refusalOf('CloseStudy', []).errors).toBeUndefined();
  });
});
