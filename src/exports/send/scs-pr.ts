import { baseText, type Quantity } from '../../study/quantity.js';
import { factsOf, type Fact } from '../../study/study.js';
import { recordsOf, studyDay, type SendAnimal } from './animals.js';
import { float, integer, row, text, type Dataset, type Value } from './dataset.js';

const OUTSIDE = 'custom, outside SENDIG 3.1.1';

const SCS = [
  text('STUDYID', 'Study Identifier', 1),
  text('DOMAIN', 'Domain Abbreviation'),
  text('USUBJID', 'Unique Subject Identifier', 2),
  integer('XSSEQ', 'Sequence Number', 3),
  text('XSREFID', 'Reference Identifier'),
  text('XSCAT', 'Category'),
  text('XSFOLLOW', 'Treatment That It Follows'),
  text('XSSET', 'Setting'),
  float('XSFREQ', 'Frequency'),
  text('XSFREQU', 'Frequency Unit'),
  float('XSWIDTH', 'Pulse Width'),
  text('XSWIDTHU', 'Pulse Width Unit'),
  float('XSAMP', 'Amplitude'),
  text('XSAMPU', 'Amplitude Unit'),
  float('XSDUR', 'Duration'),
  text('XSDURU', 'Duration Unit'),
  text('XSSTAT', 'Outcome'),
  text('XSDTC', 'Date/Time of Stimulation'),
  integer('XSDY', 'Study Day of Stimulation'),
];

/** Sessions of spinal cord stimulation, and the motor thresholds that their amplitudes follow. */
export function stimulations(code: string, animals: readonly SendAnimal[]): Dataset {
  const rows = animals.flatMap((animal) =>
    animal.history
      .filter(({ type }) => type === 'SCSApplied' || type === 'MotorThresholdDetermined')
      .map((fact, index) =>
        row(
          SCS,
          {
            STUDYID: code,
            DOMAIN: 'XS',
            USUBJID: animal.usubjid,
            XSSEQ: index + 1,
            XSREFID: animal.sessions.get(fact.number),
            ...stimulus(fact.data as never),
            ...(fact.type === 'SCSApplied'
              ? session(fact as Fact<'SCSApplied'>, animal)
              : { XSCAT: 'MOTOR THRESHOLD' }),
            XSDTC: fact.time,
            XSDY: studyDay(animal, fact.time),
          },
          recordsOf(fact),
        ),
      ),
  );
  return { name: 'SCS', label: 'Spinal cord stimulation', columns: SCS, rows, outside: OUTSIDE };
}

type Named = Readonly<Record<string, Value | undefined>>;

function session({ data }: Fact<'SCSApplied'>, { sessions }: SendAnimal): Named {
  return {
    XSCAT: 'STIMULATION',
    XSFOLLOW: data.follows === undefined ? '' : sessions.get(data.follows),
    XSSET: data.setting,
    XSDUR: Number(baseText(data.duration)),
    XSDURU: 'min',
    XSSTAT: data.outcome.toUpperCase(),
  };
}

function stimulus(data: { frequency: Quantity; pulseWidth: Quantity; amplitude: Quantity }): Named {
  return {
    XSFREQ: Number(baseText(data.frequency)),
    XSFREQU: 'Hz',
    XSWIDTH: Number(baseText(data.pulseWidth)),
    XSWIDTHU: 'us',
    XSAMP: Number(baseText(data.amplitude)),
    XSAMPU: 'mA',
  };
}

const PR = [
  text('STUDYID', 'Study Identifier', 1),
  text('DOMAIN', 'Domain Abbreviation'),
  text('USUBJID', 'Unique Subject Identifier', 2),
  integer('PRSEQ', 'Sequence Number', 3),
  text('PRTRT', 'Reported Name of Procedure'),
  text('PRCAT', 'Category'),
  text('PRLOC', 'Location of Procedure'),
  text('PRLAT', 'Laterality'),
  text('PRDEVICE', 'Device'),
  text('PRANAES', 'Anaesthesia'),
  text('PRANALG', 'Analgesia'),
  text('PRANTIB', 'Antibiotic'),
  text('PRCOMPL', 'Complication'),
  text('PRSTDTC', 'Date/Time of Procedure'),
  integer('PRSTDY', 'Study Day of Procedure'),
];

