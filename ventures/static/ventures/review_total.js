// What a sheet adds up to, exactly as the server's `reckoning.scores`: weights, items outside the
// total, half up to hundredths. A journey adds up the same sheets by both.

// Fractions of half points, whole numbers only.
export function sumOf(scored) {
  let [above, below] = [0n, 1n];
  for (const [halves, factor] of scored) {
    const [times, by] = factor.split("/").map(BigInt);
    above = above * by + BigInt(halves) * times * below;
    below *= by;
  }
  return [above, below];
}

export function pointsOf([above, below]) {
  if (above % below === 0n) {
    const halves = above / below;
    return `${halves / 2n}${halves % 2n ? ".5" : ""}`;
  }
  const hundredths = (100n * above + below) / (2n * below);
  return `${hundredths / 100n}.${String(hundredths % 100n).padStart(2, "0")}`;
}
