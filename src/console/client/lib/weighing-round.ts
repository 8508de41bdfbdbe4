import { judgeWeight, type Weighed, type WeighingLimits } from '../../../study/welfare/weigh.js';
import { doubtInWords } from '../../words/weighed.js';
import { Refused } from './ask-server.js';
import { element } from './elements.js';
import { sendEntry } from './entries.js';
import { problemInWords } from './form-errors.js';
import { gramsIn, tellWeight } from './judging.js';

/** A round of weights: Enter records a row and goes to the next one. What looks like a slip is said first. */
export function watchRound(): void {
  const form = document.querySelector<HTMLFormElement>('form[data-round]');
  if (!form) return;
  const rows = [...form.querySelectorAll<HTMLElement>('[data-weigh]')].map(
    (row) => new Row(row, form.dataset['round']!),
  );
  const goOn = (from: number): void => {
    const next = [...rows.slice(from + 1), ...rows.slice(0, from)].find(({ isOpen }) => isOpen);
    if (next) next.weight.focus();
    else form.querySelector<HTMLElement>('.send')?.focus();
  };
  for (const [index, row] of rows.entries()) {
    row.weight.addEventListener('input', () => row.judge());
    for (const field of [row.weight, row.reason])
      field.addEventListener('keydown', (event) => {
        if (event.key !== 'Enter') return;
        event.preventDefault();
        if (row.isDoubted(field)) return;
        void row.record();
        goOn(index);
      });
  }
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    for (const row of rows) if (row.isFilled && !row.isDoubted(row.reason)) void row.record();
  });
}

class Row {
  readonly weight: HTMLInputElement;
  readonly reason: HTMLInputElement;
  private readonly limits: WeighingLimits;
  private readonly judged: HTMLElement;
  private readonly why: HTMLElement;
  private readonly animal: string;
  private state: 'open' | 'sent' | 'done' = 'open';

  constructor(
    private readonly row: HTMLElement,
    private readonly enter: string,
  ) {
    [this.weight, this.reason] = [...row.querySelectorAll<HTMLInputElement>('input:not([type=hidden])')] as [
      HTMLInputElement,
      HTMLInputElement,
    ];
    this.judged = row.querySelector('[data-judged]')!;
    this.why = row.querySelector('[data-why]')!;
    this.why.hidden = this.reason.value === '' && row.querySelector('.refused') === null;
    this.limits = JSON.parse(row.dataset['weigh']!) as WeighingLimits;
    this.animal = row.dataset['animal']!;
  }

  get isOpen(): boolean {
    return this.state === 'open';
  }

  get isFilled(): boolean {
    return this.isOpen && this.weight.value.trim() !== '';
  }

  private get weighed(): Weighed | undefined {
    const grams = gramsIn(this.weight.value);
    return grams === undefined ? undefined : judgeWeight(grams, this.limits);
  }

  private get isDoubtful(): boolean {
    return this.weighed !== undefined && doubtInWords(this.weighed, this.limits) !== undefined;
  }

  judge(): void {
    this.why.hidden = !this.isDoubtful && this.reason.value === '';
    tellWeight(this.judged, gramsIn(this.weight.value), this.limits);
  }

  /** Whether the weight looks like a slip and nobody has looked at that yet: then the reason is asked for. */
  isDoubted(from: HTMLElement): boolean {
    if (from === this.reason || !this.isDoubtful) return false;
    this.why.hidden = false;
    this.reason.focus();
    return true;
  }

  async record(): Promise<void> {
    if (!this.isFilled) return;
    this.state = 'sent';
    for (const old of this.row.querySelectorAll('.refused')) old.remove();
    this.weight.removeAttribute('aria-invalid');
    this.weight.readOnly = true;
    const id = this.row.querySelector<HTMLInputElement>('[type=hidden]')!.value;
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
        label: `Body weight, ${this.animal}`,
      });
      this.state = 'done';
      this.row.classList.add('done');
      this.why.hidden = true;
      if (sent.kind === 'kept') this.tell('Kept on this device, not yet recorded.');
      else this.tellRecorded(sent.receipt.records[0]!.number);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.state = 'open';
      this.weight.readOnly = false;
      this.weight.setAttribute('aria-invalid', 'true');
      this.why.hidden = false;
      this.row.append(element('p', { class: 'refused', role: 'alert' }, problemInWords(error.problem)));
    }
  }

  private tell(...said: (Node | string)[]): void {
    this.judged.replaceChildren(...said);
  }

  private tellRecorded(number: number): void {
    const study = this.enter.replace(/\/bench\/enter$/, '');
    const link = element('a', { class: 'n', href: `${study}/records/${number}` }, `#${number}`);
    const { weighed } = this;
    const decisions = (weighed?.reached ?? []).map(({ id, description }) => {
      const query = new URLSearchParams({
        animal: this.animal,
        'data.endpoint': id,
        'data.reachedBy': String(number),
      });
      const href = `${this.enter}/decide-endpoint?${query}`;
      return element('a', { class: 'decide', href }, `Endpoint reached: ${description}. Decide`);
    });
    this.tell('✓ Recorded as ', link, '. ', ...decisions);
  }
}