/** Operations. PR is a term of the terminology and no domain of the guide. */
export function procedures(code: string, animals: readonly SendAnimal[]): Dataset {
  const rows = animals.flatMap((animal) =>
    operations(animal.history).map(({ fact, values }, index) =>
      row(
        PR,
        {
          STUDYID: code,
          DOMAIN: 'PR',
          USUBJID: animal.usubjid,
          PRSEQ: index + 1,
          PRCAT: 'SURGERY',
          ...values,
          ...care(fact.data as Care),
          PRSTDTC: fact.time,
          PRSTDY: studyDay(animal, fact.time),
        },
        recordsOf(fact),
      ),
    ),
  );
  return { name: 'PR', label: 'Surgical procedures', columns: PR, rows, outside: OUTSIDE };
}

function operations(history: readonly Fact[]): { fact: Fact; values: Named }[] {
  return [
    ...factsOf(history, 'NerveLigated').map((fact) => ({ fact, values: ligation(fact) })),
    ...factsOf(history, 'ModelInduced').map((fact) => ({ fact, values: induction(fact) })),
    ...factsOf(history, 'ElectrodeImplanted').map((fact) => ({
      fact,
      values: {
        PRTRT: `ELECTRODE ${fact.data.action}`.toUpperCase(),
        PRLOC: `EPIDURAL SPACE, ${fact.data.level}`,
        PRDEVICE: fact.data.model,
      },
    })),
    ...factsOf(history, 'CatheterImplanted').map((fact) => ({
      fact,
      values: { PRTRT: 'CATHETER IMPLANTED', PRLOC: fact.data.tipLevel, PRDEVICE: fact.data.route },
    })),
  ].sort((a, b) => a.fact.at - b.fact.at || a.fact.number - b.fact.number);
}

function ligation({ data }: Fact<'NerveLigated'>): Named {
  return {
    PRTRT: NERVE_PROCEDURES[data.procedure],
    PRLOC: data.nerve === 'sciatic' ? 'SCIATIC NERVE' : data.nerve,
    PRLAT: data.side.toUpperCase(),
  };
}

const NERVE_PROCEDURES: Readonly<Record<Fact<'NerveLigated'>['data']['procedure'], string>> = {
  'partial-ligation': 'PARTIAL LIGATION OF NERVE',
  sham: 'SHAM EXPOSURE OF NERVE',
  'spinal-nerve-ligation': 'LIGATION OF SPINAL NERVE',
  'chronic-constriction': 'CHRONIC CONSTRICTION OF NERVE',
  'spared-nerve-injury': 'SPARED NERVE INJURY',
  transection: 'TRANSECTION OF NERVE',
};

function induction({ data }: Fact<'ModelInduced'>): Named {
  const { kind, sham, agent, dose, volume, site, side } = data;
  const given = [agent, dose && `${dose.value} ${dose.unit}`, volume && `${volume.value} ${volume.unit}`];
  return {
    PRCAT: 'INDUCTION OF THE MODEL',
    PRTRT: [`${sham ? 'SHAM ' : ''}${kind}`.toUpperCase(), ...given].filter(Boolean).join(', '),
    PRLOC: site,
    PRLAT: side?.toUpperCase(),
  };
}

interface Care {
  readonly anaesthesia?: { agent: string };
  readonly analgesia?: { agent: string };
  readonly antibiotic?: string;
  readonly complication?: { code: string; text?: string };
}

function care({ anaesthesia, analgesia, antibiotic, complication }: Care): Named {
  return {
    PRANAES: anaesthesia?.agent,
    PRANALG: analgesia?.agent,
    PRANTIB: antibiotic,
    PRCOMPL: complication && [complication.code, complication.text].filter(Boolean).join(': '),
  };
}
