/** Who wants some of what there is: how much it was given so far, and how much more it wants. */
export interface Claim {
  readonly served: number;
  readonly wanted: number;
}

/**
 * The part of `available` that is due to the claim at `place`, when each unit goes to whoever was served least, and between
 * equals to the one that stands first.
 */
export function fairPart(available: number, claims: readonly Claim[], place: number): number {
  const filledAt = (level: number): number => claims.reduce((sum, claim) => sum + partAt(level, claim), 0);
  let low = Math.min(...claims.map(({ served }) => served));
  let high = Math.max(...claims.map(({ served, wanted }) => served + wanted));
  // The highest level up to which everybody can be filled.
  while (low < high) {
    const level = Math.ceil((low + high) / 2);
    if (filledAt(level) <= available) low = level;
    else high = level - 1;
  }
  const own = claims[place] as Claim;
  const part = partAt(low, own);
  if (partAt(low + 1, own) === part) return part;
  const before = claims.slice(0, place).filter((claim) => partAt(low + 1, claim) > partAt(low, claim)).length;
  return part + (available - filledAt(low) > before ? 1 : 0);
}

function partAt(level: number, { served, wanted }: Claim): number {
  return Math.max(0, Math.min(wanted, level - served));
}
