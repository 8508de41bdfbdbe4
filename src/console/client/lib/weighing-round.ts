import { judgeWeight, type Weighed, type WeighingLimits } from '../../../study/welfare/weigh.js';
import { doubtOf, isNumberAlone, NUMBER_ALONE, reachedInWords, weighedInWords } from '../../words/weighed.js';
import { Refused } from './ask-server.js';
import { element, find, findAll } from './elements.js';
import { sendEntry } from './entries.js';
import { problemInWords } from './form-errors.js';
import { gramsIn, tellWeight } from './judging.js';
import { watchLeaving } from './leaving.js';
import type { EntryReceipt } from './outbox.js';

/**
 * A round of weights: Enter always goes on to the weight of the next animal, so that nothing typed for it ends elsewhere.
 * A weight that needs a reason is not recorded then; it waits for its reason.
 */
export function watchRound(): void {
  const form = find<HTMLFormElement>('form[data-round]');
  if (!form) return;
  const count = find('[data-count]', form)!;
  const rows = [...findAll('[data-weigh]', form)].map(
    (row) => new Row(row, form.dataset['round']!, () => count.replaceChildren(countInWords(rows))),
  );
  const goOn = (from: number): void => {
    const next = rows.slice(from + 1).find(({ isOpen }) => isOpen);
    if (!next) return find('.send', form)?.focus();
    next.weight.focus();
    // What is typed now takes the place of what stands there.
    next.weight.select();
  };
  for (const [index, row] of rows.entries()) {
    row.weight.addEventListener('input', () => row.judge());
    onEnter(row.weight, () => {
      row.take();
      goOn(index);
    });
    onEnter(row.reason, () => {
      if (row.take()) goOn(index);
      else row.reason.select();
    });
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    for (const row of rows) row.take();
  });
  const typed = (): Row | undefined => rows.find(({ isFilled }) => isFilled);
  watchLeaving(
    () => typed() !== undefined,
    () => {
      typed()?.weight.focus();
      count.replaceChildren(`${countInWords(rows)} Record or empty it before you leave this page.`);
    },
  );
}

function onEnter(field: HTMLElement, take: () => void): void {
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter') return;
    event.preventDefault();
    take();
  });
}

/** `8 of 10 recorded. Typed and not recorded: R03.` */
function countInWords(rows: readonly Row[]): string {
  const done = rows.filter(({ isRecorded }) => isRecorded).length;
  const left = rows.filter(({ isFilled }) => isFilled).map(({ animal }) => animal);
  const typed = left.length > 0 ? ` ${left.length} typed and not recorded: ${left.join(', ')}.` : '';
  return `${done} of ${rows.length} recorded.${typed}`;
}

class Row {
  readonly weight: HTMLInputElement;
  readonly reason: HTMLInputElement;
  readonly animal: string;
  readonly #limits: WeighingLimits;
  readonly #judged: HTMLElement;
  readonly #why: HTMLElement;
  #state: 'open' | 'sent' | 'kept' | 'recorded' = 'open';

  constructor(
    private readonly row: HTMLElement,
    private readonly enter: string,
    private readonly changed: () => void,
  ) {
    [this.weight, this.reason] = [...findAll<HTMLInputElement>('input:not([type=hidden])', row)] as [
      HTMLInputElement,
      HTMLInputElement,
    ];
    this.#judged = find('[data-judged]', row)!;
    this.#why = find('[data-why]', row)!;
    this.#why.hidden = this.reason.value === '' && find('.refused', row) === null;
    this.#limits = JSON.parse(row.dataset['weigh']!) as WeighingLimits;
    this.animal = row.dataset['animal']!;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  get isRecorded(): boolean {
    return this.#state === 'recorded';
  }

  get isFilled(): boolean {
    return this.isOpen && this.weight.value.trim() !== '';
  }

  get #weighed(): Weighed | undefined {
    const grams = gramsIn(this.weight.value);
    return grams === undefined ? undefined : judgeWeight(grams, this.#limits);
  }

  get #doubt(): string | undefined {
    return this.#weighed && doubtOf(this.#weighed, this.#limits);
  }

