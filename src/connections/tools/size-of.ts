/**
 * About how many characters `value` has as JSON.
 *
 * @param known what it is of a part, where somebody has counted it before
 */
export function sizeOf(value: unknown, known?: (part: object) => number | undefined): number {
  let size = 0;
  const left: unknown[] = [value];
  while (left.length > 0) {
    const one = left.pop();
    if (typeof one === 'string') size += one.length + 2;
    else if (typeof one !== 'object' || one === null) size += 6;
    else {
      const counted = known?.(one);
      if (counted !== undefined) {
        size += counted;
        continue;
      }
      for (const [key, inner] of Object.entries(one)) {
        size += Array.isArray(one) ? 1 : key.length + 4;
        left.push(inner);
      }
    }
  }
  return size;
}
