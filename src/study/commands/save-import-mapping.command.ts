import { factsOf } from '../events/fact.js';
import { refuse } from '../refusal.js';
import { Line, MappingText } from '../schema.js';
import { ANIMAL_CARE } from '../who.js';
import { StudyCommand, defineCommand, propose } from './common/command.js';
import { Data, Required } from './common/fields.js';

class SavedMapping {
  @Required(Line, 'What the mapping is called, such as the layout that it is for.')
  name!: string;

  @Required(
    MappingText,
    'The mapping (`study-ledger/1`) as `study-ledger import --mapping` takes it. Imported records name the SHA-256 of these bytes.',
  )
  mapping!: string;
}

/** Keeps the mapping of a spreadsheet with the study that it was used in. */
export class SaveImportMapping extends StudyCommand {
  @Data(SavedMapping) readonly data!: SavedMapping;
}

export const saveImportMapping = defineCommand(SaveImportMapping, {
  phase: 'study',
  who: ANIMAL_CARE,
  summary: 'Save the mapping of a spreadsheet',
  records: 'ImportMappingSaved',
  refuses: ['mapping-invalid', 'mapping-saved'],
  beforeProtocol: true,
  // Sheets are found after closing as well.
  afterClose: true,
  example: {
    data: {
      name: 'Weights of the behaviour room',
      mapping:
        '{ "mapping": "study-ledger/1", "zone": "Europe/Amsterdam", "tables": [{ "record": "RecordBodyWeight", "subject": "Animal", "occurredAt": { "date": "Date", "time": "Time" }, "data": { "weight": { "column": "Weight (g)", "unit": "g" } } }] }\n',
    },
  },
  decide({ data }, { study }) {
    if (!isMapping(data.mapping))
      return refuse(
        'mapping-invalid',
        'The text is no mapping: it has to be a JSON object with "mapping": "study-ledger/1".',
        'data.mapping',
      );
    const saved = factsOf(study.facts, 'ImportMappingSaved').find((one) => one.data.mapping === data.mapping);
    return saved
      ? refuse(
          'mapping-saved',
          `This mapping is saved already: record ${saved.number}, “${saved.data.name}”.`,
          'data.mapping',
        )
      : propose('ImportMappingSaved', { ...data });
  },
});

/** What else it has to hold is checked where a sheet is read by it. */
function isMapping(text: string): boolean {
  try {
    return (JSON.parse(text) as { mapping?: unknown } | null)?.mapping === 'study-ledger/1';
  } catch {
    return false;
  }
}
