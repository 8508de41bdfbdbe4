import type { ComponentChildren, JSX } from 'preact';
import { useContext } from 'preact/hooks';
import type { Drawing, Mark, Stroke } from '../../exports/figures/drawing.js';
import { LinksContext } from './links.js';

/** A figure with its caption. The same numbers stand in a table near it. */
export function Figure({
  drawing,
  children,
}: {
  readonly drawing: Drawing;
  readonly children?: ComponentChildren;
}): JSX.Element {
  return (
    <figure>
      <div class="plot">
        <Svg drawing={drawing} />
      </div>
      {children !== undefined && <figcaption>{children}</figcaption>}
    </figure>
  );
}

/** Coloured by attributes, so that it looks the same wherever it is pasted; a style sheet may recolour it for the dark. */
export function Svg({
  drawing: { width, height, title, marks },
}: {
  readonly drawing: Drawing;
}): JSX.Element {
  const linked = marks.some(({ to }) => to !== undefined);
  return (
    <svg
      xmlns="http://www.w3.org/2000/svg"
      viewBox={`0 0 ${width} ${height}`}
      width={width}
      height={height}
      // A group, where there are links to reach within it.
      role={linked ? 'group' : 'img'}
      aria-label={title}
      font-family="system-ui, Helvetica, Arial, sans-serif"
    >
      {marks.map((mark) => (
        <Linked to={mark.to}>
          <Shape mark={mark} />
        </Linked>
      ))}
    </svg>
  );
}

function Linked({ to, children }: { to: Mark['to']; children: ComponentChildren }): JSX.Element {
  const links = useContext(LinksContext);
  const href = to === undefined ? undefined : typeof to === 'number' ? links.record(to) : to;
  return href === undefined ? (
    <>{children}</>
  ) : (
    <a href={href} {...(typeof to === 'number' && { 'aria-label': `record ${to}` })}>
      {children}
    </a>
  );
}

function Shape({ mark }: { readonly mark: Mark }): JSX.Element {
  switch (mark.kind) {
    case 'path': {
      const points = mark.points.map(([x, y]) => `${rounded(x)} ${rounded(y)}`).join('L');
      return <path d={`M${points}${mark.closed ? 'Z' : ''}`} fill={mark.fill ?? 'none'} {...stroked(mark)} />;
    }
    case 'circle':
      return (
        <circle
          cx={rounded(mark.at[0])}
          cy={rounded(mark.at[1])}
          r={rounded(mark.r)}
          fill={mark.fill ?? 'none'}
          {...stroked(mark)}
        />
      );
    case 'text':
      return (
        <text
          x={rounded(mark.at[0])}
          y={rounded(mark.at[1])}
          font-size={mark.size}
          text-anchor={mark.anchor}
          {...(mark.bold && { 'font-weight': 'bold' })}
          {...(mark.upright && { transform: `rotate(-90 ${rounded(mark.at[0])} ${rounded(mark.at[1])})` })}
          fill={mark.fill ?? '#111111'}
        >
          {mark.text}
        </text>
      );
  }
}

function stroked({ stroke, lineWidth = 1, dash }: Stroke): Record<string, string | number> {
  if (stroke === undefined) return {};
  return { stroke, 'stroke-width': lineWidth, ...(dash && { 'stroke-dasharray': dash.join(' ') }) };
}

/** Rounded to a hundredth of a point: finer digits are not visible, and depend on the last bit of a logarithm. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100 + 0;
}
