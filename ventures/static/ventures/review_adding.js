// The points typed on a sheet as numbers: what cannot be a score is marked, the rest adds up as the
// server counts (review_total.js). For the reviewer's sheet and for one typed in from paper.

import { pointsOf, sumOf } from "./review_total.js";

// What people type, as a number: full-width digits, a trailing 分.
export function number(text) {
  const plain = text.normalize("NFKC").replace(/[,\s¥元分]/g, "").replace("。", ".");  // not shown: what people type
  return plain === "" ? null : Number(plain);
}

export const scoreOf = (item) => item.querySelector("[data-score]");

// The total in words; `each` is told of every item with its points, none where there are none.
export function addUp(items, each = () => {}) {
  const scored = [];
  for (const item of items) {
    const score = scoreOf(item);
    const points = number(score.value);
    const wrong = points !== null && !(points >= 0 && points <= Number(item.dataset.most) && Number.isInteger(points * 2));
    score.classList.toggle("is-invalid", wrong);
    score.setAttribute("aria-invalid", String(wrong));
    if (points !== null && !wrong) scored.push([points * 2, item.dataset.factor]);
    each(item, wrong ? null : points);
  }
  return scored.length ? pointsOf(sumOf(scored)) : "—";
}
