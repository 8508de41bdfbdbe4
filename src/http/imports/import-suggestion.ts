import { aboutStudy, type AboutStudy } from '../../imports/suggest/about-study.js';
import { mappingOf, type Suggested } from '../../imports/suggest/mapping-of.js';
import { readChoices } from '../../imports/suggest/read-choices.js';
import { suggestChoices } from '../../imports/suggest/suggest.js';
import type { ReadFile } from '../../imports/reading/read-book.js';
import type { Lab } from '../../lab/lab.js';
import { zoneOf } from '../../recording/time-zone.js';
import type { Study } from '../../study/study.js';
import { Problem } from '../platform/problems.js';

/** A suggestion, with what the study says that it rests on. */
export interface SuggestedFor extends Suggested {
  readonly about: AboutStudy;
}

/** What a sheet seems to hold, with what a person chose otherwise. @throws Problem where it holds nothing */
export function suggestFor(file: ReadFile, study: Study, lab: Lab, chosen: URLSearchParams): SuggestedFor {
  const about = aboutStudy(study, [...lab.people.persons.keys()]);
  const suggested = suggestChoices(file.book, about, zoneOf(lab));
  if (suggested) return { ...mappingOf(readChoices(suggested, chosen, about), about), about };
  throw new Problem(
    'sheet-unreadable',
    'The file holds no row with headers above other rows.',
    'file',
    {},
    { cause: 'no-headers' },
  );
}

/** The text of a suggested mapping, as a person may go on writing it. */
export function textOf(mapping: object): string {
  return `${JSON.stringify(mapping, null, 2)}\n`;
}

/** As the interface answers. */
export function tellSuggestion(file: ReadFile, { choices, questions, mapping }: Suggested): object {
  const { layout, places } = choices;
  return {
    file: file.name,
    sha256: file.sha256,
    header: layout.header,
    sheets: layout.sheets,
    columns: places.map(({ place, title, means, sure, cells }) => ({
      place,
      title,
      means,
      sure,
      cells: cells.slice(0, 3).map(({ text }) => text),
    })),
    questions,
    mapping: mapping ?? null,
  };
}
