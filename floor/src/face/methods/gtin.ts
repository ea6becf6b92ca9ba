// Barcodes of garments: whether one can be a GTIN, and whether it belongs in this carton.

// A check digit by GS1, weights 3 and 1 from the right.
export function isGtin(code: string): boolean {
  if (!/^(\d{8}|\d{12}|\d{13})$/.test(code)) return false;
  const sum = [...code].reverse().reduce((total, digit, place) => total + Number(digit) * (place % 2 ? 3 : 1), 0);
  return sum % 10 === 0;
}

// Scanners read a UPC-A as the EAN-13 with a zero before it.
const sameGtin = (code: string): string => (code.length === 12 && isGtin(code) ? `0${code}` : code);

// Not among those of the order; or no possible GTIN where the order says none.
export function isStrange(code: string, known: readonly string[] | undefined): boolean {
  return known?.length ? !known.map(sameGtin).includes(sameGtin(code)) : /^\d{8,14}$/.test(code) && !isGtin(code);
}
