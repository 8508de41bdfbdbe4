import type { CheckedMapping } from '../../imports/mapping/read-mapping.js';
import { labelOf, unitInWords } from '../../console/forms/labels.js';
import { dateInWords } from '../../console/words/dates.js';

type Table = CheckedMapping['tables'][number];

/**
 * What a mapping says of every row, whatever the sheet holds, a sentence each. It was true of the sheet that the mapping was
 * written for; of another one a person has to say whether it is.
 */
export function saidOfAllRows({ reason, afterClose, zone, tables }: CheckedMapping): string[] {
  const said = [
    zone !== undefined && `Times without a zone are in ${zone}.`,
    reason !== undefined && `Late because: “${reason}”.`,
    afterClose && 'All were found after the study was closed.',
    ...tables.flatMap((table) => [...timesSaid(table), ...valuesSaid(table)]),
  ];
  return [...new Set(said.filter((one) => typeof one === 'string'))];
}

function timesSaid({ occurredAt: { from, assume, date } }: Table): (string | false)[] {
  return [
    from !== undefined && `Day 0 is ${dateInWords(from)}.`,
    date?.value !== undefined && `The date is ${date.value}.`,
    assume !== undefined && `Where no time of day is given, it is ${assume}.`,
  ];
}

function valuesSaid({ subject, data = {} }: Table): (string | false)[] {
  const fields = Object.entries(data).map(([path, { value, unit }]) => {
    const shown = value !== undefined && unit !== undefined ? `${value} ${unitInWords(unit)}` : value;
    return shown !== undefined && `${labelOf(path)}: ${shown}.`;
  });
  return [subject.value !== undefined && `The animal is ${subject.value}.`, ...fields];
}
