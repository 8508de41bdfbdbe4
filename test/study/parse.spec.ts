import { registerPerson } from '../../src/lab/commands/register-person.command.js';
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
  expect(errors[0]).toEqual({ code, detail: message, field });
  for (const error of errors) expect(error.detail).toContain(error.field);
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
      'field-missing data.protocol.title',
      'field-invalid data.protocol.baseline.aggregate',
      'field-unknown data.protocol.titration.extra',
      'field-unknown data.protocol.titration.more',
      'field-invalid data.protocol.titration.washoutHours',
      'field-invalid data.protocol.titration.minPoints',
    ]);
    const details = refusalOf('ApproveProtocol', { data: { protocol } }).errors?.map(({ detail }) => detail);
    expect(details?.[0]).toBe(
      'data.protocol.title is missing: Title of the study; must be one line of text that is not blank.',
    );
    expect(details?.[2]).toMatch(
      /^data\.protocol\.titration\.extra is no field here: known are drug, doses, /,
    );
    const touches = ['A', 'O', 'B'].map((response) => ({ filament: '2', response }));
    expect(
      errorsOf('RecordThreshold', { subject: 'R01', data: { paw: 'ipsilateral', ladder: 'L', touches } }),
    ).toEqual(['field-invalid data.touches[0].response', 'field-invalid data.touches[2].response']);
  });

  it.each([
    [{ weight: { value: '243.70', unit: 'lb' } }, 'data.weight.unit is “lb”: must be one of g, kg.'],
    [
      { weight: { value: '100', unit: 'kg' } },
      'data.weight is 100 kg, more than 20 kg: check the number and its unit.',
    ],
    [
      { weight: { unit: 'g' } },
      'data.weight.value is missing: must be a decimal number above zero written as text, such as "243.70".',
    ],
    [{ comment: 'x'.repeat(4001) }, 'data.comment has 4001 characters: must have at most 4000 characters.'],
    [{ comment: 7 }, 'data.comment is 7: must be text that is not blank.'],
    [
      { blinded: `${'yes '.repeat(20)}\n` },
      `data.blinded is “${'yes '.repeat(15)}…”: must be true or false, without quotes.`,
    ],
  ])('says what was sent, and the bound or unit that it breaks: %j', (data, detail) => {
    const body = { subject: 'R01', data: { weight: { value: '243.70', unit: 'g' }, ...data } };
    expect(refusalOf('RecordBodyWeight', body).errors).toMatchObject([{ detail }]);
  });

  it('is told how many touches there are, and how many there may be', () => {
    const touches = Array.from({ length: 101 }, () => ({ filament: '2', response: 'O' }));
    const body = { subject: 'R01', data: { paw: 'ipsilateral', ladder: 'L', touches } };
    expect(refusalOf('RecordThreshold', body).message).toBe('data.touches lists 101: must list at most 100.');
  });

  it('hears nothing back of what a command of the lab says', () => {
    const submission = { id: '00000000-0000-4000-8000-000000000000', study: '', actor: 'a', role: 'r' };
    for (const name of ['M. Muster\u0007', 'M. Muster\n', 'M. Muster'.repeat(60), { name: 'M. Muster' }]) {
      const answer = parseCommand(registerPerson, { data: { person: 'tech-1', name } }, submission);
      expect(answer).toMatchObject({ field: 'data.name' });
      expect(JSON.stringify(answer)).not.toContain('Muster');
    }
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