  judge(): void {
    this.#clear();
    this.#why.hidden = this.#doubt === undefined && this.reason.value === '';
    tellWeight(this.#judged, gramsIn(this.weight.value), this.#limits);
  }

  /** Records what is typed, or marks the row as not recorded and says why. Whether it was sent. */
  take(): boolean {
    const [doubt, weighed] = [this.#doubt, this.#weighed];
    const isTaken = this.isFilled && this.#lacks(doubt, weighed) === undefined;
    if (isTaken) void this.#record();
    this.changed();
    return isTaken;
  }

  /** What is missing before it can be sent; said at the row. */
  #lacks(doubt: string | undefined, weighed: Weighed | undefined): string | undefined {
    const reason = this.reason.value.trim();
    const lacking =
      reason !== '' && isNumberAlone(reason)
        ? `the reason is “${reason}”, ${NUMBER_ALONE}`
        : doubt !== undefined && reason === ''
          ? `${doubt}, say why`
          : undefined;
    if (lacking === undefined) return undefined;
    this.#clear();
    this.#mark();
    const grave = [`Not recorded: ${lacking}.`, ...(weighed ? reachedInWords(weighed) : [])];
    this.#tell(
      weighed ? weighedInWords(weighed, this.#limits) : '',
      ...grave.map((said) => element('strong', {}, ` ${said}`)),
    );
    return lacking;
  }

  #mark(): void {
    this.row.classList.add('unrecorded');
    this.#why.hidden = false;
  }

  #clear(): void {
    this.row.classList.remove('unrecorded');
    for (const old of findAll('.refused', this.row)) old.remove();
    this.weight.removeAttribute('aria-invalid');
  }

  async #record(): Promise<void> {
    this.#state = 'sent';
    this.#clear();
    this.weight.readOnly = true;
    this.reason.readOnly = true;
    const id = find<HTMLInputElement>('[type=hidden]', this.row)!.value;
    const pairs = new URLSearchParams({
      id,
      subject: this.animal,
      'data.weight.value': this.weight.value,
      'data.weight.unit': 'g',
      reason: this.reason.value,
    });
    try {
      const sent = await sendEntry({
        address: `${this.enter}/record-body-weight`,
        pairs,
        label: `Body weight, ${this.animal}, ${this.weight.value.trim()} g`,
      });
      this.row.classList.add('done');
      this.#why.hidden = true;
      this.#state = sent.kind;
      if (sent.kind === 'kept') this.#tell('Kept on this device, not yet recorded.');
      else this.#tellRecorded(sent.receipt);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#state = 'open';
      this.weight.readOnly = false;
      this.reason.readOnly = false;
      this.weight.setAttribute('aria-invalid', 'true');
      this.#mark();
      const said = `Not recorded: ${problemInWords(error.problem)}`;
      this.row.append(element('p', { class: 'refused', role: 'alert' }, said));
    }
    this.changed();
  }

  #weighAgain(): HTMLElement {
    const query = new URLSearchParams({ animal: this.animal });
    return element('a', { href: `${this.enter}/record-body-weight?${query}` }, 'Weigh again');
  }

  #tell(...said: (Node | string)[]): void {
    this.#judged.replaceChildren(...said);
  }

  /** Number, value, flags, what an endpoint asks for, and the way to put it right. */
  #tellRecorded({ records, told = [] }: EntryReceipt): void {
    const { number } = records[0]!;
    const study = this.enter.replace(/\/bench\/enter$/, '');
    const address = `${study}/records/${number}`;
    const weighed = this.#weighed;
    const decisions = (weighed?.reached ?? []).map(({ id, description }) => {
      const query = new URLSearchParams({
        animal: this.animal,
        'data.endpoint': id,
        'data.reachedBy': String(number),
      });
      const href = `${this.enter}/decide-endpoint?${query}`;
      return element('a', { class: 'decide', href }, `Endpoint reached: ${description}. Decide`);
    });
    find('.last', this.row)?.replaceChildren();
    this.#tell(
      '✓ Recorded as ',
      element('a', { class: 'n', href: address }, `#${number}`),
      `: ${this.weight.value.trim()} g. `,
      ...told.map((flag) => element('strong', {}, `${flag} `)),
      element('a', { href: `${address}/correct` }, 'Correct'),
      ' ',
      ...decisions,
      ...(decisions.length > 0 ? [' ', this.#weighAgain()] : []),
    );
  }
}
