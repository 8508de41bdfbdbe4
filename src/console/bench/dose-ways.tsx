import type { JSX } from 'preact';
import { UNITS, formatQuantity, type AnyDose, type Quantity } from '../../study/quantity.js';
import { dataClassOf, fieldsOf } from '../../study/commands/common/fields.js';
import { kindOf } from '../forms/field-kind.js';
import { doseKind, isPerWeight, type DoseKind } from '../../study/dose.js';
import type { Followed, ThreeWays, Way } from '../../study/rules/follow-dose.js';
import { idOf } from '../forms/form-context.js';
import { Wrong } from '../forms/inputs.js';
import { unitInWords } from '../forms/labels.js';
import type { Dosing } from './dosing.js';

/** What `client/lib/dose-ways.ts` needs to let the others follow while one is typed. */
const asData = ({ proposed, typed }: Dosing): string =>
  JSON.stringify({ proposed, typed: Object.keys(typed) });

/**
 * A dose three ways, and the weight. The reading that is sent is the one with the name of the dose: the amount, or the
 * amount per body weight. The other one follows; the script lets it be typed as well.
 */
export function DoseWays({ dosing }: { readonly dosing: Dosing }): JSX.Element {
  const { typed, ways, planned } = dosing;
  const { followed, mismatch } = ways;
  const { dose, volume } = dosing.body['data'] as Readonly<Record<string, Quantity | undefined>>;
  const kind = doseKind((dose ?? planned.doses?.[0] ?? { unit: 'ug' }) as AnyDose);
  const units = unitsFor(dosing, kind);
  const [basis, other] = isPerWeight((dose ?? planned.doses?.[0] ?? { unit: 'ug' }) as AnyDose)
    ? (['perWeight', 'amount'] as const)
    : (['amount', 'perWeight'] as const);
  const planUnit = planned.doses?.[0]?.unit;
  return (
    <div class="ways" data-ways={asData(dosing)}>
      <WayField
        way={basis}
        label={LABELS[basis]}
        units={units[basis]}
        name="data.dose"
        value={dose}
        followed={followed[basis]}
        unit={dose?.unit ?? planUnit}
      />
      {units.perWeight.length > 0 && (
        <WayField
          way={other}
          label={LABELS[other]}
          units={units[other]}
          name="other"
          value={undefined}
          followed={followed[other]}
          unit={followed[other]?.unit}
        />
      )}
      <WayField
        way="volume"
        label="Volume"
        units={Object.keys(UNITS.volume)}
        name="data.volume"
        value={volume ?? typed.volume}
        followed={followed.volume}
      />
      <WayField
        way="concentration"
        label="Concentration"
        units={units.concentration}
        name="data.concentration"
        value={typed.concentration}
        followed={followed.concentration}
        unit={typed.concentration?.unit ?? followed.concentration?.unit}
      />
      <output class="mismatch" data-mismatch="">
        {mismatch && mismatchInWords(mismatch)}
      </output>
    </div>
  );
}

/** The units of a kind that the command takes. */
function unitsFor(
  { definition }: Dosing,
  kind: DoseKind,
): Record<'amount' | 'perWeight' | 'concentration', string[]> {
  const { schema } = fieldsOf(dataClassOf(definition.command)).get('dose')!;
  const taken = kindOf(schema);
  const isTaken = (unit: string): boolean => taken.kind === 'quantity' && taken.units.includes(unit);
  const { amount, perWeight, concentration } = UNITS_OF[kind];
  return {
    amount: amount.filter(isTaken),
    perWeight: perWeight.filter(isTaken),
    concentration: [...concentration],
  };
}

const LABELS = { amount: 'Dose', perWeight: 'Dose per body weight' } as const;

/** `30 µg is stated, and 3 mg/mL × 15 µL is 45 µg.` */
function mismatchInWords({ stated, held }: NonNullable<ThreeWays['mismatch']>): string {
  return `${stated} is stated, and ${held.arithmetic} is ${formatQuantity(held)}.`;
}

function WayField({
  way,
  label,
  units,
  name,
  value,
  followed,
  unit = value?.unit ?? units[0],
}: {
  readonly way: Way;
  readonly label: string;
  readonly units: readonly string[];
  /** `other` of the reading of the dose that is not sent. */
  readonly name: string;
  readonly value: Quantity | undefined;
  readonly followed: Followed | undefined;
  readonly unit?: string | undefined;
}): JSX.Element {
  const isSent = name !== 'other';
  // A concentration that follows is not what was drawn up: it is shown, and not recorded.
  const isShown = isSent && !(followed && way === 'concentration');
  return (
    <div class="field way" data-way={way} data-field={isSent ? `${name}.value` : undefined}>
      <label for={idOf(`${name}.value`)}>{label}</label>
      <span class="quantity">
        <input
          id={idOf(`${name}.value`)}
          name={`${name}.value`}
          value={isShown ? (value?.value ?? '') : ''}
          class={isShown && followed ? 'followed' : undefined}
          inputMode="decimal"
          autoComplete="off"
        />
        <select name={`${name}.unit`} aria-label={`Unit: ${label}`}>
          {units.map((one) => (
            <option value={one} selected={one === unit}>
              {unitInWords(one)}
            </option>
          ))}
        </select>
      </span>
      <small data-arithmetic="">{followed && followedInWords(followed, isShown)}</small>
      {isSent && <Wrong name={`${name}.value`} also={name} />}
    </div>
  );
}

/** `96 µg/kg = 30 µg ÷ 312.5 g`; in the field it stands already. */
function followedInWords(followed: Followed, isShown: boolean): string {
  const { isExact, arithmetic } = followed;
  return `${isShown ? '' : `${formatQuantity(followed)} `}${isExact ? '=' : '≈'} ${arithmetic}`;
}

const UNITS_OF = {
  mass: {
    amount: ['ug', 'mg', 'ng', 'g'],
    perWeight: ['ug/kg', 'mg/kg', 'ng/kg', 'g/kg'],
    concentration: Object.keys(UNITS.concentration),
  },
  amount: {
    amount: Object.keys(UNITS.amount),
    perWeight: Object.keys(UNITS.amountPerWeight),
    concentration: Object.keys(UNITS.molarity),
  },
  activity: {
    amount: Object.keys(UNITS.activity),
    perWeight: Object.keys(UNITS.activityPerWeight),
    concentration: Object.keys(UNITS.activityPerVolume),
  },
  strength: { amount: ['%'], perWeight: [], concentration: ['%'] },
} as const;
