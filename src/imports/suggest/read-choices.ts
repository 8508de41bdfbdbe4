import type { Choices, Settings } from './suggest.js';

/**
 * What a person chose, over what was suggested. Fields are `m.C` what column C is, `u.C` its unit, `w.C.L` what “L” in it
 * means, and the settings by their names. A field that is not there leaves the suggestion; an empty one takes it back.
 */
export function readChoices(suggested: Choices, pairs: URLSearchParams): Choices {
  const { settings } = suggested;
  const words = new Map<string, Map<string, string>>();
  for (const [name, value] of pairs) {
    const [, place = '', word = ''] = /^w\.((?:paw|site)\.[^.]+|[A-Z]+\d*)\.(.*)$/s.exec(name) ?? [];
    if (place !== '' && value !== '')
      words.set(place, new Map([...(words.get(place) ?? []), [word, value.trim()]]));
  }
  return {
    ...suggested,
    words,
    places: suggested.places.map((choice) => {
      const means = pairs.get(`m.${choice.place}`) ?? choice.means;
      const unit = pairs.get(`u.${choice.place}`) ?? choice.unit;
      return { ...choice, unit, means, sure: means === choice.means ? choice.sure : 'name' };
    }),
    settings: Object.fromEntries(
      Object.entries(settings).map(([name, value]) => {
        const given = pairs.get(name);
        // What names of sheets begin with may end with a blank.
        return [name, given === null ? (value as string) : name === 'strip' ? given : given.trim()];
      }),
    ) as unknown as Settings,
  };
}
