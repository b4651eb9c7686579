import { encode } from 'uqr';

/** A text as a code that a phone's camera reads. @param label what it is, for who does not see it */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { size, data } = encode(text, { ecc: 'M', border: 2 });
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    // Dark on light in either theme: cameras read no other.
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="size-56 rounded-lg border border-line"
    >
      <rect width={size} height={size} fill="#ffffff" />
      <path d={dark.join('')} fill="#111111" />
    </svg>
  );
}
