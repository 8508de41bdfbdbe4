import type { Static } from 'typebox';
import { EVENTS } from '../events/events.js';
import { NerveProcedure } from '../events/treatment-parts.js';
import type { Protocol } from '../protocol.js';
import { refuse } from '../refusal.js';
import { inductionType } from '../rules/induction.js';
import { Code, Line, Side } from '../schema.js';
import { SubjectCommand, defineCommand, propose } from './common/command.js';
import { deviation } from './common/flags.js';
import { Data, Optional, Required } from './common/fields.js';
import { isSecondSide } from './common/second-side.js';
import { Surgery } from './common/observation.js';
import { BENCH } from '../who.js';

const { suture } = EVENTS.NerveLigated.properties;

class Ligation extends Surgery {
  @Required(Side, 'Side of the lesion. The paw of the first side stays the ipsilateral one.')
  side!: 'left' | 'right';

  @Required(Code, 'The nerve, such as sciatic.')
  nerve!: string;

  @Required(NerveProcedure, 'What was done to the nerve; a sham exposes it and does no more.')
  procedure!: Static<typeof NerveProcedure>;

  @Optional(Line, 'How much of the nerve was tied, such as 1/3 to 1/2.')
  fraction?: string;

  @Optional(suture, 'Suture size and material.')
  suture?: Static<typeof suture>;
}

/** An operation on a nerve that makes the pain: a ligation, a constriction, an injury, or its sham. */
export class LigateNerve extends SubjectCommand {
  @Data(Ligation) readonly data!: Ligation;
}

export const ligateNerve = defineCommand(LigateNerve, {
  phase: 'surgery',
  who: BENCH,
  summary: 'Record an operation on a nerve',
  records: 'NerveLigated',
  refuses: ['nerve-already-ligated'],
  example: {
    subject: 'R01',
    data: {
      side: 'left',
      nerve: 'sciatic',
      procedure: 'partial-ligation',
      fraction: '1/3 to 1/2',
      suture: { size: '8-0', material: 'silk' },
      surgeon: 'surg-1',
    },
  },
  decide({ data, subject }, situation) {
    const { animal, protocol } = situation;
    const first = animal
      .ever('NerveLigated')
      .find(({ data: done }) => done.side === data.side && done.nerve === data.nerve);
    if (first) {
      return refuse(
        'nerve-already-ligated',
        `Record ${first.holder} says that the ${data.side} ${data.nerve} nerve of ${subject} was operated: correct or void that record first.`,
        'data.nerve',
      );
    }
    return propose('NerveLigated', { ...data }, [
      isOffModel(data, protocol) && deviation('model-off-protocol'),
      isSecondSide(data.side, situation) && deviation('second-side'),
    ]);
  },
});

/** Another model than the protocol names, or another operation; a protocol from before models names none. */
function isOffModel({ procedure }: Ligation, { model }: Protocol): boolean {
  if (!model) return false;
  if (inductionType({ model }) !== 'NerveLigated') return true;
  return procedure !== 'sham' && model.procedure !== undefined && procedure !== model.procedure;
}
