/**
 * A figure as a list of marks in points, y down: drawn as SVG for a page and with the same coordinates into a PDF, so
 * that both show one figure. Whatever colour shows, shape or text shows as well.
 */
export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** Text alternative: what the figure shows. */
  readonly title: string;
  readonly marks: readonly Mark[];
}

export interface Stroke {
  readonly stroke?: string;
  readonly lineWidth?: number;
  readonly dash?: readonly [number, number];
}

export type Point = readonly [x: number, y: number];

/** What a mark stands for, where a page can lead there: a record by its number, or a place in the same page. */
interface Leads {
  readonly to?: number | `#${string}`;
}

export type Mark = Leads & Figure;

type Figure =
  | (Stroke & {
      readonly kind: 'path';
      readonly points: readonly Point[];
      readonly closed?: boolean;
      readonly fill?: string;
    })
  | (Stroke & { readonly kind: 'circle'; readonly at: Point; readonly r: number; readonly fill?: string })
  | {
      readonly kind: 'text';
      readonly at: Point;
      readonly text: string;
      readonly size: number;
      readonly anchor: 'start' | 'middle' | 'end';
      readonly bold?: boolean;
      readonly fill?: string;
      /** Turned about its anchor, so that it reads upwards. */
      readonly upright?: boolean;
    };

export const INK = '#111111';
export const GREY = '#767676';
export const PALE = '#dddddd';
export const BAND = '#f0f0f0';
export const BLUE = '#0b4f8a';
export const RED = '#a00000';

export function line(from: Point, to: Point, style: Stroke = {}): Mark {
  return { kind: 'path', points: [from, to], stroke: INK, ...style };
}

export function box([x, y]: Point, width: number, height: number, style: Stroke & { fill?: string }): Mark {
  const points: Point[] = [
    [x, y],
    [x + width, y],
    [x + width, y + height],
    [x, y + height],
  ];
  return { kind: 'path', points, closed: true, ...style };
}

export function label(
  at: Point,
  text: string,
  { size = 8, anchor = 'start', ...rest }: Partial<Extract<Mark, { kind: 'text' }>> = {},
): Mark {
  return { ...rest, kind: 'text', at, text, size, anchor };
}

/** Tip up or down, centred on a point. */
export function triangle([x, y]: Point, r: number, up: boolean, style: Stroke & { fill?: string }): Mark {
  const tip = up ? -r : r;
  const points: Point[] = [
    [x, y + tip],
    [x + r, y - tip * 0.7],
    [x - r, y - tip * 0.7],
  ];
  return { kind: 'path', points, closed: true, ...style };
}

export function square([x, y]: Point, r: number, style: Stroke & { fill?: string }): Mark {
  return box([x - r, y - r], 2 * r, 2 * r, style);
}

export function cross([x, y]: Point, r: number, style: Stroke): Mark[] {
  return [line([x - r, y - r], [x + r, y + r], style), line([x - r, y + r], [x + r, y - r], style)];
}

/** A mark leads to a record or to a row of a page; in a document or a file of its own there is neither. */
export function withoutLinks(drawing: Drawing): Drawing {
  return { ...drawing, marks: drawing.marks.map(({ to: _to, ...mark }) => mark) };
}

export function moved(mark: Mark, [dx, dy]: Point): Mark {
  const by = ([x, y]: Point): Point => [x + dx, y + dy];
  return mark.kind === 'path' ? { ...mark, points: mark.points.map(by) } : { ...mark, at: by(mark.at) };
}
