import { Type } from '../../schema-types.js';
import { observation, surgery } from '../../events/fact-parts.js';
import { PersonId, Text } from '../../schema.js';
import { Optional } from './fields.js';

/** What any observation may say beside its own facts. */
export abstract class Observation {
  @Optional(PersonId, 'Who observed it, where that is not who enters it.')
  observedBy?: string;

  @Optional(observation.instrument, 'The instrument, its calibration and when that is due again.')
  instrument?: { id: string; calibration?: string; calibrationDue?: string };

  @Optional(Type.Boolean(), 'Whether the observer was blinded to the treatment.')
  blinded?: boolean;

  @Optional(Text, 'Anything else worth keeping.')
  comment?: string;
}

/** What any operation may say. */
export abstract class Surgery extends Observation {
  @Optional(PersonId, 'The surgeon.')
  surgeon?: string;

  @Optional(PersonId, 'Who assisted.')
  assistant?: string;

  @Optional(surgery.start, 'First incision.')
  start?: string;

  @Optional(surgery.end, 'Last suture.')
  end?: string;

  @Optional(surgery.anaesthesia, 'Anaesthetic agent, concentration in % and route.')
  anaesthesia?: { agent: string; concentration?: { value: string; unit: '%' }; route?: string };

  @Optional(surgery.analgesia, 'Analgesic, dose as written on the sheet, route.')
  analgesia?: { agent: string; dose?: string; route?: string };

  @Optional(surgery.antibiotic, 'Antibiotic given.')
  antibiotic?: string;

  @Optional(surgery.bodyTemperature, 'Body temperature during surgery.')
  bodyTemperature?: { value: string; unit: 'Cel' };

  @Optional(surgery.recovery, 'How the animal recovered.')
  recovery?: string;

  @Optional(surgery.complication, 'A complication: a code, and words where needed.')
  complication?: { code: string; text?: string };
}
