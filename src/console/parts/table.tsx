import type { ComponentChildren, JSX } from 'preact';

export interface Column<R> {
  readonly head: string;
  readonly cell: (row: R) => ComponentChildren;
  /**
   * `number` sets digits below one another; `wide` and the wider `text` may wrap, all others keep to one line. In a
   * timeline a column holds `few` or `many` marks a lane, or is `idle`.
   */
  readonly as?: 'number' | 'wide' | 'text' | 'few' | 'many' | 'idle';
}

/**
 * A table. On a phone each row stands by itself, a line a cell; a `dense` one, whose rows are compared, scrolls within
 * itself, and its first column stays in sight. `label` names it for those who do not see what stands above it.
 */
export function Table<R>({
  label,
  columns,
  rows,
  none = 'None.',
  idOf,
  dense = false,
}: {
  readonly label: string;
  readonly columns: readonly Column<R>[];
  readonly rows: readonly R[];
  /** What is said where there is no row: what it means, or what to do next. */
  readonly none?: ComponentChildren;
  /** The id of a row, where something links to it. */
  readonly idOf?: (row: R) => string;
  readonly dense?: boolean;
}): JSX.Element {
  if (rows.length === 0) return <p class="none">{none}</p>;
  return (
    <section class={dense ? 'scroll' : 'scroll stacks'} aria-label={label} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map(({ head, as }) => (
              <th scope="col" class={as}>
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr id={idOf?.(row)}>
              {columns.map(({ head, cell, as }, index) =>
                index === 0 ? (
                  <th scope="row" class={as} data-head={dense || as !== 'number' ? undefined : head}>
                    {cell(row)}
                  </th>
                ) : (
                  <td class={as} data-head={dense ? undefined : head}>
                    {cell(row)}
                  </td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** Terms and what they are, in two columns; pairs without a value are left out. */
export function Facts({
  facts,
}: {
  readonly facts: readonly (readonly [term: ComponentChildren, value: ComponentChildren])[];
}): JSX.Element {
  return (
    <dl class="facts">
      {facts
        .filter(([, value]) => value !== null && value !== undefined && value !== false && value !== '')
        .map(([term, value]) => (
          <div>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
    </dl>
  );
}
