import { Type } from '../schema-types.js';
import { Impedance, Length, Volume } from '../quantity.js';
import { closed, Code, Line, Side } from '../schema.js';
import { data, optional, surgery } from './fact-parts.js';

/** Facts about operations. Part of the storage contract of `events.ts`. */
export const SURGERY_FACTS = {
  NerveLigated: data({
    side: Side,
    nerve: Code,
    procedure: Type.Enum(['partial-ligation', 'sham']),
    fraction: optional(Line),
    suture: optional(closed({ size: Line, material: optional(Line) })),
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
