import type { Static } from 'typebox';
import { EVENTS } from '../events/events.js';
import { refuse } from '../refusal.js';
import { Code, RecordNumber, Text } from '../schema.js';
import { Course } from '../welfare/course.js';
import { endpointsOf } from '../welfare/endpoints.js';
import { SubjectCommand, defineCommand, propose } from './common/command.js';
import { Data, Required } from './common/fields.js';
import { WELFARE_DECISION } from '../who.js';

const { decision } = EVENTS.EndpointDecided.properties;

class EndpointDecision {
  @Required(Code, 'The endpoint of the protocol that was reached.')
  endpoint!: string;

  @Required(RecordNumber, 'The score or weight that reached it.')
  reachedBy!: number;

  @Required(decision, 'What is done about it.')
  decision!: Static<typeof decision>;

  @Required(Text, 'Why.')
  justification!: string;
}

/** What is decided about an animal that has reached a humane endpoint; until then the ledger keeps asking. */
export class DecideEndpoint extends SubjectCommand {
  @Data(EndpointDecision) readonly data!: EndpointDecision;
}

export const decideEndpoint = defineCommand(DecideEndpoint, {
  phase: 'welfare',
  who: WELFARE_DECISION,
  summary: 'Decide about a humane endpoint that was reached',
  records: 'EndpointDecided',
  refuses: ['endpoint-not-reached', 'subject-unknown'],
  // The animal may have been found dead before anybody decided.
  anyAnimal: true,
  afterClose: true,
  example: {
    subject: 'R07',
    data: {
      endpoint: 'weight-loss',
      reachedBy: 57,
      decision: 'treat',
      justification: 'Warm fluid twice a day; weighed again in the evening',
    },
  },
  decide({ data, subject }, { animal, protocols }) {
    if (!animal.enrolled) {
      return refuse('subject-unknown', `${subject} is not enrolled in this study.`, 'subject');
    }
    const reached = endpointsOf(new Course(animal.history()), protocols).filter(
      ({ id }) => id === data.endpoint,
    );
    if (reached.some(({ record }) => record === data.reachedBy))
      return propose('EndpointDecided', { ...data });
    const records = reached.map(({ record }) => record).join(', ');
    return refuse(
      'endpoint-not-reached',
      records === ''
        ? `${subject} had not reached the endpoint ${data.endpoint} by then.`
        : `Record ${data.reachedBy} does not reach the endpoint ${data.endpoint} of ${subject}; these do: ${records}.`,
      'data.reachedBy',
    );
  },
});
