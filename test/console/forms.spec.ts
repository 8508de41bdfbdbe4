import fc from 'fast-check';
import { renderToString } from 'preact-render-to-string';
import { h } from 'preact';
import { CATALOGUE } from '../../src/study/catalogue.js';
import { CommandFields } from '../../src/console/forms/command-fields.js';
import { readForm } from '../../src/console/forms/read-form.js';
import { parseCommand } from '../../src/study/parse.js';
import { Refusal } from '../../src/study/refusal.js';
import { pairsOf } from './form-pairs.js';

const ZONE = (local: string): string => `${local}+01:00`;
const SUBMISSION = {
  id: '0199d3f2-6a3c-7c1e-8a55-3f5b8a1d2c01',
  study: 'KET-01',
  actor: 'tech-1',
  role: 'technician',
};

describe('the form of a command', () => {
  it.each(CATALOGUE.map((definition) => [definition.name, definition] as const))(
    '%s shows a body and reads the same body back',
    (_, definition) => {
      const body = JSON.parse(JSON.stringify(definition.example)) as Record<string, unknown>;
      const html = renderToString(h(CommandFields, { definition, body }));
      const read = readForm(definition, pairsOf(html), ZONE);
      expect(read).toEqual(body);
      expect(parseCommand(definition, read, SUBMISSION)).not.toBeInstanceOf(Refusal);
    },
  );

  it.each(CATALOGUE.map((definition) => [definition.name, definition] as const))(
    '%s says nothing where nothing is typed',
    (_, definition) => {
      const html = renderToString(h(CommandFields, { definition, body: {} }));
      expect(readForm(definition, pairsOf(html), ZONE)).toEqual({ data: {} });
    },
  );

  it('keeps what cannot be read, so that it is refused with what was typed', () => {
    const weigh = CATALOGUE.find(({ name }) => name === 'RecordBodyWeight')!;
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((text) => text.trim() !== ''),
        (typed) => {
          const pairs = new URLSearchParams({
            subject: 'R01',
            'data.weight.value': typed,
            'data.weight.unit': 'g',
          });
          const read = readForm(weigh, pairs, ZONE) as { data: { weight: { value: string } } };
          const isComma = /^\s*-?\d+,(\d{1,2}|\d{4,})\s*$/.test(typed);
          expect(read.data.weight.value).toBe(isComma ? typed.trim().replace(',', '.') : typed.trim());
        },
      ),
    );
  });

  it('does not take a comma before three digits for a decimal mark', () => {
    const weigh = CATALOGUE.find(({ name }) => name === 'RecordBodyWeight')!;
    const pairs = new URLSearchParams({
      subject: 'R01',
      'data.weight.value': '1,234',
      'data.weight.unit': 'g',
    });
    expect(parseCommand(weigh, readForm(weigh, pairs, ZONE), SUBMISSION)).toBeInstanceOf(Refusal);
  });
});
