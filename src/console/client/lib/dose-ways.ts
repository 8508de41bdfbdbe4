import { find, findAll } from './elements.js';
import {
  WAYS,
  followDose,
  settleDose,
  type Followed,
  type Stated,
  type Way,
} from '../../../study/rules/follow-dose.js';
import { formatQuantity, type Quantity } from '../../../study/units.js';

type Member = Way | 'weight';
type Told = { -readonly [M in Member]?: Quantity };

/** Lets the other readings of a dose follow while one is typed, and says what does not fit together. */
export function watchDoseWays(form: HTMLFormElement): void {
  const block = find('[data-ways]', form);
  if (!block) return;
  const { proposed, typed: names } = JSON.parse(block.dataset['ways']!) as {
    proposed: Stated;
    typed: Member[];
  };
  const fields = new Map(
    [...findAll('[data-way]', form)].map((field) => [field.dataset['way'] as Member, field]),
  );
  const typed = new Set<Member>(names);
  for (const [member, field] of fields) {
    inputOf(field).addEventListener('input', () => {
      if (inputOf(field).value.trim() === '') typed.delete(member);
      else typed.add(member);
      if (member === 'amount' || member === 'perWeight') makeBasis(member);
      follow(member);
    });
    unitOf(field)?.addEventListener('change', () => follow(member));
  }
  find('.work-out', form)?.remove();
  follow();

  /** The reading that was typed last is the dose that is sent; the other one follows. */
  function makeBasis(basis: 'amount' | 'perWeight'): void {
    const other = basis === 'amount' ? 'perWeight' : 'amount';
    const [own, others] = [fields.get(basis), fields.get(other)];
    if (!own || !others) return;
    typed.delete(other);
    setName(own, 'data.dose');
    setName(others, 'other');
  }

  function follow(by?: Member): void {
    const told: Told = {};
    for (const member of typed) {
      const quantity = quantityIn(fields.get(member));
      if (quantity) told[member] = quantity;
    }
    const settled = settleDose(proposed, told);
    const units = Object.fromEntries(WAYS.map((way) => [way, unitOf(fields.get(way))?.value]));
    const { followed, mismatch } = followDose(settled, units);
    for (const way of WAYS) if (way !== by || !typed.has(way)) show(way, settled[way], followed[way]);
    const said = find('[data-mismatch]', form)!;
    said.textContent = mismatch
      ? `${mismatch.stated} is stated, and ${mismatch.held.arithmetic} is ${formatQuantity(mismatch.held)}.`
      : '';
  }

  function show(way: Way, stated: Quantity | undefined, followed: Followed | undefined): void {
    const field = fields.get(way);
    if (!field) return;
    const input = inputOf(field);
    // The digits of what was typed stay, whatever else is typed.
    if (!typed.has(way)) input.value = stated?.value ?? followed?.value ?? '';
    const unit = unitOf(field);
    if (stated && unit && !typed.has(way)) unit.value = stated.unit;
    const isFollowed = !stated && followed !== undefined;
    input.classList.toggle('followed', isFollowed);
    find('[data-arithmetic]', field)!.textContent = isFollowed
      ? `${followed.isExact ? '=' : '≈'} ${followed.arithmetic}`
      : '';
    // What follows of these two is shown, and not recorded: nobody typed it.
    const isSent = way === 'concentration' ? !isFollowed : way === 'volume' || isBasis(field);
    if (way === 'concentration' || !isSent) setName(field, isSent ? 'data.concentration' : '');
  }
}

function isBasis(field: HTMLElement): boolean {
  return inputOf(field).name === 'data.dose.value';
}

function setName(field: HTMLElement, name: string): void {
  inputOf(field).name = name === '' ? '' : `${name}.value`;
  const unit = unitOf(field);
  if (unit) unit.name = name === '' ? '' : `${name}.unit`;
}

function inputOf(field: HTMLElement): HTMLInputElement {
  return find<HTMLInputElement>('input:not([type=hidden])', field)!;
}

function unitOf(field: HTMLElement | undefined): HTMLSelectElement | null {
  return field?.querySelector('select') ?? null;
}

/** A decimal of the ledger; a comma is read as the decimal mark, as the server reads it. */
function quantityIn(field: HTMLElement | undefined): Quantity | undefined {
  if (!field) return undefined;
  const value = inputOf(field)
    .value.trim()
    .replace(/^(\d+),(\d{1,2}|\d{4,})$/, '$1.$2');
  const unit = unitOf(field)?.value ?? find<HTMLInputElement>('[type=hidden]', field)?.value ?? '';
  return /^(0|[1-9]\d{0,11})(\.\d{1,12})?$/.test(value) ? { value, unit } : undefined;
}
