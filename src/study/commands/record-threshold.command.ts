import type { Static } from 'typebox';
import { Type } from '../schema-types.js';
import { StruckTouch, Touch } from '../events/fact-parts.js';
import { Minutes, Seconds } from '../quantity.js';
import { refuse, refuseAll, type Refusal } from '../refusal.js';
import type { Ladder } from '../rules/ladder.js';
import { runFlags } from '../rules/up-down.js';
import { Line, Minute, Paw, RecordNumber, printable } from '../schema.js';
import { SubjectCommand, defineCommand, propose } from './common/command.js';
import { form } from './common/flags.js';
import { Data, Optional, Required } from './common/fields.js';
import { flagMinute } from './common/minutes.js';
import { Observation } from './common/observation.js';
import { lacksSection } from './common/section.js';
import { checkSession, sessionNumbered } from './common/session.js';
import { BENCH } from '../who.js';

const Touches = Type.Array(Touch, { minItems: 1, maxItems: 100 });
const StruckTouches = Type.Array(StruckTouch, { minItems: 1, maxItems: 100 });
type StruckTouches = Static<typeof StruckTouches>;

class ThresholdRun extends Observation {
  @Required(Paw, 'Paw tested, seen from the lesion.')
  paw!: 'ipsilateral' | 'contralateral';

  @Required(Line, 'The ladder of filaments used, by the name the protocol gives it.')
  ladder!: string;

  @Required(
    Touches,
    'Every touch in order: the filament’s label, and X (withdrew), O (did not) or ? (could not be told).',
  )
  touches!: Static<typeof Touches>;

  @Optional(
    StruckTouches,
    'Touches that were made and do not count: the place of each among all touches made, counted from 1, and why.',
  )
  struck?: StruckTouches;

  @Optional(RecordNumber, 'Record number of the stimulation or dose that this run belongs to.')
  session?: number;

  @Optional(Minute, 'The planned minute: since that stimulation began, or that dose ended.')
  minute?: number;

  @Optional(Line, 'Serial number of the filament kit.')
  kit?: string;

  @Optional(Seconds, 'How long each filament was held.')
  holdTime?: Static<typeof Seconds>;

  @Optional(Seconds, 'Pause between touches.')
  interval?: Static<typeof Seconds>;

  @Optional(Minutes, 'Acclimatisation on the grid before the run.')
  acclimatisation?: Static<typeof Minutes>;

  @Optional(Line, 'Why the run was stopped, where not by the rule.')
  stopReason?: string;
}

/**
 * Records a withdrawal threshold as what was done: the raw up-down run, filament by filament. The 50 % threshold is
 * computed from it, never entered. A run of unusual form is recorded and flagged.
 */
export class RecordThreshold extends SubjectCommand {
  @Data(ThresholdRun) readonly data!: ThresholdRun;
}

export const recordThreshold = defineCommand(RecordThreshold, {
  phase: 'measurement',
  who: BENCH,
  summary: 'Record a withdrawal threshold',
  records: 'ThresholdRecorded',
  refuses: [
    'filament-not-in-ladder',
    'protocol-lacks-section',
    'session-unknown',
    'struck-misplaced',
    'unknown-ladder',
  ],
  example: {
    subject: 'R01',
    data: {
      paw: 'ipsilateral',
      ladder: 'RAT-N8',
      touches: ['2 O', '4 X', '2 O', '4 X', '2 O', '4 X'].map((touch) => {
        const [filament, response] = touch.split(' ');
        return { filament, response };
      }),
    },
  },
  check: ({ data }, { animal }) => [checkSession(animal, data.session, 'data.session')],
  decide({ data }, situation) {
    const { animal, protocol } = situation;
    const { ladder } = protocol;
    if (!ladder) return lacksSection(protocol, 'ladder', 'a withdrawal threshold');
    const session = data.session === undefined ? undefined : sessionNumbered(animal, data.session);
    const misfit = refuseAll([
      ...checkFilaments(ladder, data),
      refuseMisplaced(data),
      checkSession(animal, data.session, 'data.session'),
    ]);
    if (misfit) return misfit;
    return propose('ThresholdRecorded', { ...data }, [
      ...runFlags(ladder, data.touches).map(form),
      flagMinute(data.minute, session, situation),
    ]);
  },
});

/** Filaments are looked for in the ladder of the protocol, not in another one that is named. */
function checkFilaments(
  ladder: Ladder,
  { ladder: named, touches, struck = [] }: Pick<ThresholdRun, 'ladder' | 'touches' | 'struck'>,
): Refusal<'unknown-ladder' | 'filament-not-in-ladder'>[] {
  if (named === ladder.id)
    return [...refuseStrangers(ladder, touches, 'touches'), ...refuseStrangers(ladder, struck, 'struck')];
  const message = `The protocol’s ladder is ${ladder.id}; ${printable(named)} needs an amendment first.`;
  return [refuse('unknown-ladder', message, 'data.ladder')];
}

function refuseStrangers(
  { id, filaments }: Ladder,
  touches: readonly { readonly filament: string }[],
  field: 'touches' | 'struck',
): Refusal<'filament-not-in-ladder'>[] {
  const labels = filaments.map(({ label }) => label);
  return touches.flatMap(({ filament }, place) => {
    if (labels.includes(filament)) return [];
    const message = `There is no filament “${printable(filament)}” in ${id}; its labels are ${labels.join(', ')}.`;
    return [refuse('filament-not-in-ladder', message, `data.${field}[${place}].filament`)];
  });
}

/** Places rise, and none lies behind the last touch that was made. */
function refuseMisplaced({
  touches,
  struck = [],
}: Pick<ThresholdRun, 'touches' | 'struck'>): Refusal<'struck-misplaced'> | undefined {
  const made = touches.length + struck.length;
  const wrong = struck.findIndex(
    ({ place }, index) => place > made || place <= (struck[index - 1]?.place ?? 0),
  );
  if (wrong < 0) return undefined;
  return refuse(
    'struck-misplaced',
    `Place ${struck[wrong]!.place} of data.struck does not fit: places rise from one to the next, and ${made} touches were made in all, those that were struck through among them.`,
    `data.struck[${wrong}].place`,
  );
}
