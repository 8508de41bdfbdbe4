import { acknowledgeDeviation } from './commands/acknowledge-deviation.command.js';
import { addAttachment } from './commands/add-attachment.command.js';
import { administerKetamine } from './commands/administer-ketamine.command.js';
import { administerSubstance } from './commands/administer-substance.command.js';
import { amendProtocol } from './commands/amend-protocol.command.js';
import { applySCS } from './commands/apply-scs.command.js';
import { approveProtocol } from './commands/approve-protocol.command.js';
import { archiveStudy } from './commands/archive-study.command.js';
import { assessSeverity } from './commands/assess-severity.command.js';
import { closeStudy } from './commands/close-study.command.js';
import type { CommandDefinition } from './commands/common/command.js';
import { correctRecordAmong } from './commands/correct-record.command.js';
import { decideEndpoint } from './commands/decide-endpoint.command.js';
import { designateSubEffectiveDose } from './commands/designate-sub-effective-dose.command.js';
import { determineMotorThreshold } from './commands/determine-motor-threshold.command.js';
import { discardEntry } from './commands/discard-entry.command.js';
import { enrolSubject } from './commands/enrol-subject.command.js';
import { euthaniseSubject } from './commands/euthanise-subject.command.js';
import { excludeSubject } from './commands/exclude-subject.command.js';
import { handOverStudy } from './commands/hand-over-study.command.js';
import { implantCatheter } from './commands/implant-catheter.command.js';
import { implantElectrode } from './commands/implant-electrode.command.js';
import { induceModel } from './commands/induce-model.command.js';
import { ligateNerve } from './commands/ligate-nerve.command.js';
import { recordBodyWeight } from './commands/record-body-weight.command.js';
import { recordDeviation } from './commands/record-deviation.command.js';
import { recordFate } from './commands/record-fate.command.js';
import { recordInspection } from './commands/record-inspection.command.js';
import { recordIntervention } from './commands/record-intervention.command.js';
import { recordMeasurement } from './commands/record-measurement.command.js';
import { recordThreshold } from './commands/record-threshold.command.js';
import { registerStudy } from './commands/register-study.command.js';
import { reopenStudy } from './commands/reopen-study.command.js';
import { replaceDirector } from './commands/replace-director.command.js';
import { reportAdverseEvent } from './commands/report-adverse-event.command.js';
import { reportInspection } from './commands/report-inspection.command.js';
import { reviewTrail } from './commands/review-trail.command.js';
import { saveImportMapping } from './commands/save-import-mapping.command.js';
import { scoreSideEffects } from './commands/score-side-effects.command.js';
import { scoreWelfare } from './commands/score-welfare.command.js';
import { signRecords } from './commands/sign-records.command.js';
import { voidRecord } from './commands/void-record.command.js';
import { witnessRecord } from './commands/witness-record.command.js';

/** The commands that state facts, in the order in which they occur in a study. */
const FACTS: readonly CommandDefinition[] = [
  registerStudy,
  approveProtocol,
  amendProtocol,
  handOverStudy,
  replaceDirector,
  saveImportMapping,
  enrolSubject,
  recordBodyWeight,
  ligateNerve,
  induceModel,
  implantElectrode,
  implantCatheter,
  recordThreshold,
  recordMeasurement,
  determineMotorThreshold,
  applySCS,
  administerKetamine,
  administerSubstance,
  scoreSideEffects,
  designateSubEffectiveDose,
  scoreWelfare,
  reportAdverseEvent,
  recordIntervention,
  decideEndpoint,
  excludeSubject,
  euthaniseSubject,
  recordFate,
  assessSeverity,
  closeStudy,
  reopenStudy,
  archiveStudy,
  recordDeviation,
  acknowledgeDeviation,
  discardEntry,
  witnessRecord,
  reviewTrail,
  recordInspection,
  reportInspection,
  addAttachment,
  signRecords,
];

/** Every command. The routes, the CLI, the OpenAPI document and the buses read this list. */
export const CATALOGUE: readonly CommandDefinition[] = [...FACTS, correctRecordAmong(FACTS), voidRecord];

const byName = new Map(CATALOGUE.map((definition) => [definition.name, definition]));

export function commandNamed(name: string): CommandDefinition | undefined {
  return byName.get(name);
}

const byRoute = new Map(CATALOGUE.map((definition) => [routeOf(definition.name), definition]));

/** The command whose route ends with this part. */
export function commandAt(route: string): CommandDefinition | undefined {
  return byRoute.get(route);
}

/** `ApplySCS` → `apply-scs`: the last part of a command's route. */
export function routeOf(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .toLowerCase();
}
