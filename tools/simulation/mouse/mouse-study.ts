import { planAssessments } from '../assessment.js';
import type { ProtocolInput } from '../../../src/study/rules/complete-protocol.js';
import { Chart } from '../../../src/study/rules/chart.js';
import { judgeHypersensitivity } from '../../../src/study/rules/hypersensitivity.js';
import { weighed } from '../bench.js';
import { moment } from '../calendar.js';
import { planEuthanasia, planRounds } from '../husbandry.js';
import { Laboratory, TECHNICIANS, minutesAfter } from '../laboratory.js';
import type { Random } from '../random.js';
import type { Line } from '../script.js';
import { planDoses } from './dosing.js';
import { planHeat, planTest } from './heat.js';
import { Mouse } from './mouse.js';
import { planOperations } from './operation.js';
import { DIRECTOR } from './people.js';

/** A small simulated study of mice with a spared nerve injury, a heat latency and a systemic drug. All of it is invented. */

const STUDY = 'SNI-01';
const SEED = 2;
const SIMULATED = 'Simulated: response curves and a seeded generator. Every number is invented.';

/** Days of the calendar: Mondays are 0, 7, 14, 21. */
const BASELINES = [3, 4];
const OPERATION = 7;
const TEST = 14;
const DOSES = [16, 18, 21];
const END = 22;

/** The protocol stands in a file of its own, which the lines name. */
export const PROTOCOL_FILE = 'mouse-sni.jsonc';

/** The lines of `examples/mouse-sni.ndjson`. */
export function mouseStudy(protocol: ProtocolInput): Line[] {
  const lab = new Laboratory(STUDY, SEED);
  const mice = drawMice(lab.random);
  planOpening(lab, protocol);
  planEnrolment(lab, mice);
  planRounds(lab, mice, END);
  BASELINES.forEach((day, i) => planTests(lab, mice, day, i === 1));
  planOperations(lab, mice, OPERATION);
  planTests(lab, mice, TEST, true);
  lab.plan(moment(TEST, '14:00'), () => planDrug(lab, mice));
  planAssessments(lab, mice, END + 1);
  return lab
    .work()
    .lines.map((line) =>
      line.command === 'ApproveProtocol'
        ? { ...line, data: { protocolFile: PROTOCOL_FILE, comment: SIMULATED } }
        : line,
    );
}

/** Five with the injury that become hypersensitive, one sham, and one whose injury does nothing. */
function drawMice(random: Random): Mouse[] {
  const plan = [
    ['female', 'SNI', 'responder'],
    ['female', 'SNI', 'responder'],
    ['female', 'SNI', 'responder'],
    ['female', 'sham', 'not-hypersensitive'],
    ['male', 'SNI', 'responder'],
    ['male', 'SNI', 'responder'],
    ['male', 'SNI', 'not-hypersensitive'],
  ] as const;
  return plan.map(([sex, group, course], i) => {
    const id = `M0${i + 1}`;
    return new Mouse(id, sex, group, course, random.branch(id));
  });
}

function planOpening(lab: Laboratory, protocol: ProtocolInput): void {
  lab.plan(moment(0, '09:02'), () => {
    lab.enter({
      command: 'RegisterStudy',
      by: DIRECTOR,
      data: {
        title: 'Simulated: gabapentin and heat latency after spared nerve injury in mice',
        director: DIRECTOR.actor,
        sponsor: 'None: simulated',
        testSite: 'Simulated laboratory',
        ethicsApproval: 'SIMULATED-2026-02',
        objective: `Which dose of gabapentin makes the heat latency of an injured paw longer? ${SIMULATED}`,
        guideline: 'ARRIVE 2.0',
        comment: SIMULATED,
      },
    });
  });
  lab.plan(moment(0, '09:40'), () => {
    lab.enter({ command: 'ApproveProtocol', by: DIRECTOR, data: { protocol, comment: SIMULATED } });
  });
}

function planEnrolment(lab: Laboratory, mice: readonly Mouse[]): void {
  mice.forEach((mouse, i) => {
    const at = minutesAfter(moment(1, '08:30'), 4 * i);
    mouse.arrived = at;
    lab.plan(at, () =>
      lab.enter({
        command: 'EnrolSubject',
        by: TECHNICIANS[0],
        subject: mouse.id,
        data: {
          species: 'Mus musculus',
          strain: 'C57BL/6J',
          sex: mouse.sex,
          dateOfBirth: '2025-12-22',
          bodyWeight: { value: weighed(mouse, at), unit: 'g' },
          supplier: 'Simulated supplier',
          healthStatus: 'SPF',
          identification: { method: 'ear-punch', mark: String(i + 1) },
          arrival: '2026-02-17',
          acclimatisationDays: 7,
          placeOfBirth: 'eu-registered',
          bredForProcedures: true,
          geneticStatus: 'not-altered',
          newGeneticLine: false,
          use: { kind: 'first' },
          allocation: { group: mouse.group, method: 'drawn by lot', concealed: true },
          housing: {
            cage: mouse.sex === 'female' ? 'C01' : 'C02',
            companions: mouse.sex === 'female' ? 3 : 2,
            bedding: 'aspen chips',
            enrichment: 'tunnel, nesting paper',
            lightCycle: '12 h light from 07:00',
          },
          comment: 'Simulated animal.',
        },
      }),
    );
  });
}

/** Both technicians test at once, each one half of the mice. */
function planTests(lab: Laboratory, mice: readonly Mouse[], day: number, bothPaws: boolean): void {
  mice.forEach((mouse, i) => {
    const by = TECHNICIANS[i % 2 === 0 ? 0 : 1];
    const at = minutesAfter(moment(day, '09:20'), 24 * Math.floor(i / 2) + (i % 2));
    planTest(lab, mouse, by, at);
    if (bothPaws) planHeat(lab, mouse, by, minutesAfter(at, 12), 'contralateral');
  });
}

/** The mice that the injury made hypersensitive, and the shams; the others are taken out by the criterion fixed beforehand. */
function planDrug(lab: Laboratory, mice: readonly Mouse[]): void {
  const isKept = (mouse: Mouse): boolean =>
    mouse.group === 'sham' ||
    judgeHypersensitivity(new Chart(lab.history(mouse), lab.protocols)).holds === true;
  const kept = mice.filter(isKept);
  for (const mouse of mice.filter((one) => !isKept(one))) {
    lab.enter({
      command: 'ExcludeSubject',
      by: DIRECTOR,
      subject: mouse.id,
      reason: 'Not hypersensitive on day 7 after the injury',
      data: { prespecified: true, criterion: 'not-hypersensitive', decidedBy: DIRECTOR.actor },
    });
    planEuthanasia(lab, mouse, moment(TEST, '15:10'));
  }
  planDoses(lab, kept, DOSES);
  kept.forEach((mouse, i) => planEuthanasia(lab, mouse, minutesAfter(moment(END, '13:30'), 6 * i)));
}
