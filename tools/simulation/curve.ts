/** Points of a curve, joined by straight lines and level beyond the last. */
export type Curve = readonly (readonly [x: number, y: number])[];

export function along(curve: Curve, x: number): number {
  let [fromX, fromY] = curve[0] ?? [0, 0];
  for (const [toX, toY] of curve) {
    if (x <= toX) return toX === fromX ? toY : fromY + ((toY - fromY) * (x - fromX)) / (toX - fromX);
    [fromX, fromY] = [toX, toY];
  }
  return fromY;
}
