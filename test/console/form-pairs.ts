/** What a browser sends of a form that nobody has touched. */
export function pairsOf(html: string): URLSearchParams {
  const pairs = new URLSearchParams();
  const text = (quoted: string): string =>
    quoted.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
  const of = (attributes: string, name: string): string | undefined => {
    const found = new RegExp(`\\s${name}(?:="([^"]*)")?(?=[\\s/]|$)`).exec(attributes);
    return found ? text(found[1] ?? '') : undefined;
  };
  const controls =
    /<input((?:"[^"]*"|[^>"])*)>|<textarea((?:"[^"]*"|[^>"])*)>(.*?)<\/textarea>|<select([^>]*)>(.*?)<\/select>/gs;
  for (const [, input, area, typed = '', select, options = ''] of html.matchAll(controls)) {
    const attributes = input ?? area ?? select ?? '';
    const name = of(attributes, 'name')!;
    if (area !== undefined) pairs.append(name, text(typed));
    else if (select !== undefined) {
      const all = [...options.matchAll(/<option((?:"[^"]*"|[^>"])*)>/g)].map(([, one]) => one!);
      const chosen = all.find((one) => of(one, 'selected') !== undefined) ?? all[0] ?? '';
      pairs.append(name, of(chosen, 'value') ?? '');
    } else if (of(attributes, 'type') !== 'checkbox' || of(attributes, 'checked') !== undefined)
      pairs.append(name, of(attributes, 'value') ?? '');
  }
  return pairs;
}
