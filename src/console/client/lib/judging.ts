import { reachedByScores, totalOf, type SheetLimit } from '../../../study/welfare/score-sheet.js';
import { judgeWeight, type WeighingLimits } from '../../../study/welfare/weigh.js';
import { doubtInWords, reachedInWords, weighedInWords } from '../../words/weighed.js';
import { element, find, findAll } from './elements.js';

/** Says what a weight means while it is typed. */
export function watchWeight(form: HTMLFormElement): void {
  const judged = find('[data-judging]', form);
  const value = form.elements.namedItem('data.weight.value');
  const unit = form.elements.namedItem('data.weight.unit');
  if (!judged || !(value instanceof HTMLInputElement) || !(unit instanceof HTMLSelectElement)) return;
  const limits = JSON.parse(judged.dataset['judging']!) as WeighingLimits;
  const judge = (): void => tellWeight(judged, gramsIn(value.value, unit.value), limits);
  value.addEventListener('input', judge);
  unit.addEventListener('change', judge);
  judge();
}

/** A weight in grams as far as it is typed; undefined where that is no weight. */
export function gramsIn(typed: string, unit = 'g'): number | undefined {
  const text = typed.trim().replace(',', '.');
  if (!/^\d+(\.\d+)?$/.test(text) || Number(text) === 0) return undefined;
  return Number(text) * (unit === 'kg' ? 1000 : 1);
}

export function tellWeight(told: HTMLElement, grams: number | undefined, limits: WeighingLimits): void {
  if (grams === undefined) return told.replaceChildren();
  const weighed = judgeWeight(grams, limits);
  const grave = [doubtInWords(weighed, limits) ?? [], reachedInWords(weighed)].flat();
  told.replaceChildren(
    weighedInWords(weighed, limits),
    ...grave.map((said) => element('strong', {}, ` ${said}`)),
  );
}

/** Says the sum of a score sheet, and the endpoint that it reaches, while it is filled in. */
export function watchSheet(form: HTMLFormElement): void {
  const sheet = find('[data-sheet]', form);
  const told = sheet?.querySelector<HTMLElement>('[data-sum]');
  if (!sheet || !told) return;
  const limits = JSON.parse(sheet.dataset['sheet']!) as (SheetLimit & { description: string })[];
  const rows = [...findAll('.scale', sheet)];
  const tell = (): void => {
    const scores = rows.flatMap((row) => {
      const chosen = find<HTMLInputElement>('input:checked', row);
      const item = find<HTMLInputElement>('[type=hidden]', row)!.value;
      return chosen ? [{ item, score: Number(chosen.value) }] : [];
    });
    if (scores.length === 0) return;
    const left = rows.length - scores.length;
    told.replaceChildren(
      `Sum ${totalOf(scores)}${left > 0 ? `, ${left} to score` : ''}.`,
      ...limits
        .filter((limit) => reachedByScores(scores, limit) !== undefined)
        .map(({ description }) =>
          element(
            'strong',
            {},
            ` A humane endpoint is reached (${description}). Tell the veterinarian and decide.`,
          ),
        ),
    );
  };
  sheet.addEventListener('change', tell);
  tell();
}
