import { object, orNull, text } from './openapi-parts.js';

/** One study in a few lines. */
export const summary = object(
  {
    state: { enum: ['registered', 'open', 'closed', 'archived'] },
    title: orNull('string'),
    director: orNull('string'),
    directorAbsent: {
      type: 'boolean',
      description:
        'Whether the director is deactivated or holds no grant of the role: of a past state, as it was then.',
    },
    ethicsApproval: orNull('string'),
    protocol: orNull('object'),
    animals: object({
      enrolled: { type: 'integer' },
      excluded: { type: 'integer' },
      euthanised: { type: 'integer' },
    }),
    lastRecordedAt: orNull('string'),
    archive: {
      ...object({
        record: { type: 'integer' },
        location: { ...text, description: 'Where what is not in the ledger lies.' },
        retainUntil: { ...text, format: 'date' },
      }),
      description: 'Of an archived study: where it is kept, and until when at least.',
    },
  },
  ['archive'],
);
