// Yuan and fen without floating point: everything is a BigInt of fen (or of hundredths).

// "￥1,600.50元" → 160050n; null when it is no number with at most two decimals.
export function hundredths(text) {
  const tidy = text.normalize("NFKC").replace(/[¥元,\s]/g, "");  // not shown: what people type
  if (!/^\d{1,12}(\.\d{1,2})?$/.test(tidy)) return null;
  const [whole, rest = ""] = tidy.split(".");
  return BigInt(whole) * 100n + BigInt(rest.padEnd(2, "0"));
}

// 160050n → "1600.50", 160000n → "1600": the way a person types it.
export function plain(fen) {
  const sign = fen < 0n ? "-" : "";
  const size = fen < 0n ? -fen : fen;
  const rest = size % 100n;
  return `${sign}${size / 100n}${rest ? `.${String(rest).padStart(2, "0")}` : ""}`;
}

// 160050n → "¥1,600.50": the way it is shown.
export function yuan(fen) {
  const size = fen < 0n ? -fen : fen;
  const whole = String(size / 100n).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${fen < 0n ? "\u2212" : ""}¥${whole}.${String(size % 100n).padStart(2, "0")}`;
}

// Unit price × quantity in fen; null when it is no whole fen.
export function product(unitPrice, quantity) {
  const raw = unitPrice * quantity;
  return raw % 100n === 0n ? raw / 100n : null;
}
