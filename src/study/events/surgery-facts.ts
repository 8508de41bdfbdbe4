import { Type } from '../schema-types.js';
import { AnyDose, BodyWeight, Impedance, Length, Volume } from '../quantity.js';
import { CalendarDate, closed, Code, Line, Side } from '../schema.js';
import { data, optional, surgery } from './fact-parts.js';
import { NerveProcedure } from './treatment-parts.js';

/** Facts about operations and the induction of a model. Part of the storage contract of `events.ts`. */
export const SURGERY_FACTS = {
  NerveLigated: data({
    side: Side,
    nerve: Code,
    procedure: NerveProcedure,
    fraction: optional(Line),
    suture: optional(closed({ size: Line, material: optional(Line) })),
    ...surgery,
  }),
  ModelInduced: data({
    /** One record an injection: a course of doses has several. */
    kind: Type.Enum(['injection', 'systemic', 'incision', 'other']),
    /** Done without what makes the pain: the vehicle alone, or the anaesthesia alone. */
    sham: optional(Type.Boolean()),
    agent: optional(Line),
    dose: optional(AnyDose),
    /** That a dose per body weight was worked out with. */
    bodyWeight: optional(BodyWeight),
    volume: optional(Volume),
    vehicle: optional(Line),
    site: optional(Line),
    side: optional(Side),
    route: optional(Code),
    routeText: optional(Line),
    lot: optional(Line),
    expiry: optional(CalendarDate),
    ...surgery,
  }),
  ElectrodeImplanted: data({
    action: Type.Enum(['implanted', 'repaired', 'replaced']),
    model: Line,
    serial: optional(Line),
    contacts: optional(Type.Integer({ minimum: 1, maximum: 64 })),
    polarity: optional(Line),
    level: Line,
    laminectomySite: optional(Line),
    verification: optional(Type.Enum(['x-ray', 'visual', 'post-mortem', 'none'])),
    impedance: optional(Impedance),
    ...surgery,
  }),
  CatheterImplanted: data({
    route: Line,
    tipLevel: Line,
    side: optional(Type.Enum(['left', 'right', 'midline'])),
    length: optional(Length),
    deadVolume: optional(Volume),
    lidocaineTest: optional(
      closed({ result: Type.Enum(['bilateral-paralysis', 'unilateral', 'none']), lot: optional(Line) }),
    ),
    ...surgery,
  }),
} as const;
