interface Range {
  readonly media: string;
  readonly quality: number;
}

/**
 * The media type that an Accept header prefers (RFC 9110, 12.5.1), undefined where it takes none of those offered. The
 * more specific range says how much a type is wanted; among equals the first in the header wins, then the first offered.
 */
export function preferredMedia<M extends string>(
  accept: string | undefined,
  offered: readonly M[],
): M | undefined {
  const ranges = (accept ?? '*/*').split(',').map(parseRange);
  const rated = offered.map((media) => {
    const range = [media, `${media.split('/', 1)[0]}/*`, '*/*']
      .map((form) => ranges.find((one) => one.media === form))
      .find((one) => one !== undefined);
    return { media, quality: range?.quality ?? 0, order: range ? ranges.indexOf(range) : Infinity };
  });
  const [best] = rated.sort((a, b) => b.quality - a.quality || a.order - b.order);
  return best && best.quality > 0 ? best.media : undefined;
}

function parseRange(text: string): Range {
  const [media = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase());
  const quality = Number(parameters.find((one) => one.startsWith('q='))?.slice(2) ?? 1);
  return { media, quality: quality >= 0 && quality <= 1 ? quality : 0 };
}
