import type { LabRecord } from '../../lab/lab.js';
import { isPeopleEvent, type PeopleEventType } from '../../lab/people/facts.js';
import { PeopleDraft } from '../../lab/people/fold-people.js';
import { NO_PEOPLE, type People } from '../../lab/people/people.js';
import { instantMs } from '../../study/instant.js';

/** The people of a lab, from the texts of its records in order. What else they say may be of a later version. */
export function peopleIn(labTexts: readonly string[]): People {
  const draft = new PeopleDraft(NO_PEOPLE);
  labTexts.forEach((text, number) => {
    const { type, data, actor, recordedtime, commandid } = JSON.parse(text) as LabRecord<PeopleEventType>;
    if (!isPeopleEvent(type)) return;
    const recordedMs = instantMs(recordedtime) ?? 0;
    draft.add(type, data as never, { number, actor, recordedMs, commandId: commandid });
  });
  return draft.people;
}
