/** A score of one item of a sheet. */
export interface ItemScore {
  readonly item: string;
  readonly score: number;
}

/** What of an endpoint is about a score sheet. */
export interface SheetLimit {
  readonly totalScore?: number;
  readonly itemScore?: { readonly item: string; readonly atLeast: number };
}

export function totalOf(scores: readonly Pick<ItemScore, 'score'>[]): number {
  return scores.reduce((sum, { score }) => sum + score, 0);
}

/** What of a sheet reaches an endpoint, in words; undefined where nothing does. */
export function reachedByScores(
  scores: readonly ItemScore[],
  { totalScore, itemScore }: SheetLimit,
): string | undefined {
  const total = totalOf(scores);
  if (totalScore !== undefined && total >= totalScore) return `a total of ${total}`;
  const score = scores.find(({ item }) => item === itemScore?.item)?.score;
  if (itemScore && score !== undefined && score >= itemScore.atLeast) return `${itemScore.item} ${score}`;
  return undefined;
}
